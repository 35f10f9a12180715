/**
 * When what one sweep hands to the next is computed: as late as its users allow, so that a value's sum shares the sweep of the
 * gradient. For values of the compiler and nodes of the JavaScript engine alike.
 */

/** `T`: values in order, operands first. */
export interface Turns<T> {
  /** The number of turns. */
  readonly count: number;
  /** In which turn a crossing value is computed. */
  readonly turn: ReadonlyMap<T, number>;
  /** After how many turns a value is there or can be computed. */
  readonly ready: ReadonlyMap<T, number>;
}

/** `crosses`: values that one sweep hands to the next. `inLast`: outputs that the last sweep writes. */
export function turnsOf<T extends { readonly args: readonly T[] }>(
  order: readonly T[],
  outputs: readonly T[],
  crosses: (v: T) => boolean,
  inLast: (output: number) => boolean,
): Turns<T> {
  /** A number for each value, from the largest of its operands. */
  const along = (next: (v: T, below: number) => number): Map<T, number> => {
    const known = new Map<T, number>();
    for (const v of order) known.set(v, next(v, Math.max(0, ...v.args.map((a) => known.get(a) as number))));
    return known;
  };
  const after = along((v, below) => below + (crosses(v) ? 1 : 0));
  const stored = outputs.filter((_, i) => inLast(i));
  const count = Math.max(0, ...after.values(), ...stored.map((v) => (after.get(v) as number) + 1));

  const deadline = new Map<T, number>();
  const limit = (v: T, d: number): void => void deadline.set(v, Math.min(deadline.get(v) ?? d, d));
  outputs.forEach((o, i) => {
    limit(o, inLast(i) ? count - 1 : count);
  });
  const turn = new Map<T, number>();
  for (const v of [...order].reverse()) {
    let d = deadline.get(v) as number;
    if (crosses(v)) turn.set(v, --d);
    for (const a of v.args) limit(a, d);
  }

  const ready = along((v, below) => (turn.get(v) ?? below - 1) + 1);
  return { count, turn, ready };
}
