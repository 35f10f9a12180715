/** `custom`: a loss of your own in PyTorch's way, as a class and as a function. */
import {
  type AnyLoss,
  type Contract,
  type CustomWanted,
  contractOfDefinition,
  customOf,
  type DefinitionOptionsOf,
  type FloatPortsOf,
  LossError,
  type Mode,
  type Part,
  type PortInputs,
  type PortsOf,
  type Style,
  type TensorLike,
} from "@isoloss/core";
import { byWeights, legacy, reductionWarnings, unknownReduction } from "./reduction.ts";
import { lossIn } from "./surface-losses.ts";
import type { LossClass, LossFunction, ReductionOptions } from "./surface-types.ts";

/** A custom loss's tensors: by position in the order of the definition's ports, or by name. */
export type CustomInputs<D> = readonly [PortInputs<PortsOf<D>>] | readonly TensorLike[];
export type CustomOptions<D> = DefinitionOptionsOf<D> & ReductionOptions;

/** A definition as a class with options and as a function. */
export interface CustomLoss<M extends Mode, D> {
  readonly Loss: LossClass<M, CustomInputs<D>, FloatPortsOf<D>, CustomOptions<D>>;
  readonly loss: LossFunction<M, CustomInputs<D>, FloatPortsOf<D>, CustomOptions<D> & Partial<PortInputs<PortsOf<D>>>>;
}
/**
 * Makes a class and a function of a core definition. Its capital-letter axes are dimension 1 and those behind it, or the
 * first where the tensor has no others; a mean divides by its denominator `weights`, or by the number of its elements.
 */
export type Custom<M extends Mode> = <D extends AnyLoss>(
  definition: D,
  settings?: CustomWanted<FloatPortsOf<D>>,
) => CustomLoss<M, D>;

/** The class axis is 1, or 0 of a tensor that has nothing else. */
const begin = (rank: number, own: number): number => (rank > own ? 1 : 0);

function contractOf(definition: AnyLoss): Contract {
  const own = contractOfDefinition(definition, begin);
  for (const name of Object.keys(legacy))
    if (own.options[name])
      throw new LossError("option", `${definition.name}: '${name}' is PyTorch's word, not free for an option`);
  return {
    ...own,
    options: { ...own.options, ...legacy },
    refuses: { reduction: unknownReduction },
    reduction: byWeights,
    warnings: reductionWarnings,
  };
}

const customIn =
  <M extends Mode>(style: Style<M>): Custom<M> =>
  (definition, settings) =>
    customOf(style, lossIn, definition, contractOf(definition), settings) as never;

/** `custom`, as an entry of `createTorchWith`. */
export const custom: Part = { as: "part", in: customIn };
