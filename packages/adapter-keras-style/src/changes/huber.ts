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
import { ofElements, rankedInFunctions, withCommon } from "./every-loss.ts";

export const huberChanges = withCommon(
  [
    /** written by cases, so that a large delta keeps its gradient (observed). */
    {
      since: "2.4",
      set: {
        define: ({ options }) => ({ loss: huber, options: { delta: options["delta"] as number, doubles: false } }),
      },
    },
    /** the quadratic case is a square, whose gradient doubles the error (observed). */
    {
      since: "2.5",
      set: { define: ({ options }) => ({ loss: huber, options: { delta: options["delta"] as number } }) },
    },
    /** is float32, and so are weights that meet a mask (observed). */
    {
      since: "2.11",
      set: { refuses: { weightType: weightOfLossType(hasMask, () => "float32") } },
    },
    rankedInFunctions,
    /** δ has the type that it is given in, float32 or int32 unless it is a tensor, and meets no other (observed). */
    {
      since: "3.0",
      set: {
        options: { delta: typedNumber(1) },
        refuses: { integers: deltaOfOwnType },
        define: ({ options }) => ({ loss: huber, options: { delta: numberIn(options["delta"]) } }),
      },
    },
    /** δ has the type of y_pred (observed). */
    {
      since: "3.4",
      set: { refuses: { shapes: undefined, integers: floatsOnlyInOwnType, boolean: deltaIsNumber } },
    },
    /** integers are taken, and δ with them (observed). */
    {
      since: "3.7",
      set: { dtypes: meanOfFloats(), refuses: { integers: noBooleans } },
    },
  ],
  ofElements,
);
