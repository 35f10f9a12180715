/** What changed from TensorFlow 2.3 to Keras 3.15 in Poisson's loss. */
import { float32Only, floatsOnlyInOwnType } from "../refusals.ts";
import { withCommon } from "./every-loss.ts";

export const poissonChanges = withCommon([
  {
    since: "3.0",
    entry: "Poisson",
    what: "ε is a float32 number and meets no other type",
    ref: "observed",
    set: { refuses: { integers: float32Only } },
  },
  {
    since: "3.4",
    entry: "Poisson",
    what: "ε has the type of y_pred",
    ref: "observed",
    set: { refuses: { integers: floatsOnlyInOwnType } },
  },
]);
