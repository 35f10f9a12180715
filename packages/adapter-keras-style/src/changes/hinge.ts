/** What changed from TensorFlow 2.3 to Keras 3.15 in the hinge losses. */
import { categoricalHinge } from "@isoloss/core/losses";
import { maximumOfSome, meetFirst } from "../refusals.ts";
import { classOnly, withCommon } from "./every-loss.ts";

export const hingeChanges = withCommon([
  {
    since: "2.4",
    entry: "CategoricalHinge",
    what: "a maximum with NaN is NaN",
    ref: "observed",
    set: { define: () => ({ loss: categoricalHinge }) },
  },
  {
    since: "3.0",
    entry: "CategoricalHinge",
    what: "the maximum of nothing is refused",
    ref: "keras-core",
    set: { refuses: { shapes: meetFirst(classOnly), empty: maximumOfSome } },
  },
]);
