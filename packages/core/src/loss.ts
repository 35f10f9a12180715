/** What a loss is: typed ports, options, and a graph that yields terms. Its author writes no reduction and no gradient. */
import { labelsOf, type ReadLabels } from "./labels.ts";
import type { Axis, Node } from "./node.ts";

/** A tensor that a definition receives. `own`: the capital-letter axes that it has. */
export interface FloatPort {
  readonly kind: "floats";
  readonly own: readonly Axis[];
  readonly optional: boolean;
}
/** Class indices into `axis`; the value of the option named `except` is exempt from the range check. */
export interface LabelPort {
  readonly kind: "labels";
  readonly own: readonly Axis[];
  readonly axis: Axis;
  readonly except: string | undefined;
  /** Reads them: only a loss that has such ports brings how. */
  readonly leaf: ReadLabels;
  readonly optional: boolean;
}
export type LossPort = FloatPort | LabelPort;
export type LossPorts = Readonly<Record<string, LossPort>>;

export const floats = (...own: readonly Axis[]): FloatPort & { optional: false } => ({
  kind: "floats",
  own,
  optional: false,
});
export const labels = (of: { axis: Axis; except?: string; leaf?: ReadLabels }): LabelPort & { optional: false } => ({
  kind: "labels",
  own: [],
  axis: of.axis,
  except: of.except,
  leaf: of.leaf ?? labelsOf,
  optional: false,
});
export const optional = <P extends LossPort>(port: P): Omit<P, "optional"> & { optional: true } => ({
  ...port,
  optional: true,
});

/** The ports of a call as nodes: an optional one is undefined where the call lacks it. */
export type PortNodes<I extends LossPorts> = {
  readonly [K in keyof I]: I[K]["optional"] extends false ? Node : Node | undefined;
};

/**
 * What a definition yields. `loss`: per element (or per sample), weighted by what the definition itself weighs with.
 * `denominators`: what a mean may divide by besides the count of elements. `mask`: where the loss says "no element".
 */
export interface Terms {
  readonly loss: Node;
  readonly denominators?: Readonly<Record<string, Node>>;
  readonly mask?: Node;
  /** What is done to the loss once it is reduced. */
  readonly finish?: (reduced: Node) => Node;
  /** Further terms, each reduced by itself, by denominators of its own, and added. */
  readonly parts?: readonly Terms[];
}

export type LossOptions = Readonly<Record<string, number | string | boolean | undefined>>;

/** A loss definition. */
export interface Loss<I extends LossPorts = LossPorts, O extends LossOptions = LossOptions> {
  readonly name: string;
  readonly inputs: I;
  /** Every option with its default. Numbers may change from call to call without compiling anything. */
  readonly options: O;
  build(inputs: PortNodes<I>, options: O): Terms;
}
/** Any definition, where its ports and options are of no matter. */
// biome-ignore lint/suspicious/noExplicitAny: build's parameters are contravariant: no narrower type holds every definition
export type AnyLoss = Loss<any, any>;

type Widened<O> = { readonly [K in keyof O]: Widen<O[K]> };
/** The type of a default: any number, any boolean; "" stands for any text, other texts for themselves. */
type Widen<V> = V extends number ? number : V extends boolean ? boolean : V extends "" ? string : V;

/** Declares a loss. Freezes it. */
export const defineLoss = <const I extends LossPorts, const O extends LossOptions>(loss: {
  readonly name: string;
  readonly inputs: I;
  readonly options: O;
  build(inputs: PortNodes<I>, options: Widened<O>): Terms;
}): Loss<I, Widened<O>> => Object.freeze(loss as unknown as Loss<I, Widened<O>>);
