/** The Kullback–Leibler divergence of Keras. */
import type { Contract } from "@isoloss/core";
import { klDivergenceClipped } from "@isoloss/core/losses";
import { elementwise } from "../layout.ts";
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
