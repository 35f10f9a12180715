/** How Keras brings two tensors to one rank: rules over shapes, and the move itself over shapes and labelled dimensions. */
import { type Dims, isOuter, LossError, type Shape } from "@isoloss/core";

/** What happens to the end of a shape: 1: a dimension of extent 1 is added; −1: the last one is taken away. */
export type Move = -1 | 0 | 1;
/** What happens to two shapes that meet. */
export type RankRule = (a: Shape, b: Shape) => readonly [Move, Move];

/** Nothing: the shapes meet as they are. */
export const asGiven: RankRule = () => [0, 0];

/** Keras 2, y_true and y_pred: the one with a rank more loses a last dimension of extent 1. */
export const squeezed: RankRule = (y, p) => {
  if (p.length - y.length === 1 && p.at(-1) === 1) return [0, -1];
  return y.length - p.length === 1 && y.at(-1) === 1 ? [-1, 0] : [0, 0];
};

/** Keras 2, loss and weights: only the weights move, and one too many must be of extent 1. */
export const fitted: RankRule = (loss, weights) => {
  if (weights.length === 0) return [0, 0];
  if (loss.length - weights.length === 1) return [0, 1];
  if (weights.length - loss.length !== 1) return [0, 0];
  if (weights.at(-1) === 1) return [0, -1];
  throw new LossError(
    "shape",
    `sample_weight: cannot squeeze dimension ${weights.length - 1} of [${weights.join(", ")}], expected 1, got ${weights.at(-1)}`,
  );
};

/** Keras 3: ranks that differ by a last dimension of extent 1 are made equal; a vector gains one, anything else loses it. */
export const sameRank: RankRule = (a, b) => {
  if (a.length === b.length + 1 && a.at(-1) === 1) return b.length === 1 ? [0, 1] : [-1, 0];
  if (b.length === a.length + 1 && b.at(-1) === 1) return a.length === 1 ? [1, 0] : [0, -1];
  return [0, 0];
};

/** The shape after a move. */
export const moved = (shape: Shape, by: Move): Shape => (by < 0 ? shape.slice(0, -1) : by > 0 ? [...shape, 1] : shape);

/** The move over labels counted from the right; a loss's own axes keep their names. */
export const shifted = (dims: Dims, by: Move): Dims =>
  by === 0
    ? dims
    : dims.flatMap((d) => {
        if (!isOuter(d.axis)) return [d];
        const at = Number(d.axis) + by;
        return at < 0 ? [] : [{ ...d, axis: `${at}` }];
      });

/** The same, with the dimension that a move adds. */
export const extended = (dims: Dims, by: Move): Dims =>
  by > 0 ? [...shifted(dims, by), { axis: "0", extent: 1 }] : shifted(dims, by);
