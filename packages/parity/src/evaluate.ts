/** Runs a loss call of this project on plain numbers, on the reference or on any backend. */
import { createCpuBackend } from "@isoloss/backend-cpu";
import {
  andThen,
  type Backend,
  type CallSite,
  createCallSite,
  createEngine,
  fromNumbers,
  isLossError,
  LossError,
  type Mode,
  type Result,
  type Tensor,
  type TypedArray,
  toNumbers,
} from "@isoloss/core";

import type { LossCall } from "./system.ts";
import type { Values } from "./tensor-expression.ts";

export type Tensors = Readonly<Record<string, Values>>;

/** What a call gives: its value and gradients, or the refusal. */
export type Outcome =
  | { readonly value: Values; readonly grads: Tensors; readonly refusal?: undefined }
  | { readonly refusal: LossError };

export const toTensorOf = (v: Values): Tensor => ({
  dtype: v.dtype,
  shape: v.shape,
  data: fromNumbers(v.data, v.dtype),
});
export const toValues = (t: Tensor): Values => ({
  dtype: t.dtype,
  shape: t.shape,
  data: [...toNumbers(t.data as TypedArray, t.dtype)],
});

/** Evaluates calls, and keeps what it has compiled. */
export interface CallEvaluator {
  /** `tensors`: the inputs, and the tensors of options that the call leaves open. */
  run(call: LossCall, tensors: Tensors, gradients?: readonly string[]): Outcome | Promise<Outcome>;
}

const outcomeOf = (result: Result): Outcome => ({
  value: toValues(result.value as Tensor),
  grads: Object.fromEntries(Object.entries(result.grads).map(([name, g]) => [name, toValues(g)])),
});
const refused = (e: unknown): Outcome => {
  if (isLossError(e)) return { refusal: e };
  throw e;
};

/** An evaluator on a backend. */
export function createEvaluator<M extends Mode>(backend: Backend<M>): CallEvaluator {
  const engine = createEngine(backend, { kernels: 4096 });
  // class and function may share one record
  const sites = {
    class: new WeakMap<LossCall["contract"], CallSite<M>>(),
    function: new WeakMap<LossCall["contract"], CallSite<M>>(),
  };
  const siteOf = (call: LossCall): CallSite<M> => {
    const known = sites[call.as].get(call.contract);
    if (known) return known;
    const made = createCallSite(engine, call.contract, call.as);
    sites[call.as].set(call.contract, made);
    return made;
  };
  return {
    run(call, tensors, gradients = []) {
      const inputs = Object.fromEntries(
        Object.keys(call.contract.inputs).flatMap((n) => (tensors[n] ? [[n, toTensorOf(tensors[n])] as const] : [])),
      );
      const open = Object.fromEntries(
        call.open.flatMap((n) => (tensors[n] ? [[n, toTensorOf(tensors[n])] as const] : [])),
      );
      if (Object.keys(open).length < call.open.length)
        return { refusal: new LossError("missing", `no tensor for the option ${call.open.find((n) => !open[n])}`) };
      try {
        const options = call.open.length ? { ...call.options, ...open } : call.options;
        const result = siteOf(call).run({ inputs, options, gradients }) as Result | Promise<Result>;
        const outcome = andThen(result, outcomeOf);
        return outcome instanceof Promise ? outcome.catch(refused) : outcome;
      } catch (e) {
        return refused(e);
      }
    },
  };
}

/** On the CPU without WebAssembly: what the reference interpreter computes, to the bit but for exp and log, and faster. */
export function createReferenceEvaluator(): {
  run(call: LossCall, tensors: Tensors, gradients?: readonly string[]): Outcome;
} {
  return createEvaluator(createCpuBackend({ engine: "js" })) as ReturnType<typeof createReferenceEvaluator>;
}
