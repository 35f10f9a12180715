/** The cold half of a call: from a contract and a signature to a program, and to what is to be done with the data of each call. */
import { align, sameShape, shapeOf, showShape } from "./align.ts";
import type { BackendBuffer, Feed } from "./backend.ts";
import {
  type Call,
  type CallDTypes,
  type Contract,
  isTensor,
  refuse,
  type ValueRefusal,
  valueRefusals,
} from "./contract.ts";
import { type DType, type FloatDType, fromNumbers, isFloat, storage, type TypedArray, toNumbers } from "./dtype.ts";
import { LossError, UnsupportedError } from "./errors.ts";
import { grad } from "./grad.ts";
import type { AnyLoss, LabelPort, LossOptions, LossPorts, Terms } from "./loss.ts";
import { type Axis, isOuter, type Node } from "./node.ts";
import { cast, constant, expand, input, mean } from "./ops.ts";
import { reduce } from "./reduce.ts";
import type { Tensor, TensorType } from "./tensor.ts";

/** What a caller wants of a call. */
export interface Wanted {
  readonly value: boolean;
  /** A gradient flows in, of this type; without it, ones. */
  readonly upstream?: TensorType;
}

/** One tensor of the call as a feed of the program. */
export interface Source {
  readonly name: string;
  /** Brings the data into the leaf's storage; the identity where it is there already. */
  convert(data: Feed): Feed;
  /** Class indices: their range, in which every label must lie but `except`. */
  readonly labels?: { readonly extent: number; readonly except: number | undefined };
}

/** All that a signature decides. */
export interface Plan {
  /** The value first, where it is wanted, then the gradients, in the order of `gradients`. */
  readonly outputs: readonly Node[];
  /** One order of the axes, and the size of each. */
  readonly axes: readonly Axis[];
  readonly extents: ReadonlyMap<Axis, number>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly value: TensorType | undefined;
  readonly gradients: readonly (TensorType & { readonly name: string })[];
  readonly refusals: readonly ValueRefusal[];
  readonly warnings: readonly string[];
}

export const UPSTREAM = "upstream";
/** What stands for an exempt index that int32 cannot hold, and for any other number that it cannot: no class has either. */
const EXEMPT = -2147483648;
const BEYOND = -2147483647;
/** Whether indices are floats when they are compared with the exempt one, so that 1.5 is not 1. */
const asFloats = (type: TensorType, through: DType | undefined): boolean =>
  through !== undefined && isFloat(type.dtype) && isFloat(through);
const fits = (x: number): boolean => x > BEYOND && x <= 2147483647;

/** Up to where a float type holds every integer. */
const exactUpTo: Readonly<Record<FloatDType, number>> = {
  float64: 2 ** 53,
  float32: 2 ** 24,
  float16: 2 ** 11,
  bfloat16: 2 ** 8,
};
/** The int32 that integers are already, or that 64-bit ones hold in their low halves; undefined where one is larger than `limit`. */
function smallIntegers(data: ArrayBufferView, limit: number): Int32Array | undefined {
  const most = Math.min(limit, -BEYOND - 1);
  if (data instanceof Int32Array) {
    for (let i = 0; i < data.length; i++) if (Math.abs(data[i] as number) > most) return undefined;
    return data;
  }
  if (!(data instanceof BigInt64Array)) return undefined;
  const halves = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const low = lowHalf;
  const out = new Int32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = halves[2 * i + low] as number;
    if (halves[2 * i + 1 - low] !== x >> 31 || Math.abs(x) > most) return undefined;
    out[i] = x;
  }
  return out;
}
/** Where the low half of a 64-bit integer lies on this machine. */
const lowHalf = new Int32Array(BigInt64Array.of(1n).buffer)[0] === 1 ? 0 : 1;

/** The data of a feed where JavaScript can read it. What it cannot must have the leaf's type already. */
function readable(feed: Feed, leaf: DType): TypedArray | undefined {
  const data = ArrayBuffer.isView(feed) ? feed : feed.data;
  if (data === undefined && (feed as BackendBuffer).dtype !== leaf)
    throw new UnsupportedError(
      `a ${(feed as BackendBuffer).dtype} buffer of ${(feed as BackendBuffer).backend} is needed as ${leaf} here: give it as ${leaf}`,
    );
  return data;
}

