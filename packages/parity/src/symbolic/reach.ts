/** What proofs do where a term grows beyond what can be multiplied out, or has no form at all: they say nothing. */

/** The result, or undefined where a RangeError says that it is out of reach. */
export function withinReach<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (e) {
    if (e instanceof RangeError) return undefined;
    throw e;
  }
}
