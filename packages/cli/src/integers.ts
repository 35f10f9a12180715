/** JSON in which 1 is not 1.0: what Python reads as an int is a BigInt, for the options of a loss that tells the two apart. */

/** A string, or a number: what a number looks like inside a string is passed over with it. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const INTEGER = /^-?\d+$/;
/** What an integer is written as while it is parsed: a string that no other is likely to be. */
const MARK = "\u0000int:";
const MARKED = new RegExp(`^${MARK}(-?\\d+)$`);

function withIntegers(x: unknown): unknown {
  if (typeof x === "string") {
    const digits = MARKED.exec(x)?.[1];
    return digits ? BigInt(digits) : x;
  }
  if (Array.isArray(x)) return x.map(withIntegers);
  if (typeof x !== "object" || x === null) return x;
  return Object.fromEntries(Object.entries(x).map(([key, inner]) => [key, withIntegers(inner)]));
}

/**
 * The part of a JSON text that `choose` takes from it, its integer literals as BigInts. The text may be nested deeper than
 * the stack, that part may not. Node's JSON.parse shows no literals before version 21.
 */
export function parseWithIntegers(text: string, choose: (json: unknown) => unknown = (json) => json): unknown {
  return withIntegers(
    choose(JSON.parse(text.replace(TOKEN, (token) => (INTEGER.test(token) ? JSON.stringify(MARK + token) : token)))),
  );
}
