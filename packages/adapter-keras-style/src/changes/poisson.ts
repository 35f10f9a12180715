/** What changed from TensorFlow 2.3 to Keras 3.15 in Poisson's loss. */
import { float32Only, floatsOnlyInOwnType } from "../refusals.ts";
import { withCommon } from "./every-loss.ts";

export const poissonChanges = withCommon([
  /** ε is a float32 number and meets no other type (observed). */
  {
    since: "3.0",
    set: { refuses: { integers: float32Only } },
  },
  /** ε has the type of y_pred (observed). */
  {
    since: "3.4",
    set: { refuses: { integers: floatsOnlyInOwnType } },
  },
]);
