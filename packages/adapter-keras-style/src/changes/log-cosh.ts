/** What changed from TensorFlow 2.3 to Keras 3.15 in the logarithm of the hyperbolic cosine. */
import { logCosh } from "@isoloss/core/losses";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

/** TensorFlow takes the logarithm of a float32 constant. */
const logTwo = Math.fround(Math.LN2);

export const logCoshChanges = withCommon([
  /** A softplus of bfloat16 is cut off like any other (observed). */
  {
    since: "2.4",
    set: { define: () => ({ loss: logCosh, options: { logTwo, ofMinus: true } }) },
  },
  /** The slope is taken from e^−2d (observed). */
  {
    since: "2.9",
    set: { define: () => ({ loss: logCosh, options: { logTwo } }) },
  },
  rankedInFunctions,
]);
