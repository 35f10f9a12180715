/** The cold half of a call: from a contract and a signature to a program, and to what is to be done with the data of each call. */
import { type Aligned, align, sameShape, shapeOf, showShape } from "./align.ts";
import {
  type Call,
  type CallDTypes,
  type Contract,
  type Definition,
  isTensor,
  type OptionValue,
  refuse,
  type ValueRefusal,
  valueRefusals,
} from "./contract.ts";
import { isFloat } from "./dtype.ts";
import { LossError } from "./errors.ts";
import { grad } from "./grad.ts";
import { type Leaf, leafOf, type Source, toDType } from "./leaf.ts";
import type { LossOptions, LossPorts, Terms } from "./loss.ts";
import type { Axis, Node } from "./node.ts";
import { cast, constant, expand, input } from "./ops.ts";
import { reduce } from "./reduce.ts";
import type { TensorType } from "./tensor.ts";

/** What a caller wants of a call. */
export interface Wanted {
  readonly value: boolean;
  /** A gradient flows in, of this type; without it, ones. */
  readonly upstream?: TensorType;
}

/** All that a signature decides. */
export interface Plan {
  /** The value first, where it is wanted, then the gradients, in the order of `gradients`. */
  readonly outputs: readonly Node[];
  /** One order of the axes, and the size of each. */
  readonly axes: readonly Axis[];
  readonly extents: ReadonlyMap<Axis, number>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly value: TensorType | undefined;
  readonly gradients: readonly (TensorType & { readonly name: string })[];
  readonly refusals: readonly ValueRefusal[];
  readonly warnings: readonly string[];
}

export const UPSTREAM = "upstream";

/** The tensors of a call as leaves, and the definition's options, exempt indices among them as what indices are compared with. */
function leavesOf(
  contract: Contract,
  call: Call,
  { loss, options: given }: Definition,
  { compute, of = {} }: CallDTypes,
  { axes, extents }: Aligned,
  repeats = false,
) {
  const raw: LossOptions = { ...loss.options, ...given };
  const options: Record<string, LossOptions[string]> = { ...raw };
  const leaves = new Map<string, Leaf>();
  const ports: Record<string, Node> = {};
  for (const [name, type] of Object.entries<OptionValue | TensorType>({ ...call.inputs, ...call.options })) {
    if (!isTensor(type)) continue;
    const port = (contract.inputs[name] ?? contract.options[name])?.port ?? name;
    const on = axes[port];
    if (!on) continue;
    const spec = (loss.inputs as LossPorts)[port];
    let leaf: Leaf;
    if (spec?.kind === "labels") {
      const { axis, except = "" } = spec;
      leaf = spec.leaf(name, type, on, of[port] ?? "int32", extents.get(axis) ?? 1, raw[except]);
      if (except) options[except] = leaf.source.labels?.except;
    } else leaf = leafOf(name, type, on, of[port] ?? compute, repeats && name in call.inputs ? axes[""] : []);
    leaves.set(name, leaf);
    ports[port] = leaf.port;
  }
  return { leaves, ports, options };
}

/** The inputs asked for that the gradient of a value flows to: floats, through floats. */
function flowsTo({ gradient }: Contract, call: Call, leaves: ReadonlyMap<string, Leaf>, value: Node) {
  if (!isFloat(value.dtype)) return [];
  return call.gradients.flatMap((name) => {
    const leaf = leaves.get(name);
    const { dtype, shape } = call.inputs[name] as TensorType;
    const flows = leaf && gradient.of.includes(name) && isFloat(dtype) && isFloat(leaf.port.dtype);
    return flows ? [{ name, dtype, shape, node: leaf.node }] : [];
  });
}

/** Plans a call. Throws the framework's refusals of its signature. */
export function planCall(contract: Contract, call: Call, { value: isWanted, upstream }: Wanted): Plan {
  refuse(contract.refuses, call);
  const layout = contract.layout(call);
  const dtypes = contract.dtypes(call);
  const definition = contract.define(call);
  const aligned = align({ ...layout.ports, "": layout.value });
  const { axes, extents } = aligned;
  const order = axes[""] as readonly Axis[];
  const { leaves, ports, options } = leavesOf(contract, call, definition, dtypes, aligned, layout.repeats);

  const terms: Terms = definition.loss.build(ports, options);
  const own = contract.mean?.(terms.loss, [...extents.keys()], dtypes) ?? terms.loss;
  const loss = cast(own, dtypes.tail ?? dtypes.compute);
  const { kind, rule } = contract.reduction(call, layout);
  const after = contract.after ?? ((unweighted) => unweighted);
  const reduced = reduce(after({ ...terms, loss }, ports, { axes, call }), kind, order, rule);
  const value = cast(reduced, dtypes.result ?? reduced.dtype);
  const shape = kind === "none" ? (layout.shape ?? shapeOf(layout.value)) : [];

  const { requires, refuses } = call.gradients.length ? contract.gradient : { refuses: {} };
  refuse({ requires }, call);
  if (upstream && !sameShape(upstream.shape, shape))
    throw new LossError(
      "shape",
      `the upstream gradient has shape ${showShape(upstream.shape)}, the value has shape ${showShape(shape)}`,
    );
  refuse(refuses, call);
  const wrt = flowsTo(contract, call, leaves, value);
  const seed = upstream ? input(UPSTREAM, kind === "none" ? order : [], value.dtype) : constant(1, value.dtype);
  const grads = grad(
    value,
    wrt.map(({ node }) => node),
    expand(seed, value.axes),
  );
  const sources = new Map([...leaves].map(([name, { source }]) => [name, source]));
  if (upstream) sources.set(UPSTREAM, { name: UPSTREAM, convert: toDType(upstream.dtype, value.dtype) });
  return {
    outputs: isWanted ? [value, ...grads] : grads,
    axes: order,
    extents,
    sources,
    value: isWanted ? { dtype: value.dtype, shape } : undefined,
    gradients: wrt,
    refusals: [...valueRefusals(contract.refuses), ...valueRefusals(refuses)],
    warnings: Object.values(contract.warnings ?? {}).flatMap((w) => w?.(call) || []),
  };
}
