/** Losses as small expression graphs: named axes, reverse mode, contracts, and the contract of a backend. */

export {
  type Aligned,
  align,
  broadcast,
  broadcastDims,
  type Dim,
  type Dims,
  type Shape,
  sameShape,
  shapeOf,
  showShape,
  trailing,
  volumeOf,
} from "./align.ts";
export {
  type Callable,
  isNamed,
  type ReadArguments,
  readArguments,
  readGivenOptions,
  splitArguments,
} from "./arguments.ts";
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
export { type CallSite, createCallSite, type Request, type Result, type SettledCall } from "./call-site.ts";
export * from "./callable.ts";
export * from "./contract.ts";
export * from "./custom.ts";
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
export { andThen, createEngine, type Engine, settled } from "./engine.ts";
export { type ErrorCode, isLossError, LossError, quoted, UnsupportedError } from "./errors.ts";
export { grad } from "./grad.ts";
export { Invocation, type WantedOfCalls } from "./invocation.ts";
export type { Source } from "./leaf.ts";
export {
  type AnyLoss,
  defineLoss,
  type FloatPort,
  floats,
  type LabelPort,
  type Loss,
  type LossOptions,
  type LossPort,
  type LossPorts,
  labels,
  optional,
  type PortNodes,
  type Terms,
} from "./loss.ts";
export { Lru } from "./lru.ts";
export * from "./members.ts";
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
export { type Plan, planCall, UPSTREAM, type Wanted } from "./plan.ts";
export { type Port, type Program, program } from "./program.ts";
export { firstOutside } from "./range.ts";
export { type Division, type MaskScale, meanOfOwn, type ReductionKind, reduce, weigh } from "./reduce.ts";
export {
  entryOf,
  holdsIn,
  type Patch,
  type Row,
  releases,
  resolveContract,
  type Span,
  versionOf,
} from "./releases.ts";
export { evaluate, type Rule, rules } from "./rules.ts";
export { simplifications } from "./simplify.ts";
export { MOST_ELEMENTS } from "./size-limit.ts";
export { type Surface, type SurfaceOptions, surfaceOf } from "./surface.ts";
export {
  isTensorObject,
  type NamedTypeTensor,
  type NestedArray,
  type Reading,
  type SyncTensor,
  type Tensor,
  type TensorLike,
  type TensorObject,
  type TensorType,
  toTensor,
} from "./tensor.ts";
export { type NestedNumbers, TensorValue } from "./tensor-value.ts";
export * from "./value-and-grad.ts";
export { type Camel, didYouMean, inOwnWords, onlyOptions, type Spelled, spelled } from "./words.ts";
