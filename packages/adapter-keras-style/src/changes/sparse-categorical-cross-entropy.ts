/** What changed from TensorFlow 2.3 to Keras 3.15 in the cross-entropy against class indices. */
import { inPredicted, labelsAsIntegers, oneForAll, throughFloat32 } from "../dtypes.ts";
import { sparseOf } from "../entries/sparse-categorical-cross-entropy.ts";
import { ignores, sparse, sparseOverLast } from "../layout.ts";
import { kept, numberOrNone } from "../parameters.ts";
import { weightsAndMasks } from "../reductions.ts";
import {
  ignoresOfColumn,
  ignoresOfRows,
  lastAxisOnly,
  maskIsBoolean,
  noBfloat16,
  tensorsOnly,
  weightOfLossType,
} from "../refusals.ts";
import { classOnly, masked, withCommon } from "./every-loss.ts";

export const sparseCategoricalCrossEntropyChanges = withCommon(
  [
    /** no softmax of bfloat16 (observed). */
    {
      since: "2.4",
      until: "2.8",
      set: { refuses: { bfloat16: noBfloat16 } },
    },
    /** labels become integers at once (observed). */
    {
      since: "2.7",
      set: { dtypes: (call) => labelsAsIntegers(throughFloat32(call)) },
    },
    /** the softmax of bfloat16 is back, and only the label's class counts (observed). */
    {
      since: "2.8",
      set: { define: ({ options }) => sparseOf(options) },
    },
    /** weights and reduction keep float64 and half precision (keras#15791). */
    {
      since: "2.9",
      set: { dtypes: (call) => labelsAsIntegers(inPredicted(call)) },
    },
    /** `ignore_class` (keras#16712). */
    {
      since: "2.10",
      set: {
        options: { ignore_class: numberOrNone },
        define: ({ options }) => sparseOf(options, { rounds: true }),
        refuses: { vector: ignoresOfRows, weightType: weightOfLossType(ignores) },
        after: weightsAndMasks({ whenNone: "nan" }),
      },
    },
    /** masks of y_pred act (observed). */
    {
      since: "2.11",
      set: { layout: sparse(masked), refuses: { mask: maskIsBoolean } },
    },
    /** labels of y_pred's rank less one, or ending in 1; classes on the last axis (keras-core). */
    {
      since: "3.0",
      set: {
        refuses: { vector: undefined, columns: ignoresOfColumn, axis: lastAxisOnly(classOnly, { keeps: true }) },
        dtypes: oneForAll,
        define: ({ options }) => sparseOf(options, { multiplies: true }),
        layout: sparseOverLast(classOnly, { keeps: true }),
      },
    },
    /** labels ending in 1 may be ignored; reads the shapes of what the function is given (observed). */
    {
      since: "3.4",
      set: {
        refuses: { columns: undefined, axis: lastAxisOnly(classOnly), numbers: tensorsOnly },
        layout: sparseOverLast(classOnly),
      },
    },
    /** `axis` of the class (observed). */
    {
      since: "3.10",
      set: { options: { axis: kept(-1) } },
    },
    /** what is ignored is selected away, not multiplied by 0 (observed). */
    {
      since: "3.15",
      set: { define: ({ options }) => sparseOf(options) },
    },
  ],
  [],
);
