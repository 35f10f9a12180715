/** What changed in the words of warnings, for every family. */
import type { Row } from "@isoloss/core";
import { reductionOf } from "../reduction.ts";

/** The deprecation of `elementwise_mean` in two sentences. */
export const elementwiseWording = (...entry: readonly string[]): Row => ({
  since: "2.5",
  entry,
  what: "the warning about elementwise_mean is two sentences",
  ref: "observed",
  set: {
    warnings: {
      elementwise: (call) =>
        reductionOf(call) === "elementwise_mean" &&
        "reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.",
    },
  },
});
