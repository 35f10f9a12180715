/** What changed from TensorFlow 2.3 to Keras 3.15 in the Kullback–Leibler divergence: what changed for every loss. */
import { withCommon } from "./every-loss.ts";

export const klDivergenceChanges = withCommon([]);
