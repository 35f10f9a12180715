/** `combine`: several losses as one weighted sum, with one backward. */
import {
  add,
  broadcastDims,
  type Calls,
  type Contract,
  defineLoss,
  type Eventually,
  type FloatPort,
  floats,
  functionOf,
  LossError,
  type Mode,
  mul,
  type Node,
  type Part,
  promotedFloat,
  type Style,
  type TensorLike,
  trailing,
} from "@isoloss/core";
import { forwardOf } from "./surface-forward.ts";
import type { Tensor } from "./tensor.ts";

/** Adds losses, each with its weight: `total({ ce, kl })` is a tensor whose `backward` runs through all of them. */
export interface Combination<M extends Mode, K extends string> extends Calls<M> {
  (losses: { readonly [P in K]: TensorLike }): Eventually<M, Tensor<M>>;
  /** Compiles for losses like these, without running. */
  prepare(losses: { readonly [P in K]: TensorLike }): Eventually<M, void>;
  /** The weights by name. */
  readonly weights: { readonly [P in K]: number };
  readonly types?: { readonly inputs: readonly [{ readonly [P in K]: TensorLike }]; readonly gradients: K };
}
export type Combine<M extends Mode> = <const W extends Readonly<Record<string, number>>>(
  weights: W,
) => Combination<M, keyof W & string>;

/** Σ wᵢ·ℓᵢ, in order; each product and each sum rounded as PyTorch rounds `w * loss` and `+`. */
const weightedSum = (weights: Readonly<Record<string, number>>) =>
  defineLoss<Readonly<Record<string, FloatPort>>, Readonly<Record<string, number>>>({
    name: "combination",
    inputs: Object.fromEntries(Object.keys(weights).map((name) => [name, floats()])),
    options: weights,
    build: (losses, options) => ({
      loss: Object.keys(weights)
        .map((name) => mul(losses[name] as Node, options[name] as number))
        .reduce((sum, term) => add(sum, term)),
    }),
  });

function contractOf(weights: Readonly<Record<string, number>>): Contract {
  const names = Object.keys(weights);
  const loss = weightedSum(weights);
  return {
    inputs: Object.fromEntries(names.map((name) => [name, { port: name }])),
    options: {},
    refuses: {},
    layout({ inputs }) {
      const ports = Object.fromEntries(names.map((name) => [name, trailing(inputs[name]?.shape ?? [])]));
      return { ports, value: broadcastDims(...Object.values(ports)) };
    },
    dtypes(call) {
      const dtype = promotedFloat(call, loss.inputs);
      return { compute: dtype, result: dtype };
    },
    gradient: { of: names, refuses: {} },
    define: () => ({ loss }),
    reduction: () => ({ kind: "none", rule: { by: "count", whenZero: "nan" } }),
  };
}

function check(weights: Readonly<Record<string, number>>): void {
  const names = Object.keys(weights);
  if (names.length === 0) throw new LossError("option", "combine takes a weight for each loss, got none");
  for (const name of names) {
    if (typeof weights[name] !== "number")
      throw new LossError("option", `combine: the weight of '${name}' must be a number, got ${String(weights[name])}`);
    if (name === "data" || name === "dataSync")
      throw new LossError("option", `combine: no loss may be named '${name}', which is a word of tensors`);
  }
}

const combineIn =
  <M extends Mode>(style: Style<M>): Combine<M> =>
  (weights) => {
    check(weights);
    const held: Readonly<Record<string, number>> = Object.freeze({ ...weights });
    const entry = { entry: "combination", contract: contractOf(held), as: "class" as const, hint: () => "" };
    const total = functionOf({ ...style, isPrediction: () => true }, entry, "combine", (callable) => {
      const { run, prepare } = forwardOf(style.engine, callable);
      type Losses = Readonly<Record<string, TensorLike>>;
      return {
        call: (losses: Losses) => run([losses]),
        methods: { prepare: (losses: Losses) => prepare([losses]), weights: held },
      };
    });
    return total as never;
  };

/** `combine`, as an entry of `createTorchWith`. */
export const combine: Part = { as: "part", in: combineIn };
