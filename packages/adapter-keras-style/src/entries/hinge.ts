/** The hinge losses of Keras. */
import type { Contract } from "@isoloss/core";
import { hinge } from "@isoloss/core/losses";
import { elementwise } from "../layout.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/** [`Hinge`](https://keras.io/api/losses/hinge_losses/#hinge-class), `hinge`. Labels that are all 0 or 1 are taken for −1 and 1. */
export const Hinge: Contract = {
  ...common,
  options: ofEveryClass,
  layout: elementwise(ranks),
  define: () => ({ loss: hinge }),
  mean: true,
};
