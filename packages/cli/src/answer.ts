/** Answers of the `eval` protocol, and their text. */
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

/** A number as JSON that reads back as the same number; −0 keeps its sign. */
function numeral(x: number): string {
  if (x === 0) return Object.is(x, -0) ? "-0.0" : "0";
  return Number.isFinite(x) ? String(x) : `"${x}"`;
}
const integer = (x: bigint): string =>
  x > BigInt(Number.MAX_SAFE_INTEGER) || x < BigInt(Number.MIN_SAFE_INTEGER) ? `"${x}"` : `${x}`;

/** The JSON of a tensor. Half-precision elements are written as the numbers that they stand for. */
export function tensorText({ dtype, shape, data }: Tensor): string {
  if (!ArrayBuffer.isView(data)) throw new TypeError("a tensor of an answer is in reach of the program");
  const decode = decoder(dtype);
  const out: string[] = new Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = (data as TypedArray)[i] as number | bigint;
    if (typeof x === "bigint") out[i] = integer(x);
    else if (dtype === "bool") out[i] = x !== 0 ? "true" : "false";
    else out[i] = numeral(decode(x));
  }
  return `{"dtype":"${dtype}","shape":[${shape.join(",")}],"data":[${out.join(",")}]}`;
}

/** The line of an answer, without its end. */
export function answerText(answer: Answer): string {
  if ("error" in answer) return JSON.stringify(answer);
  const grads = Object.entries(answer.grads).map(([name, g]) => `${JSON.stringify(name)}:${tensorText(g)}`);
  const warnings = answer.warnings?.length ? `,"warnings":${JSON.stringify(answer.warnings)}` : "";
  return `{"id":${JSON.stringify(answer.id)},"value":${tensorText(answer.value)},"grads":{${grads.join(",")}}${warnings}}`;
}
