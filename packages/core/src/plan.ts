/** The cold half of a call: from a contract and a signature to a program, and to what is to be done with the data of each call. */
import { align, sameShape, shapeOf, showShape } from "./align.ts";
import type { BackendBuffer, Feed } from "./backend.ts";
import {
  type Call,
  type Contract,
  isTensor,
  type OptionValue,
  refuse,
  type ValueRefusal,
  valueRefusals,
} from "./contract.ts";
import { type DType, type FloatDType, fromNumbers, isFloat, storage, type TypedArray, toNumbers } from "./dtype.ts";
import { LossError, UnsupportedError } from "./errors.ts";
import { grad } from "./grad.ts";
import type { LossOptions, LossPorts, Terms } from "./loss.ts";
import { type Axis, isOuter, type Node } from "./node.ts";
import { cast, constant, count, eq, expand, input, mean, where } from "./ops.ts";
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

/** How a call's class indices become int32, and the one among them that is exempt from their range. */
interface Indices {
  readonly convert: Source["convert"];
  /** An exempt value as the int32 that such indices become; one that no index can be equals none. */
  readonly exempt: number | undefined;
}
/** `through`: the type that the framework casts indices to first; in a float it looks for the exempt one, so that 1.5 is not 1. */
function indicesOf(dtype: DType, through: DType, except: unknown): Indices {
  const float = isFloat(through) ? through : undefined;
  const isExact = float !== undefined && isFloat(dtype);
  const narrow = (x: number): number =>
    fits(x) && !(isExact && x === except) ? Math.trunc(x) : x === except ? EXEMPT : BEYOND;
  const convert = (feed: Feed): Feed => {
    const data = readable(feed, "int32");
    if (data === undefined || (data instanceof Int32Array && !float)) return feed;
    const small = isExact ? undefined : smallIntegers(data, float ? exactUpTo[float] : Infinity);
    if (small) return small;
    const numbers = data instanceof Int32Array ? data : toNumbers(data, dtype);
    return Int32Array.from((float ? toNumbers(fromNumbers(numbers, float), float) : numbers) as Float64Array, narrow);
  };
  const isIndex = typeof except === "number" && fits(except) && Number.isInteger(except) && !isExact;
  return { convert, exempt: typeof except === "number" ? (isIndex ? except : EXEMPT) : undefined };
}

const castTerms = (terms: Terms, to: DType): Terms => ({
  ...terms,
  loss: cast(terms.loss, to),
  denominators: Object.fromEntries(Object.entries(terms.denominators ?? {}).map(([k, d]) => [k, cast(d, to)])),
  ...(terms.parts && { parts: terms.parts.map((part) => castTerms(part, to)) }),
});

/** Plans a call. Throws the framework's refusals of its signature. */
export function planCall(contract: Contract, call: Call, { value: isWanted, upstream }: Wanted): Plan {
  refuse(contract.refuses, call);
  const layout = contract.layout(call);
  const { compute, mean: meanIn, meanOfNothing, tail = compute, result, of = {} } = contract.dtypes(call);
  const { loss, options: given } = contract.define(call);
  const raw: LossOptions = { ...loss.options, ...given };
  const options: Record<string, LossOptions[string]> = { ...raw };
  const { axes, extents } = align({ ...layout.ports, "": layout.value });
  const order = axes[""] as readonly Axis[];

  const leaves = new Map<string, Leaf>();
  const ports: Record<string, Node> = {};
  for (const [name, type] of Object.entries<OptionValue | TensorType>({ ...call.inputs, ...call.options })) {
    if (!isTensor(type)) continue;
    const port = (contract.inputs[name] ?? contract.options[name])?.port ?? name;
    const on = axes[port];
    if (!on) continue;
    const spec = (loss.inputs as LossPorts)[port];
    let leaf: Leaf;
    if (spec?.kind === "labels") {
      const node = input(name, on, "int32");
      const { convert, exempt } = indicesOf(type.dtype, of[port] ?? "int32", raw[spec.except ?? ""]);
      if (exempt !== undefined) options[spec.except as string] = exempt; // what indices are compared with
      leaf = {
        node,
        port: node,
        source: { name, convert, labels: { extent: extents.get(spec.axis) ?? 1, except: exempt } },
      };
    } else leaf = leafOf(name, type, on, of[port] ?? compute);
    leaves.set(name, leaf);
    ports[port] = leaf.port;
  }

  let terms: Terms = loss.build(
    Object.fromEntries(Object.keys(loss.inputs).map((port) => [port, ports[port]])),
    options,
  );
  if (contract.mean) {
    const named = [...extents.keys()].filter((a) => !isOuter(a));
    const average = mean(cast(terms.loss, meanIn ?? terms.loss.dtype), ...named);
    const none = eq(count(named, average.dtype), 0);
    terms = { ...terms, loss: meanOfNothing === undefined ? average : where(none, meanOfNothing, average) };
  }
  terms = castTerms(terms, tail);
  if (contract.after) terms = contract.after(terms, ports, { axes, call });
  const { kind, rule } = contract.reduction(call, layout);
  const reduced = reduce(terms, kind, order, rule);
  const value = cast(reduced, result ?? reduced.dtype);
  const shape = kind === "none" ? (layout.shape ?? shapeOf(layout.value)) : [];

  if (upstream && !sameShape(upstream.shape, shape))
    throw new LossError(
      "shape",
      `the upstream gradient has shape ${showShape(upstream.shape)}, the value has shape ${showShape(shape)}`,
    );
  const isDifferentiated = call.gradients.length > 0;
  if (isDifferentiated) refuse(contract.gradient.refuses, call);
  // Gradients flow to floats, and through floats.
  const wrt = !isFloat(value.dtype)
    ? []
    : call.gradients.flatMap((name) => {
        const leaf = leaves.get(name);
        const { dtype, shape } = call.inputs[name] as TensorType;
        const flows = leaf && contract.gradient.of.includes(name) && isFloat(dtype) && isFloat(leaf.port.dtype);
        return flows ? [{ name, dtype, shape, leaf: leaf.node }] : [];
      });
  const seed = upstream ? input(UPSTREAM, kind === "none" ? order : [], value.dtype) : constant(1, value.dtype);
  const grads = wrt.length
    ? grad(
        value,
        wrt.map(({ leaf }) => leaf),
        expand(seed, value.axes),
      )
    : [];
  const sources = new Map([...leaves].map(([name, { source }]) => [name, source]));
  if (upstream) sources.set(UPSTREAM, { name: UPSTREAM, convert: toDType(upstream.dtype, value.dtype) });
  return {
    outputs: isWanted ? [value, ...grads] : grads,
    axes: order,
    extents,
    sources,
    value: isWanted ? { dtype: value.dtype, shape } : undefined,
    gradients: wrt,
    refusals: [
      ...valueRefusals(contract.refuses),
      ...(isDifferentiated ? valueRefusals(contract.gradient.refuses) : []),
    ],
    warnings: Object.values(contract.warnings ?? {}).flatMap((w) => w?.(call) || []),
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
