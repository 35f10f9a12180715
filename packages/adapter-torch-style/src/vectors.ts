/** Where the vectors of a cosine lie, also those of different ranks, which PyTorch takes until 2.1 as far as their sums meet. */
import {
  broadcastDims,
  type Call,
  type Contract,
  type Dims,
  type DType,
  type LossOptions,
  type SignatureRefusal,
  trailing,
} from "@isoloss/core";
import { inputOf } from "./call.ts";
import { floatOf, resultType } from "./dtypes.ts";
import { broadcastShape, mismatch } from "./shapes.ts";

type Shape = readonly number[];
/** The dimension along which vectors lie: 1, or 0 of single vectors. */
export type Along = (call: Call) => number;
export const alongSecond: Along = () => 1;
/** As many dimensions as the target has lie before the vectors' own. */
export const alongTarget: Along = (call) => inputOf(call, "target").shape.length;

/** A number is a vector of one element. */
const vectorOf = (call: Call, name: string): Shape => {
  const { shape } = inputOf(call, name);
  return shape.length ? shape : [1];
};
const vectorsOf = (call: Call): readonly [Shape, Shape] => [vectorOf(call, "input1"), vectorOf(call, "input2")];
const without = (shape: Shape, axis: number): Shape => shape.filter((_, i) => i !== axis);

/** The squared norms, each along its own dimension, must meet each other and the product's sum. */
export const normsMeet =
  (along: Along): SignatureRefusal =>
  (call) => {
    const [a, b] = vectorsOf(call);
    if (a.length === b.length) return undefined;
    const k = along(call);
    const norms = [without(a, k), without(b, k)] as const;
    return mismatch(...norms) ?? mismatch(broadcastShape(...norms), without(broadcastShape(a, b), k));
  };

/** The dtype in which the squared norms meet: that of a single vector has no dimensions, and so yields. */
export const normsDType =
  (along: Along) =>
  (call: Call): DType => {
    const [a, b] = vectorsOf(call).map((shape) => without(shape, along(call))) as [Shape, Shape];
    const dtype = (name: string) => floatOf(inputOf(call, name).dtype);
    return resultType({ dtype: dtype("input1"), shape: a }, { dtype: dtype("input2"), shape: b });
  };

/** The axes of what is left after a sum, numbered from the right; they are named so that none collapses. */
const left = (dims: Dims): Dims => dims.map((d) => ({ ...d, axis: `R${d.axis}` }));

/** How the definition finds its way where ranks differ: see there. */
export const ranksOf =
  (along: Along) =>
  (call: Call): LossOptions => {
    const [a, b] = vectorsOf(call).map((shape) => shape.length) as [number, number];
    if (a === b) return {};
    const [least, most] = [Math.min(a, b), Math.max(a, b)];
    const lower = a < b ? "a" : "b";
    // Numbered from the right, V is dimension `least` − 1 − k, and U before it.
    if (along(call) === 0) return { lower, aligned: `R${least - 1}` };
    return { lower, aligned: `R${least - 2}`, before: least === most - 1 ? "C" : `R${least - 1}` };
  };

const ofOneRank: Contract["layout"] = (call) => {
  const dimsOf = (shape: readonly number[]): Dims => trailing(shape, { [shape.length > 1 ? 1 : 0]: "C" });
  const [a, b] = vectorsOf(call).map(dimsOf) as [Dims, Dims];
  const rest = (dims: Dims): Dims => dims.filter((d) => d.axis !== "C");
  const target = trailing(inputOf(call, "target").shape);
  return { ports: { a, b, target }, value: broadcastDims(rest(a), rest(b), target) };
};

/** Of different ranks: the dimensions of each that are left after its sum lie on axes R. */
const ofRanks = (call: Call, k: number): ReturnType<Contract["layout"]> => {
  const [a, b] = vectorsOf(call);
  const target = trailing(inputOf(call, "target").shape);
  const [low, high] = a.length < b.length ? [a, b] : [b, a];
  const product = broadcastShape(a, b);
  const own = low.slice(0, k + 1).map((extent, i) => ({ axis: i === k ? "V" : "U", extent }));
  const lower: Dims = [...own, ...left(trailing(low.slice(k + 1)))];
  const rest = left(trailing(without(high, k)));
  const higher: Dims = [...rest.slice(0, k), { axis: "C", extent: high[k] as number }, ...rest.slice(k)];
  const sums = [low, high, product].map((shape) => trailing(without(shape, k)));
  return {
    ports: {
      ...(low === a ? { a: lower, b: higher } : { a: higher, b: lower }),
      target: left(target),
      product: [{ axis: "C", extent: product[k] as number }],
    },
    value: left(broadcastDims(...sums, target)),
  };
};

export const vectorLayout =
  (along: Along): Contract["layout"] =>
  (call, ...more) => {
    const [a, b] = vectorsOf(call);
    return a.length === b.length ? ofOneRank(call, ...more) : ofRanks(call, along(call));
  };
