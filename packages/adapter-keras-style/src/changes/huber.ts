/** What changed from TensorFlow 2.3 to Keras 3.15 in the losses that are quadratic near 0 and linear far from it. */
import { huber, logCosh } from "@isoloss/core/losses";
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

/** TensorFlow takes the logarithm of a float32 constant. */
const logTwo = Math.fround(Math.LN2);

export const huberChanges = withCommon([
  {
    since: "2.4",
    entry: "LogCosh",
    what: "a softplus of bfloat16 is cut off like any other",
    ref: "observed",
    set: { define: () => ({ loss: logCosh, options: { logTwo, ofMinus: true } }) },
  },
  {
    since: "2.9",
    entry: "LogCosh",
    what: "the slope is taken from e^−2d",
    ref: "observed",
    set: { define: () => ({ loss: logCosh, options: { logTwo } }) },
  },
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
  rankedInFunctions("Huber", "LogCosh"),
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
    set: { refuses: { integers: floatsOnlyInOwnType, boolean: deltaIsNumber } },
  },
  {
    since: "3.7",
    entry: "Huber",
    what: "integers are taken, and δ with them",
    ref: "observed",
    set: { dtypes: meanOfFloats(), refuses: { integers: noBooleans } },
  },
]);
