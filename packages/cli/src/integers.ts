/** JSON in which 1 is not 1.0: what Python reads as an int is a BigInt, for the options of a loss that tells the two apart. */

/** A string, or a number: what a number looks like inside a string is passed over with it. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const INTEGER = /^-?\d+$/;
/** What an integer is written as while it is parsed: a string that no other is likely to be. */
const MARK = "\u0000int:";
const MARKED = new RegExp(`^${MARK}(-?\\d+)$`);

/** The value of a JSON text, its integer literals as BigInts. Node's JSON.parse shows no literals before version 21. */
export function parseWithIntegers(text: string): unknown {
  const marked = text.replace(TOKEN, (token) => (INTEGER.test(token) ? JSON.stringify(MARK + token) : token));
  return JSON.parse(marked, (_, value) => {
    const digits = typeof value === "string" && MARKED.exec(value)?.[1];
    return digits ? BigInt(digits) : value;
  });
}