/** Class indices as int32. `through`: a float type that the framework casts them to first, and in which it looks for the exempt one. */
function toIndices(type: TensorType, through: FloatDType | undefined, except: number | undefined): Source["convert"] {
  const isExact = asFloats(type, through);
  const narrow = (x: number): number =>
    fits(x) && !(isExact && x === except) ? Math.trunc(x) : x === except ? EXEMPT : BEYOND;
  return (feed) => {
    const data = readable(feed, "int32");
    if (data === undefined || (data instanceof Int32Array && through === undefined)) return feed;
    const small = isExact ? undefined : smallIntegers(data, through === undefined ? Infinity : exactUpTo[through]);
    if (small) return small;
    const numbers = data instanceof Int32Array ? data : toNumbers(data, type.dtype);
    const rounded = through === undefined ? numbers : toNumbers(fromNumbers(numbers, through), through);
    return Int32Array.from(rounded as Float64Array, narrow);
  };
}
/** Integers as the type that they are computed in. */
const toDType =
  (from: DType, to: DType): Source["convert"] =>
  (feed) => {
    const data = readable(feed, to);
    if (data === undefined || (from === to && data instanceof storage[to])) return feed;
    return fromNumbers(data instanceof Int32Array ? data : toNumbers(data, from), to);
  };

interface Leaf {
  readonly node: Node;
  readonly port: Node;
  readonly source: Source;
}

function leafOf(name: string, type: TensorType, axes: readonly Axis[], to: DType): Leaf {
  // An integer goes straight to the type it is computed in; a float stays as given, so that its gradient has its type.
  const own = isFloat(type.dtype) ? type.dtype : to;
  const node = input(name, axes, own);
  return { node, port: cast(node, to), source: { name, convert: toDType(type.dtype, own) } };
}

/** Class indices: int32 inside, whatever they come as. */
function indicesOf(
  name: string,
  type: TensorType,
  axes: readonly Axis[],
  through: DType,
  spec: LabelPort,
  context: Range,
): Leaf {
  const except = spec.except === undefined ? undefined : context.options[spec.except];
  const exempt = typeof except === "number" ? except : undefined;
  const node = input(name, axes, "int32");
  const convert = toIndices(type, isFloat(through) ? through : undefined, exempt);
  const labels = {
    extent: context.extents.get(spec.axis) ?? 1,
    except: exempt === undefined ? undefined : exemptIndex(exempt, asFloats(type, through)),
  };
  return { node, port: node, source: { name, convert, labels } };
}
interface Range {
  readonly extents: ReadonlyMap<Axis, number>;
  readonly options: LossOptions;
}
/** An exempt value as the int32 that its indices become; one that no index can be equals none. */
const exemptIndex = (x: number, isExact: boolean): number => (fits(x) && Number.isInteger(x) && !isExact ? x : EXEMPT);

interface DefinitionOfCall {
  readonly loss: AnyLoss;
  readonly options: LossOptions;
  readonly raw: LossOptions;
}
/** The definition of a call, its options complete; exempt indices among them as the int32 that they are compared with. */
function definitionOf(contract: Contract, call: Call, of: CallDTypes["of"] = {}): DefinitionOfCall {
  const { loss, options } = contract.define(call);
  const raw: LossOptions = { ...loss.options, ...options };
  const exempt = Object.entries(loss.inputs as LossPorts).flatMap(([port, spec]) => {
    const name = spec.kind === "labels" ? spec.except : undefined;
    const value = name === undefined ? undefined : raw[name];
    const type = Object.entries(call.inputs).find(([input]) => contract.inputs[input]?.port === port)?.[1];
    if (typeof value !== "number" || !type) return [];
    return [[name as string, exemptIndex(value, asFloats(type, of[port]))] as const];
  });
  return { loss, raw, options: { ...raw, ...Object.fromEntries(exempt) } };
}

/** All tensors of a call by name: the inputs, and the options that hold one. */
function tensorsOf(call: Call): Map<string, TensorType> {
  const tensors = new Map<string, TensorType>(Object.entries(call.inputs));
  for (const [name, value] of Object.entries(call.options)) if (isTensor(value)) tensors.set(name, value);
  return tensors;
}

const castTerms = (terms: Terms, to: DType): Terms => ({
  ...terms,
  loss: cast(terms.loss, to),
  denominators: Object.fromEntries(Object.entries(terms.denominators ?? {}).map(([k, d]) => [k, cast(d, to)])),
});

/** The definition's terms, averaged over the named axes where the contract says so, in the type of weighting. */
function termsOf(contract: Contract, call: Call, ports: Readonly<Record<string, Node>>, context: TermsContext): Terms {
  const { loss, options } = context.definition;
  const own = Object.fromEntries(Object.keys(loss.inputs).map((port) => [port, ports[port]]));
  let terms: Terms = loss.build(own, options);
  if (contract.mean)
    terms = { ...terms, loss: mean(cast(terms.loss, context.mean ?? terms.loss.dtype), ...context.named) };
  terms = castTerms(terms, context.tail);
  return contract.after ? contract.after(terms, ports, { axes: context.axes, call }) : terms;
}
interface TermsContext {
  readonly definition: { readonly loss: AnyLoss; readonly options: LossOptions };
  readonly axes: Readonly<Record<string, readonly Axis[]>>;
  readonly named: readonly Axis[];
  readonly mean: DType | undefined;
  readonly tail: DType;
}

