/** What changed in the words of warnings, for every family. */
import type { Row } from "@isoloss/core";
import { reductionOf } from "../reduction.ts";

/** The warning about `elementwise_mean` is two sentences (observed). */
export const elementwiseWording: Row = {
  since: "2.5",
  set: {
    warnings: {
      elementwise: (call) =>
        reductionOf(call) === "elementwise_mean" &&
        "reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.",
    },
  },
};
