/** How the tensors of a Keras call lie on axes: `C`, `C1`, … are what the loss averages or sums away, the others are samples. */
import {
  broadcast,
  broadcastDims,
  type Call,
  type Dims,
  isOuter,
  type Layout,
  LossError,
  type OptionValue,
  type Shape,
  sameShape,
  shapeOf,
  showShape,
  trailing,
} from "@isoloss/core";
import { extended, type Move, moved, type RankRule, shifted } from "./ranks.ts";

/** How one release brings tensors to one rank. */
export interface Ranks {
  /** y_true and y_pred of a class, and of a function. */
  readonly class: RankRule;
  readonly function: RankRule;
  /** The loss and its weights. */
  readonly weights: RankRule;
  /** Whether a mask of y_pred acts. */
  readonly masks: boolean;
}

/** The shapes of y_true and y_pred once their ranks are brought together. */
export function pairOf({ as, inputs }: Call, ranks: Pick<Ranks, "class" | "function">): readonly [Shape, Shape] {
  const y = inputs["y_true"]?.shape ?? [];
  const p = inputs["y_pred"]?.shape ?? [];
  const [a, b] = ranks[as](y, p);
  return [moved(y, a), moved(p, b)];
}

/** The positions that an `axis` names in a shape of this rank; None is all of them. Refuses those that it lacks. */
export function positions(axis: OptionValue, rank: number): number[] {
  if (axis === null) return Array.from({ length: rank }, (_, i) => i);
  const list = ([] as OptionValue[]).concat(axis).map((a) => {
    if ((typeof a !== "number" && typeof a !== "boolean") || !Number.isInteger(Number(a)))
      throw new LossError("option", `axis: expected integers, got ${JSON.stringify(axis)}`);
    const at = Number(a) < 0 ? Number(a) + rank : Number(a);
    if (at >= 0 && at < rank) return at;
    throw new LossError(
      axis === -1 ? "shape" : "option",
      `axis ${a} is no dimension of a tensor of rank ${rank} (${-rank} to ${rank - 1})`,
    );
  });
  if (new Set(list).size < list.length) throw new LossError("option", `axis: duplicate dimension in ${list}`);
  return list;
}

/** Names of dimensions by their place from the right. */
type Names = ReadonlyMap<number, string>;

/** Dimensions of a tensor that meets others from the right in `rank` dimensions; those at `at` are C, C1, …. */
export function classed(shape: Shape, at: readonly number[], rank = shape.length): Dims {
  const named = at.map((p, i) => [p - rank + shape.length, i === 0 ? "C" : `C${i}`] as const);
  return trailing(shape, Object.fromEntries(named.filter(([p]) => p >= 0)));
}
const sizeOf = (shape: Shape): number => shape.reduce((n, extent) => n * extent, 1);
const samples = (dims: Dims): Dims => dims.filter((d) => isOuter(d.axis));

/** A scalar as a vector of one. */
export const vectors = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape);

/**
 * Lays weights and mask over the loss: what their rank rule does to the loss is done to all its ports. `ownMask`: the
 * dimensions of a mask that the loss brings, which is joined with a given one, and meets the weights first. `names`: what samples are called that mean
 * something to the loss.
 */
export function weighted(
  layout: Layout,
  call: Call,
  ranks: Ranks,
  { ownMask, names = new Map() }: { readonly ownMask?: Dims | undefined; readonly names?: Names } = {},
): Layout {
  const { sample_weight, mask } = call.inputs;
  const masks = mask !== undefined && ranks.masks;
  if (call.as === "function" || !(sample_weight || masks || ownMask)) return called(layout, names);
  let weight: Dims | undefined = sample_weight && trailing(sample_weight.shape);
  let masking: Dims | undefined = masks ? trailing(mask.shape) : undefined;
  let joined = ownMask ? broadcastDims(masking ?? [], ownMask) : masking;
  if (weight && joined) {
    const [a, b] = ranks.weights(shapeOf(joined), shapeOf(weight));
    masking = masking && shifted(masking, a);
    joined = extended(joined, a);
    weight = extended(weight, b);
  }
  const factor = broadcastDims(...[weight, joined].filter((d) => d !== undefined));
  const [a, b] = ranks.weights(shapeOf(layout.value), shapeOf(factor));
  const ports: Record<string, Dims> = Object.fromEntries(
    Object.entries(layout.ports).map(([name, dims]) => [name, shifted(dims, a)]),
  );
  if (weight) ports["sampleWeight"] = shifted(weight, b);
  if (masking) ports["mask"] = shifted(masking, b);
  return called({ ports, value: broadcastDims(extended(layout.value, a), extended(factor, b)) }, names, a);
}

/** The layout with some of its samples called by name, which have moved. */
function called({ ports, value }: Layout, names: Names, by: Move = 0): Layout {
  const renamed = (dims: Dims): Dims => dims.map((d) => ({ ...d, axis: names.get(Number(d.axis) - by) ?? d.axis }));
  const entries = Object.entries(ports).map(([name, dims]) => [name, renamed(dims)]);
  return { ports: Object.fromEntries(entries), value: renamed(value) };
}

/** Element by element, over the last axis or `axis`. `seen`: the shape as which the loss sees one that it is given. */
export const elementwise =
  (ranks: Ranks, seen: (shape: Shape) => Shape = (shape) => shape) =>
  (call: Call): Layout => {
    const [y, p] = pairOf(call, ranks).map(seen) as [Shape, Shape];
    const { axis = -1 } = call.options;
    const rank = Math.max(y.length, p.length);
    broadcast(trailing(y), trailing(p));
    const at = positions(axis, rank);
    const ports = { y: classed(y, at, rank), x: classed(p, at, rank) };
    return weighted({ ports, value: broadcastDims(samples(ports.y), samples(ports.x)) }, call, ranks);
  };

