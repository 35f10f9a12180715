/** Losses as small expression graphs: named axes, reverse mode, contracts, and the contract of a backend. */
export type {
  Backend,
  BackendBuffer,
  Eventually,
  Extents,
  Feed,
  Feeds,
  Kernel,
  Mode,
  Outputs,
} from "./backend.ts";
export { volume } from "./backend.ts";
export { decompose, decompositions } from "./decompose.ts";
export {
  type DType,
  decoder,
  encoder,
  type FloatDType,
  fromNumbers,
  type IntDType,
  isDType,
  isFloat,
  isHalf,
  promote,
  round,
  storage,
  type TypedArray,
  toNumbers,
} from "./dtype.ts";
export { type ErrorCode, isLossError, LossError, UnsupportedError } from "./errors.ts";
export { grad } from "./grad.ts";
export { Lru } from "./lru.ts";
export {
  type Attributes,
  type Axis,
  type ElementwiseOp,
  elementwiseOps,
  type GradientRule,
  isOuter,
  type Node,
  type Op,
  type Operand,
  print,
  topological,
} from "./node.ts";
export * from "./ops.ts";
export { type Port, type Program, program } from "./program.ts";
export { evaluate, type Rule, rules } from "./rules.ts";
export { simplifications } from "./simplify.ts";
