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

export const sparseCategoricalCrossEntropyChanges = withCommon([
  {
    since: "2.4",
    until: "2.8",
    entry: "SparseCategoricalCrossentropy",
    what: "no softmax of bfloat16",
    ref: "observed",
    set: { refuses: { bfloat16: noBfloat16 } },
  },
  {
    since: "2.7",
    entry: "SparseCategoricalCrossentropy",
    what: "labels become integers at once",
    ref: "observed",
    set: { dtypes: (call) => labelsAsIntegers(throughFloat32(call)) },
  },
  {
    since: "2.8",
    entry: "SparseCategoricalCrossentropy",
    what: "the softmax of bfloat16 is back, and only the label's class counts",
    ref: "observed",
    set: { define: ({ options }) => sparseOf(options) },
  },
  {
    since: "2.9",
    entry: "SparseCategoricalCrossentropy",
    what: "weights and reduction keep float64 and half precision",
    ref: "keras#15791",
    set: { dtypes: (call) => labelsAsIntegers(inPredicted(call)) },
  },
  {
    since: "2.10",
    entry: "SparseCategoricalCrossentropy",
    what: "`ignore_class`",
    ref: "keras#16712",
    set: {
      options: { ignore_class: numberOrNone },
      define: ({ options }) => sparseOf(options, { rounds: true }),
      refuses: { vector: ignoresOfRows, weightType: weightOfLossType(ignores) },
      after: weightsAndMasks({ whenNone: "nan" }),
    },
  },
  {
    since: "2.11",
    entry: "SparseCategoricalCrossentropy",
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: sparse(masked), refuses: { mask: maskIsBoolean } },
  },
  {
    since: "3.0",
    entry: "SparseCategoricalCrossentropy",
    what: "labels of y_pred's rank less one, or ending in 1; classes on the last axis",
    ref: "keras-core",
    set: {
      refuses: { vector: undefined, columns: ignoresOfColumn, axis: lastAxisOnly(classOnly, { keeps: true }) },
      dtypes: oneForAll,
      define: ({ options }) => sparseOf(options, { multiplies: true }),
      layout: sparseOverLast(classOnly, { keeps: true }),
    },
  },
  {
    since: "3.4",
    entry: "SparseCategoricalCrossentropy",
    what: "labels ending in 1 may be ignored; reads the shapes of what the function is given",
    ref: "observed",
    set: {
      refuses: { columns: undefined, axis: lastAxisOnly(classOnly), numbers: tensorsOnly },
      layout: sparseOverLast(classOnly),
    },
  },
  {
    since: "3.10",
    entry: "SparseCategoricalCrossentropy",
    what: "`axis` of the class",
    ref: "observed",
    set: { options: { axis: kept(-1) } },
  },
  {
    since: "3.15",
    entry: "SparseCategoricalCrossentropy",
    what: "what is ignored is selected away, not multiplied by 0",
    ref: "observed",
    set: { define: ({ options }) => sparseOf(options) },
  },
]);
