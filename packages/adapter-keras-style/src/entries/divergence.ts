/** The losses of Keras that compare distributions and directions. */
import type { Contract } from "@isoloss/core";
import { cosineSimilarity, klDivergenceClipped, poisson } from "@isoloss/core/losses";
import { directions, elementwise } from "../layout.ts";
import { kept } from "../parameters.ts";
import { eachNormalized, oneType } from "../refusals.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/**
 * [`KLDivergence`](https://keras.io/api/losses/probabilistic_losses/#kldivergence-class), `kl_divergence`,
 * `kullback_leibler_divergence`, `KLD`, `kld`. Two distributions, both clipped to [ε, 1].
 */
export const KLDivergence: Contract = {
  ...common,
  options: ofEveryClass,
  layout: elementwise(ranks),
  define: () => ({ loss: klDivergenceClipped }),
};

/** [`Poisson`](https://keras.io/api/losses/probabilistic_losses/#poisson-class), `poisson`. */
export const Poisson: Contract = {
  ...common,
  options: ofEveryClass,
  layout: elementwise(ranks),
  define: () => ({ loss: poisson }),
  mean: true,
};

/** [`CosineSimilarity`](https://keras.io/api/losses/regression_losses/#cosinesimilarity-class), `cosine_similarity`: −1 for one direction. */
export const CosineSimilarity: Contract = {
  ...common,
  options: { axis: kept(-1), ...ofEveryClass },
  refuses: { unnormalizable: eachNormalized, mixed: oneType },
  layout: directions(ranks),
  define: () => ({ loss: cosineSimilarity, options: { atOnce: true } }),
};
