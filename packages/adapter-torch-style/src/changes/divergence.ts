/** What changed from one release of PyTorch to another in the divergence: one row a change, over the records of 1.7. */
import { type Call, type DType, LossError, type Row } from "@isoloss/core";
import { klDivergence } from "@isoloss/core/losses";
import { inputOf, scalarType } from "../call.ts";
import { allFloats } from "../dtypes.ts";
import {
  broadcastLayout,
  inKernel,
  klReduction,
  logTarget,
  masked,
  meeting,
  transcendental,
} from "../entries/divergence.ts";
import { elementwiseWording } from "./wording.ts";

const allDTypes = Object.keys(scalarType) as readonly DType[];
const klOptions = (call: Call) => ({ logTarget: logTarget(call), dtype: meeting(call) });

export const divergenceChanges: readonly Row[] = [
  /** Logarithms of integers, bfloat16; the gradient for the input broadcasts, and looks at dtypes where it is empty (observed). */
  {
    since: "1.8",
    set: {
      refuses: { dtype: transcendental(allDTypes.filter((d) => d !== "float16")), where: undefined },
      gradient: { refuses: { paired: undefined, inKernel } },
      layout: broadcastLayout,
      define: masked,
    },
  },
  /** Composed of xlogy: no mask at targets of 0 or less, every gradient broadcasts; integers are refused (pytorch#80334). */
  {
    since: "1.13",
    set: {
      refuses: {
        difference: undefined,
        dtype: (call) =>
          [inputOf(call, "input"), inputOf(call, "target")].some((t) => !allFloats.includes(t.dtype)) &&
          new LossError("dtype", "kl_div: Integral inputs not supported."),
        boolean: undefined,
        half: (call) =>
          logTarget(call) &&
          inputOf(call, "target").dtype === "float16" &&
          new LossError("dtype", "\"exp_vml_cpu\" not implemented for 'Half'"),
      },
      gradient: { refuses: { expanded: undefined, inKernel: undefined, target: undefined } },
      reduction: klReduction,
      define: (call) => ({
        loss: klDivergence,
        options: { ...klOptions(call), roundsOnce: inputOf(call, "target").dtype === "float16" },
      }),
    },
  },
  /** float16 with log_target; p·log p rounds twice (observed). */
  {
    since: "2.1",
    set: { refuses: { half: undefined }, define: (call) => ({ loss: klDivergence, options: klOptions(call) }) },
  },
  elementwiseWording,
];
