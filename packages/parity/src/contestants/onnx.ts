/** An `.onnx` file as a contestant: its output `loss`, or the first, is the value; its inputs meet the systems' by name or role. */
import { type DType, fromNumbers, isDType, LossError, type TypedArray, toNumbers } from "@isoloss/core";
import type { Outcome, Tensors } from "../evaluate.ts";
import type { Values } from "../tensor-expression.ts";
import { type Contestant, roleOf, sameRole } from "./contestant.ts";

/** What is used of ONNX Runtime; it is handed in. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(path: Uint8Array): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OnnxTensor;
}
interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}
interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata?: readonly { readonly name: string; readonly type?: string }[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release?(): Promise<void>;
}

const valuesOf = (t: OnnxTensor): Values => {
  const dtype: DType = isDType(t.type) ? t.type : "float32";
  return { dtype, shape: t.dims, data: [...toNumbers(t.data as TypedArray, dtype)] };
};

/** Outputs that are gradients say so in their name: `grad_input`, `input_grad`, `d_input`, `grad.input`. */
const gradientOf = (output: string): string | undefined =>
  /^(?:grad|gradient|d)[_./](.+)$/.exec(output)?.[1] ?? /^(.+)[_./](?:grad|gradient)$/.exec(output)?.[1];

/** A model as a contestant. */
export async function onnxContestant(path: string, model: Uint8Array, ort: OnnxRuntime): Promise<Contestant> {
  let session: OnnxSession;
  try {
    session = await ort.InferenceSession.create(model);
  } catch (e) {
    throw new LossError(
      "request",
      `${path} is no model that ONNX Runtime takes: ${(e as Error).message.split("\n")[0]}`,
    );
  }
  const typeOf = (name: string): string | undefined => session.inputMetadata?.find((m) => m.name === name)?.type;
  return {
    name: path,
    async answer(tensors: Tensors, wanted: readonly string[]): Promise<Outcome> {
      const names = Object.keys(tensors);
      const feeds: Record<string, OnnxTensor> = {};
      for (const input of session.inputNames) {
        const own = sameRole(input, names);
        if (own === undefined) return { refusal: new LossError("missing", `${path} has an input '${input}'`) };
        const t = tensors[own] as Values;
        const type = typeOf(input) ?? t.dtype;
        feeds[input] = new ort.Tensor(type, fromNumbers(t.data, isDType(type) ? type : t.dtype), t.shape);
      }
      try {
        const outputs = await session.run(feeds);
        const first = session.outputNames.find((o) => o === "loss") ?? session.outputNames[0];

        const grads = session.outputNames.flatMap((o) => {
          const of = gradientOf(o);
          const name = of === undefined ? undefined : wanted.find((w) => roleOf(w) === roleOf(of));
          return name === undefined ? [] : [[name, valuesOf(outputs[o] as OnnxTensor)] as const];
        });
        return { value: valuesOf(outputs[first as string] as OnnxTensor), grads: Object.fromEntries(grads) };
      } catch (e) {
        return { refusal: new LossError("shape", (e as Error).message.split("\n")[0] as string) };
      }
    },
    dispose: () => session.release?.(),
  };
}
