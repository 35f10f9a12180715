/** What changed from TensorFlow 2.3 to Keras 3.15 in the cosine similarity. */
import { cosineSimilarity } from "@isoloss/core/losses";
import { meanOfFloats } from "../dtypes.ts";
import { directions, vectors } from "../layout.ts";
import { eachHasAxis, noBfloat16, noMatrixNorm } from "../refusals.ts";
import { both, masked, withCommon } from "./every-loss.ts";

export const cosineSimilarityChanges = withCommon([
  {
    since: "2.4",
    until: "2.6",
    entry: "CosineSimilarity",
    what: "no inverse root of bfloat16",
    ref: "observed",
    set: { refuses: { bfloat16: noBfloat16 } },
  },
  {
    since: "2.6",
    entry: "CosineSimilarity",
    what: "an inverse root of bfloat16 rounds the root too",
    ref: "observed",
    set: { define: () => ({ loss: cosineSimilarity }) },
  },
  {
    since: "2.11",
    entry: "CosineSimilarity",
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: directions(masked) },
  },
  {
    since: "3.0",
    entry: "CosineSimilarity",
    what: "y_true is cast; divides by the length, which 1e−7 bounds; ranks are made equal in the function too",
    ref: "keras-core",
    set: {
      refuses: { unnormalizable: eachHasAxis, mixed: undefined },
      layout: directions(both, vectors),
      define: () => ({ loss: cosineSimilarity, options: { epsilon: 1e-7, bounds: "length" } }),
    },
  },
  {
    since: "3.0",
    until: "3.6",
    entry: "CosineSimilarity",
    what: "the length along two axes is that of a matrix; integers are taken",
    ref: "observed",
    set: { dtypes: meanOfFloats(), refuses: { integers: undefined, matrix: noMatrixNorm } },
  },
  {
    since: "3.6",
    entry: "CosineSimilarity",
    what: "multiplies by the inverse of the length",
    ref: "observed",
    set: { define: () => ({ loss: cosineSimilarity, options: { epsilon: 1e-7, bounds: "inverse" } }) },
  },
]);
