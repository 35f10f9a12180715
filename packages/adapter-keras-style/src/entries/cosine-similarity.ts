/** The cosine similarity of Keras. */
import type { Contract } from "@isoloss/core";
import { cosineSimilarity } from "@isoloss/core/losses";
import { directions } from "../layout.ts";
import { kept } from "../parameters.ts";
import { eachNormalized, oneType } from "../refusals.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/** [`CosineSimilarity`](https://keras.io/api/losses/regression_losses/#cosinesimilarity-class), `cosine_similarity`: −1 for one direction. */
export const CosineSimilarity: Contract = {
  ...common,
  options: { axis: kept(-1), ...ofEveryClass },
  refuses: { unnormalizable: eachNormalized, mixed: oneType },
  layout: directions(ranks),
  define: () => ({ loss: cosineSimilarity, options: { atOnce: true } }),
};
