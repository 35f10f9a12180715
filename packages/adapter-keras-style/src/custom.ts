/** `custom`: a loss of your own in Keras's way, as a class and as a function, weighted and reduced as the release does it. */
import {
  type AnyLoss,
  type Call,
  type Contract,
  type CustomWanted,
  contractOfDefinition,
  customOf,
  type DefinitionOptionsOf,
  type Dims,
  type FloatPortsOf,
  isOuter,
  type Layout,
  LossError,
  type LossPorts,
  type Mode,
  type Part,
  type PortInputs,
  type PortsOf,
  type Shape,
  type Spelled,
  type Style,
  shapeOf,
  type TensorLike,
} from "@isoloss/core";
import { withCommon } from "./changes/every-loss.ts";
import { Loss } from "./entries/common.ts";
import { contractIn } from "./profiles.ts";
import { type Move, shifted } from "./ranks.ts";
import { type Description, lossIn } from "./surface-losses.ts";
import type { ClassOptions, LossClass, LossFunction, Weights } from "./surface-types.ts";

/** A custom loss's tensors: by position in the order of the definition's ports, or by name. */
export type CustomInputs<D> = readonly [PortInputs<PortsOf<D>>] | readonly TensorLike[];
/** The same with what an instance is given besides. */
export type WeightedInputs<D> =
  | readonly [PortInputs<PortsOf<D>> & Spelled<Weights>]
  | readonly [...TensorLike[], Spelled<Weights> | TensorLike];

/** A definition as a class with options and as a function. */
export interface CustomLoss<M extends Mode, D> {
  readonly Loss: LossClass<
    M,
    DefinitionOptionsOf<D> & ClassOptions,
    WeightedInputs<D>,
    CustomInputs<D>,
    FloatPortsOf<D> | "sample_weight"
  >;
  readonly loss: LossFunction<
    M,
    | readonly [PortInputs<PortsOf<D>> & DefinitionOptionsOf<D>]
    | readonly [...TensorLike[], DefinitionOptionsOf<D> | TensorLike],
    FloatPortsOf<D>
  >;
}
/**
 * Makes a class and a function of a core definition. Its capital-letter axes are the last dimensions. The loss of a sample
 * is what the definition yields: sample weights and masks meet that, and the reduction divides by the number of those.
 */
export type Custom<M extends Mode> = <D extends AnyLoss>(
  definition: D,
  settings?: CustomWanted<FloatPortsOf<D>>,
) => CustomLoss<M, D>;

/** The definition's own axes are the last. */
const begin = (rank: number, own: number): number => rank - own;

const tensorOfShape = (shape: Shape) => ({ dtype: "float32", shape }) as const;
const rankOf = (dims: Dims | undefined): number => (dims ?? []).filter((d) => isOuter(d.axis)).length;

/**
 * Lays weights and mask over the loss as the release does it for its own: over one that is element by element, has the
 * same samples, and one class more.
 */
function weightedLike(like: Contract, layout: Layout, call: Call): Layout {
  const { sample_weight, mask } = call.inputs;
  const { value } = layout;
  const shape = [...shapeOf(value), 1];
  const inputs = {
    y_true: tensorOfShape(shape),
    y_pred: tensorOfShape(shape),
    ...(sample_weight && { sample_weight }),
    ...(mask && { mask }),
  };
  const laid = like.layout({ ...call, inputs, options: {} });
  const own = laid.ports[like.inputs["y_pred"]?.port ?? ""] ?? [];
  const first = own.find((d) => isOuter(d.axis));
  const by = (first ? Number(first.axis) - (value.length - 1) : rankOf(own) - value.length) as Move;
  const ports = Object.fromEntries(Object.entries(layout.ports).map(([name, dims]) => [name, shifted(dims, by)]));
  for (const name of ["sampleWeight", "mask"]) if (laid.ports[name]) ports[name] = laid.ports[name] as Dims;
  return { ports, value: laid.value };
}

const WEIGHTS = ["sample_weight", "mask"] as const;

/** `like`: the release's base class, from which weights, reductions and types are taken. */
function contractOf(definition: AnyLoss, like: Contract): Contract {
  const own = contractOfDefinition(definition, begin);
  const ports: LossPorts = definition.inputs;
  for (const name of [...WEIGHTS, ...Object.keys(like.options)])
    if (own.options[name] || own.inputs[name])
      throw new LossError("option", `${definition.name}: '${name}' is Keras's word, not free for a port or an option`);
  const weights = Object.fromEntries(WEIGHTS.flatMap((name) => (like.inputs[name] ? [[name, like.inputs[name]]] : [])));
  /** The call as the release's own losses see it: its predictions are the first floating port. */
  const seen = (call: Call): Call => {
    const y_pred = call.inputs[Object.keys(call.inputs).find((name) => ports[name]?.kind === "floats") ?? ""];
    return y_pred ? { ...call, inputs: { ...call.inputs, y_true: y_pred, y_pred } } : call;
  };
  return {
    ...own,
    inputs: { ...own.inputs, ...(weights as Contract["inputs"]) },
    options: { ...own.options, ...like.options },
    layout: (call) => weightedLike(like, own.layout(call), call),
    dtypes(call) {
      const { of = {}, ...dtypes } = like.dtypes(seen(call));
      const kept = Object.fromEntries(
        Object.entries(of).filter(([port]) => port === "sampleWeight" || port === "mask"),
      );
      return { ...dtypes, of: kept };
    },
    gradient: { of: [...own.gradient.of, "sample_weight"], refuses: {} },
    reduction: like.reduction,
    ...(like.after && { after: like.after }),
  };
}

/** A custom loss is called what it is, and saves what it was made with. */
const description: Description = {
  config: ({ entry }, options) => ({ ...options, name: options["name"] ?? entry }),
  name: ({ entry }, options) => (typeof options["name"] === "string" ? options["name"] : entry),
};

const customIn =
  <M extends Mode>(style: Style<M>, profile: string): Custom<M> =>
  (definition, settings) => {
    const like = contractIn({ contract: Loss, changes: withCommon() }, profile);
    return customOf(style, lossIn(description), definition, contractOf(definition, like), settings) as never;
  };

/** `custom`, as an entry of `createKerasWith`. */
export const custom: Part = { as: "part", in: customIn };
