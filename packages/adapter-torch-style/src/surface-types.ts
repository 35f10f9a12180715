/** The types of the public surface: what each kind of loss takes and gives. */
import type { Calls, Eventually, Mode, PublicLoss, Spelled, TensorLike } from "@isoloss/core";
import type { Tensor } from "./tensor.ts";

/** The tensors of most losses. */
export type Pair = readonly [input: TensorLike, target: TensorLike];
/** The tensors of `CosineEmbeddingLoss`. */
export type Triple = readonly [input1: TensorLike, input2: TensorLike, target: TensorLike];

/** "elementwise_mean" is the old word for "mean". */
export type Reduction = "mean" | "sum" | "none" | "elementwise_mean";
export interface LegacyOptions {
  /** Deprecated, like `reduce`: they win over `reduction`. */
  readonly size_average?: boolean | null;
  readonly reduce?: boolean | null;
}
export interface ReductionOptions extends LegacyOptions {
  readonly reduction?: Reduction;
}
export interface WeightOptions {
  /** Multiplies, broadcasting against the loss; for classes, one weight a class. */
  readonly weight?: TensorLike | null;
}
export interface CrossEntropyOptions extends ReductionOptions, WeightOptions {
  /** A class index that counts for nothing; −100 unless given. */
  readonly ignore_index?: number;
  /** Since 1.10. */
  readonly label_smoothing?: number;
}
export interface NLLOptions extends ReductionOptions, WeightOptions {
  readonly ignore_index?: number;
}
export interface BinaryOptions extends ReductionOptions, WeightOptions {}
export interface BinaryLogitsOptions extends BinaryOptions {
  /** The weight of positive targets; broadcasts against the target. */
  readonly pos_weight?: TensorLike | null;
}
export interface KLDivOptions extends LegacyOptions {
  /** "batchmean" is the mathematical divergence; "mean" divides by the number of elements. */
  readonly reduction?: Reduction | "batchmean";
  /** Whether the target is given as logarithms. */
  readonly log_target?: boolean;
}
export interface SmoothL1Options extends ReductionOptions {
  readonly beta?: number;
}
export interface HuberOptions {
  readonly reduction?: Reduction;
  readonly delta?: number;
}
export interface MarginOptions extends ReductionOptions {
  readonly margin?: number;
}

/** What an entry carries of its types. */
export type InputsOf<E> = E extends PublicLoss<"class" | "function", infer I> ? I : never;
export type GradientsOf<E> = E extends PublicLoss<"class" | "function", readonly unknown[], infer G> ? G : never;
export type OptionsOf<E> = E extends PublicLoss<"class" | "function", readonly unknown[], string, infer O> ? O : never;

/** An instance of a loss class: callable, with its options as attributes. */
export interface Criterion<M extends Mode, I extends readonly unknown[], G extends string = string> extends Calls<M> {
  (...inputs: I): Eventually<M, Tensor<M>>;
  forward(...inputs: I): Eventually<M, Tensor<M>>;
  /** Compiles for arguments like these, without running: the value, and with gradients asked for those too. */
  prepare(...inputs: I): Eventually<M, void>;
  readonly types?: { readonly inputs: I; readonly gradients: G };
}
/** The options of an instance as attributes, which may be set. */
export type Attributes<O> = { -readonly [K in keyof O]-?: Exclude<O[K], undefined> };

/** A class of `nn`. */
export interface LossClass<M extends Mode, I extends readonly unknown[], G extends string, O extends object> {
  new (options?: Spelled<O>): Criterion<M, I, G> & Attributes<O>;
}
/** A function of `F`. */
export interface LossFunction<M extends Mode, I extends readonly unknown[], G extends string, O extends object>
  extends Calls<M> {
  (...inputs: [...I, options?: Spelled<O>]): Eventually<M, Tensor<M>>;
  prepare(...inputs: [...I, options?: Spelled<O>]): Eventually<M, void>;
  readonly types?: { readonly inputs: [...I, options?: Spelled<O>]; readonly gradients: G };
}

/** The entries that are classes, as `nn` has them. */
export type Classes<M extends Mode, E> = {
  readonly [K in keyof E as E[K] extends PublicLoss<"class"> ? K : never]: LossClass<
    M,
    InputsOf<E[K]>,
    GradientsOf<E[K]>,
    OptionsOf<E[K]>
  >;
};
/** The entries that are functions, as `F` has them. */
export type Functions<M extends Mode, E> = {
  readonly [K in keyof E as E[K] extends PublicLoss<"function"> ? K : never]: LossFunction<
    M,
    InputsOf<E[K]>,
    GradientsOf<E[K]>,
    OptionsOf<E[K]>
  >;
};
