/** What changed from TensorFlow 2.3 to Keras 3.15 in the cosine similarity. */
import { cosineSimilarity } from "@isoloss/core/losses";
import { meanOfFloats } from "../dtypes.ts";
import { directions, vectors } from "../layout.ts";
import { eachHasAxis, noBfloat16, noMatrixNorm } from "../refusals.ts";
import { both, masked, withCommon } from "./every-loss.ts";

export const cosineSimilarityChanges = withCommon([
  /** No inverse root of bfloat16 (observed). */
  {
    since: "2.4",
    until: "2.6",
    set: { refuses: { bfloat16: noBfloat16 } },
  },
  /** An inverse root of bfloat16 rounds the root too (observed). */
  {
    since: "2.6",
    set: { define: () => ({ loss: cosineSimilarity }) },
  },
  /** Masks of y_pred act (observed). */
  {
    since: "2.11",
    set: { layout: directions(masked) },
  },
  /** y_true is cast; divides by the length, which 1e−7 bounds; ranks are made equal in the function too (keras-core). */
  {
    since: "3.0",
    set: {
      refuses: { unnormalizable: eachHasAxis, mixed: undefined },
      layout: directions(both, vectors),
      define: () => ({ loss: cosineSimilarity, options: { epsilon: 1e-7, bounds: "length" } }),
    },
  },
  /** The length along two axes is that of a matrix; integers are taken (observed). */
  {
    since: "3.0",
    until: "3.6",
    set: { dtypes: meanOfFloats(), refuses: { integers: undefined, matrix: noMatrixNorm } },
  },
  /** Multiplies by the inverse of the length (observed). */
  {
    since: "3.6",
    set: { define: () => ({ loss: cosineSimilarity, options: { epsilon: 1e-7, bounds: "inverse" } }) },
  },
]);
