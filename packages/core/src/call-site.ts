/** Where the calls of one entry go through: what goes in and comes out, and the plans of the last signatures. */
import type { Eventually, Feed, Mode } from "./backend.ts";
import { type Call, type Contract, isTensor, type Options, type OptionValue } from "./contract.ts";
import { type Engine, settled } from "./engine.ts";
import { Lru } from "./lru.ts";
import type { Plan } from "./plan.ts";
import type { Program } from "./program.ts";
import { createSettledCall } from "./settled-call.ts";
import type { Tensor, TensorType } from "./tensor.ts";
import type { TensorValue } from "./tensor-value.ts";

/** What comes out of a call. */
export interface Result {
  readonly value: TensorValue | undefined;
  readonly grads: Readonly<Record<string, TensorValue>>;
  readonly warnings: readonly string[];
}

/** What goes into one. */
export interface Request {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly options: Options;
  /** The inputs to differentiate. */
  readonly gradients: readonly string[];
  readonly upstream?: Tensor | undefined;
  /** Whether the value is wanted; true unless said otherwise. */
  readonly value?: boolean;
  /** Arrays that gradients are written to, by input. */
  readonly out?: Readonly<Record<string, Feed>> | undefined;
  /** "gpu": the backend keeps the other gradients where its kernels run. */
  readonly output?: "gpu" | undefined;
}

/** A call whose signature is settled: what remains is data. */
export interface SettledCall<M extends Mode> {
  readonly plan: Plan;
  readonly program: Program;
  /** Sizes of the program's axes. */
  readonly extents: readonly number[];
  /** Runs a request that has this call's signature, which is not looked at again. */
  run(request: Request): Eventually<M, Result>;
  /** The same, where the caller makes refusals rejections. */
  start(request: Request): Result | Promise<Result>;
  /** Compiles without running. */
  prepare(): Eventually<M, void>;
  /** Why it is refused, which running it throws after what its data shows: for its size, or its gradients; `plan` is that of its value then. */
  readonly refusal?: unknown;
}

/** Where calls of one entry go through. It remembers the plans of its last signatures. */
export interface CallSite<M extends Mode> {
  run(request: Request): Eventually<M, Result>;
  /** Plans and compiles without running. */
  prepare(request: Request): Eventually<M, void>;
  /** The plan of a call. Throws the framework's refusals of its signature, but for those of its gradients. */
  settle(request: Request): SettledCall<M>;
}

const typeText = (type: TensorType | undefined): string =>
  type ? `${type.dtype}[${type.shape}]${type.weak ?? ""}` : "";
function optionText(value: OptionValue): string {
  if (isTensor(value)) return typeText(value);
  if (Array.isArray(value)) return `[${value.map(optionText)}]`;
  return typeof value === "string" ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
}
/** All that a plan depends on: calls of one entry with equal signatures share one. */
const signatureOf = ({ inputs, options, gradients, upstream, value = true }: Request): string =>
  [
    value,
    typeText(upstream),
    gradients,
    ...Object.entries(inputs).map(([name, tensor]) => name + typeText(tensor)),
    ...Object.entries(options).map(([name, option]) => `${name}=${optionText(option)}`),
  ].join(";");

/** `signatures`: how many plans to keep. */
export function createCallSite<M extends Mode>(
  engine: Engine<M>,
  contract: Contract,
  as: Call["as"],
  { signatures = 8 } = {},
): CallSite<M> {
  const recent = new Lru<string, SettledCall<M>>(signatures);
  const settle = (request: Request): SettledCall<M> => {
    const signature = signatureOf(request);
    return recent.get(signature) ?? recent.set(signature, createSettledCall(engine, contract, as, request));
  };
  return {
    settle,
    run: (request) => settled(engine, () => settle(request).start(request)),
    prepare: (request) => settled(engine, () => settle(request).prepare() as void | Promise<void>),
  };
}