/** Plans a call. Throws the framework's refusals of its signature. */
export function planCall(contract: Contract, call: Call, wanted: Wanted): Plan {
  refuse(contract.refuses, call);
  const layout = contract.layout(call);
  const { compute, mean: meanIn, tail = compute, result, of = {} } = contract.dtypes(call);
  const definition = definitionOf(contract, call, of);
  const specs: LossPorts = definition.loss.inputs;
  const { axes, extents } = align({ ...layout.ports, "": layout.value });
  const order = axes[""] as readonly Axis[];

  const leaves = new Map<string, Leaf>();
  const ports: Record<string, Node> = {};
  for (const [name, type] of tensorsOf(call)) {
    const port = (contract.inputs[name] ?? contract.options[name])?.port ?? name;
    const on = axes[port];
    if (!on) continue;
    const spec = specs[port];
    const leaf =
      spec?.kind === "labels"
        ? indicesOf(name, type, on, of[port] ?? "int32", spec, { extents, options: definition.raw })
        : leafOf(name, type, on, of[port] ?? compute);
    leaves.set(name, leaf);
    ports[port] = leaf.port;
  }

  const named = [
    ...new Set(
      Object.values(layout.ports)
        .flat()
        .map((d) => d.axis),
    ),
  ].filter((a) => !isOuter(a));
  const terms = termsOf(contract, call, ports, { definition, axes, named, mean: meanIn, tail });
  const { kind, rule } = contract.reduction(call, layout);
  const value = cast(reduce(terms, kind, order, rule), result);
  const shape = kind === "none" ? (layout.shape ?? shapeOf(layout.value)) : [];
  const seedAxes = kind === "none" ? order : [];

  const seed = seedOf(wanted.upstream, shape, seedAxes, value.dtype);
  if (call.gradients.length) refuse(contract.gradient.refuses, call);
  const differentiated = call.gradients.filter(
    (n) => contract.gradient.of.includes(n) && isDifferentiable(leaves.get(n), (call.inputs[n] as TensorType).dtype),
  );
  const wrt = differentiated.map((n) => (leaves.get(n) as Leaf).node);
  const grads = wrt.length && isFloat(value.dtype) ? grad(value, wrt, expand(seed.node, value.axes)) : [];
  const sources = new Map([...leaves].map(([name, leaf]) => [name, leaf.source]));
  if (seed.source) sources.set(UPSTREAM, seed.source);
  return {
    outputs: [...(wanted.value ? [value] : []), ...grads],
    axes: order,
    extents,
    sources,
    value: wanted.value ? { dtype: result, shape } : undefined,
    gradients: grads.map((_, i) => {
      const name = differentiated[i] as string;
      const { dtype, shape: own } = call.inputs[name] as TensorType;
      return { name, dtype, shape: own };
    }),
    refusals: [
      ...valueRefusals(contract.refuses),
      ...(call.gradients.length ? valueRefusals(contract.gradient.refuses) : []),
    ],
    warnings: warningsOf(contract, call),
  };
}

/** Gradients flow to floats, and through floats. */
const isDifferentiable = (leaf: Leaf | undefined, dtype: DType): boolean =>
  leaf !== undefined && isFloat(dtype) && isFloat(leaf.port.dtype);

const warningsOf = (contract: Contract, call: Call): string[] =>
  Object.values(contract.warnings ?? {}).flatMap((w) => w?.(call) || []);

function seedOf(
  upstream: TensorType | undefined,
  shape: readonly number[],
  axes: readonly Axis[],
  dtype: DType,
): { node: Node; source?: Source } {
  if (!upstream) return { node: constant(1, dtype) };
  if (!sameShape(upstream.shape, shape))
    throw new LossError(
      "shape",
      `the upstream gradient has shape ${showShape(upstream.shape)}, the value has shape ${showShape(shape)}`,
    );
  return {
    node: input(UPSTREAM, axes, dtype),
    source: { name: UPSTREAM, convert: toDType(upstream.dtype, dtype) },
  };
}

/** Refuses a class index outside its range. Indices are the leaf's int32; `original` says what the caller wrote. */
export function checkLabels(source: Source, indices: Feed, original: Tensor): void {
  const data = source.labels && (ArrayBuffer.isView(indices) ? indices : indices.data);
  if (!source.labels || !(data instanceof Int32Array)) return;
  const { extent, except } = source.labels;
  for (let i = 0; i < data.length; i++) {
    const t = data[i] as number;
    if ((t >= 0 && t < extent) || t === except) continue;
    const given = ArrayBuffer.isView(original.data)
      ? toNumbers(original.data.subarray(i, i + 1) as TypedArray, original.dtype)[0]
      : t;
    throw new LossError(
      "index-out-of-range",
      `${source.name}: class index ${given} at element ${i} is outside [0, ${extent})`,
    );
  }
}
