/** What changed from TensorFlow 2.3 to Keras 3.15 in the categorical hinge; the others have no changes of their own. */
import { categoricalHinge } from "@isoloss/core/losses";
import { maximumOfSome, meetFirst } from "../refusals.ts";
import { classOnly, withCommon } from "./every-loss.ts";

export const categoricalHingeChanges = withCommon([
  /** A maximum with NaN is NaN (observed). */
  {
    since: "2.4",
    set: { define: () => ({ loss: categoricalHinge }) },
  },
  /** The maximum of nothing is refused (keras-core). */
  {
    since: "3.0",
    set: { refuses: { shapes: meetFirst(classOnly), empty: maximumOfSome } },
  },
]);