/**
 * Directions along `axis`, which each tensor counts in its own rank, and their product in its own. Dimensions that all of
 * them mean are C as anywhere; of others the name says whose they are: S (the sum), X and Y.
 */
export const directions =
  (ranks: Ranks, seen: (shape: Shape) => Shape = (shape) => shape) =>
  (call: Call): Layout => {
    const [y, p] = pairOf(call, ranks).map(seen) as [Shape, Shape];
    const { axis = -1 } = call.options;
    const rank = Math.max(y.length, p.length);
    const users: Record<string, number> = { S: rank, X: p.length, Y: y.length };
    const names = new Map<number, string>(); // by place from the right
    for (const [user, own] of Object.entries(users))
      for (const at of positions(axis, own)) names.set(own - 1 - at, (names.get(own - 1 - at) ?? "") + user);
    if ([...names.values()].every((name) => name === "SXY")) return elementwise(ranks, seen)(call);
    for (const [place, name] of names) names.set(place, `${name}${place}`);
    const isSummed = (place: number): boolean => names.get(place)?.startsWith("S") ?? false;
    const laid = (shape: Shape): Dims =>
      trailing(
        shape,
        Object.fromEntries(
          [...names].flatMap(([k, name]) => (isSummed(k) && k < shape.length ? [[shape.length - 1 - k, name]] : [])),
        ),
      );
    const ports = { y: laid(y), x: laid(p) };
    broadcast(ports.y, ports.x);
    const value = broadcastDims(samples(ports.y), samples(ports.x));
    const kept = Array.from({ length: rank }, (_, place) => place).filter((place) => !isSummed(place));
    const own = new Map(kept.flatMap((place, k) => (names.has(place) ? [[k, names.get(place) as string]] : [])));
    return weighted({ ports, value }, call, ranks, { names: own });
  };

/** Distributions over classes along `axis`, of one shape. */
export const categorical =
  (ranks: Ranks) =>
  (call: Call): Layout => {
    const [y, p] = pairOf(call, ranks);
    const { axis = -1, from_logits } = call.options;
    const at = positions(axis === null && from_logits === true ? -1 : axis, p.length);
    const x = classed(p, at);
    return weighted({ ports: { x, y: classed(y, at) }, value: samples(x) }, call, ranks);
  };

/** The one class axis by Python's `axis % rank`: every integer means one. */
function wrapped(axis: OptionValue, rank: number): number {
  if ((typeof axis !== "number" && typeof axis !== "boolean") || !Number.isInteger(Number(axis)))
    throw new LossError("option", `axis: expected an integer, got ${JSON.stringify(axis)}`);
  if (rank === 0) throw new LossError("shape", "y_pred has no class axis");
  return ((Number(axis) % rank) + rank) % rank;
}

/** Whether `ignore_class` says anything. */
export const ignores = ({ options }: Call): boolean => (options["ignore_class"] ?? null) !== null;

/** Class indices against distributions over classes along `axis`, in any shape that holds as many labels. */
export const sparse =
  (ranks: Ranks) =>
  (call: Call): Layout => {
    const [y, p] = pairOf(call, ranks);
    const { axis: given = -1 } = call.options;
    const axis = wrapped(given, p.length);
    if (p[axis] === 0) throw new LossError("shape", `y_pred of shape ${showShape(p)} has no class`);
    const x = classed(p, [axis]);
    const rows = samples(x);
    const isFlat = y.length !== rows.length;
    const fits = isFlat ? sizeOf(y) === sizeOf(shapeOf(rows)) : sameShape(y, shapeOf(rows));
    if (!fits)
      throw new LossError(
        "shape",
        `y_true of shape ${showShape(y)} should have the shape of y_pred ${showShape(p)} without its classes`,
      );
    const value = isFlat && rows.length === 0 ? [{ axis: "0", extent: 1 }] : rows;
    return weighted({ ports: { x, y: rows }, value }, call, ranks, { ownMask: ignores(call) ? value : undefined });
  };

/**
 * Class indices, with or without a last dimension of extent 1, against distributions over classes along the last axis. Where a
 * class is ignored, y_pred is broadcast to labels that have more dimensions of extent 1 before its own; with `keeps` a last
 * one is such a dimension too, and a scalar is one class.
 */
export const sparseOverLast =
  (ranks: Ranks, { keeps = false } = {}) =>
  (call: Call): Layout => {
    const ignoring = ignores(call);
    const [y, given] = pairOf(call, ranks);
    const p = keeps && ignoring ? vectors(given) : given;
    if (p.length === 0) throw new LossError("shape", "y_pred must be at least rank 1");
    const x = classed(p, [p.length - 1]);
    const rows = shapeOf(samples(x));
    const isColumn = y.length === p.length && y.at(-1) === 1 && !(keeps && ignoring);
    const labels = isColumn ? y.slice(0, -1) : y;
    const more = ignoring ? Math.max(0, labels.length - rows.length) : 0;
    if (!sameShape(labels, [...Array<number>(more).fill(1), ...rows]))
      throw new LossError(
        "shape",
        `y_true and y_pred must have the same shape up until the last dimension: y_true.shape=${showShape(y)}, y_pred.shape=${showShape(p)}`,
      );
    if (p.at(-1) === 0) throw new LossError("shape", `y_pred of shape ${showShape(p)} has no class`);
    return weighted({ ports: { x, y: samples(x) }, value: trailing(labels) }, call, ranks, {
      ownMask: ignoring ? samples(x) : undefined,
    });
  };
