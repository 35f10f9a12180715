/** Answers of the `eval` protocol, and their text. */
import { constants } from "node:buffer";
import { decoder, type ErrorCode, type Tensor, type TypedArray } from "@isoloss/core";

/** What a request is answered with. */
export type Answer =
  | {
      readonly id: string;
      readonly value: Tensor;
      readonly grads: Readonly<Record<string, Tensor>>;
      readonly warnings?: readonly string[];
    }
  | {
      readonly id: string | null;
      /** The number of the line, where it was no request. */
      readonly line?: number;
      readonly error: { readonly code: ErrorCode; readonly message: string };
    };

/** An element as what JSON has for it: integers beyond 2⁵³, NaN and the infinities are strings. */
function elementOf(x: number | bigint): number | string {
  if (typeof x === "number") return Number.isFinite(x) ? x : String(x);
  return Number.isSafeInteger(Number(x)) ? Number(x) : String(x);
}

/** Elements are written in pieces of this many: what an array needs besides its text stays small. */
const PIECE = 1 << 13;

/** The elements from `start`, separated by commas, as JSON that reads back as the same numbers; −0 keeps its sign. */
function pieceText({ dtype, data }: Tensor, start: number): string {
  const decode = decoder(dtype);
  const elements: (number | string | boolean)[] = [];
  let hasNegativeZero = false;
  const end = Math.min(start + PIECE, data.length);
  for (let i = start; i < end; i++) {
    const x = (data as TypedArray)[i] as number | bigint;
    if (dtype === "bool") elements.push(x !== 0);
    else {
      const element = elementOf(typeof x === "number" ? decode(x) : x);
      hasNegativeZero ||= Object.is(element, -0);
      elements.push(element);
    }
  }
  if (hasNegativeZero) return elements.map((x) => (Object.is(x, -0) ? "-0.0" : JSON.stringify(x))).join(",");
  return JSON.stringify(elements).slice(1, -1);
}

/** The JSON of a tensor. Halves are written as the numbers that they stand for. Throws a RangeError where no string holds it. */
export function tensorText(tensor: Tensor): string {
  const { dtype, shape, data } = tensor;
  if (!ArrayBuffer.isView(data)) throw new TypeError("a tensor of an answer is in reach of the program");
  if (2 * data.length > constants.MAX_STRING_LENGTH) throw new RangeError(`${data.length} elements`);
  let text = "";
  for (let i = 0; i < data.length; i += PIECE) text += (i === 0 ? "" : ",") + pieceText(tensor, i);
  return `{"dtype":"${dtype}","shape":[${shape.join(",")}],"data":[${text}]}`;
}

/** The line of an answer, without its end. */
export function answerText(answer: Answer): string {
  if ("error" in answer) return JSON.stringify(answer);
  const grads = Object.entries(answer.grads).map(([name, g]) => `${JSON.stringify(name)}:${tensorText(g)}`);
  const warnings = answer.warnings?.length ? `,"warnings":${JSON.stringify(answer.warnings)}` : "";
  return `{"id":${JSON.stringify(answer.id)},"value":${tensorText(answer.value)},"grads":{${grads.join(",")}}${warnings}}`;
}
