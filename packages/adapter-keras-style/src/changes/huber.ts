/** What changed from TensorFlow 2.3 to Keras 3.15 in Huber's loss. */
import { huber } from "@isoloss/core/losses";
import { meanOfFloats } from "../dtypes.ts";
import { numberIn, typedNumber } from "../parameters.ts";
import {
  deltaIsNumber,
  deltaOfOwnType,
  floatsOnlyInOwnType,
  hasMask,
  noBooleans,
  weightOfLossType,
} from "../refusals.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const huberChanges = withCommon([
  {
    since: "2.4",
    entry: "Huber",
    what: "written by cases, so that a large delta keeps its gradient",
    ref: "observed",
    set: {
      define: ({ options }) => ({ loss: huber, options: { delta: options["delta"] as number, doubles: false } }),
    },
  },
  {
    since: "2.5",
    entry: "Huber",
    what: "the quadratic case is a square, whose gradient doubles the error",
    ref: "observed",
    set: { define: ({ options }) => ({ loss: huber, options: { delta: options["delta"] as number } }) },
  },
  {
    since: "2.11",
    entry: "Huber",
    what: "is float32, and so are weights that meet a mask",
    ref: "observed",
    set: { refuses: { weightType: weightOfLossType(hasMask, () => "float32") } },
  },
  rankedInFunctions("Huber"),
  {
    since: "3.0",
    entry: "Huber",
    what: "δ has the type that it is given in, float32 or int32 unless it is a tensor, and meets no other",
    ref: "observed",
    set: {
      options: { delta: typedNumber(1) },
      refuses: { integers: deltaOfOwnType },
      define: ({ options }) => ({ loss: huber, options: { delta: numberIn(options["delta"]) } }),
    },
  },
  {
    since: "3.4",
    entry: "Huber",
    what: "δ has the type of y_pred",
    ref: "observed",
    set: { refuses: { shapes: undefined, integers: floatsOnlyInOwnType, boolean: deltaIsNumber } },
  },
  {
    since: "3.7",
    entry: "Huber",
    what: "integers are taken, and δ with them",
    ref: "observed",
    set: { dtypes: meanOfFloats(), refuses: { integers: noBooleans } },
  },
]);
