/** The types of the public surface: what each kind of loss takes and gives. */
import type { Calls, Eventually, Mode, PublicLoss, Spelled, TensorLike, TensorValue } from "@isoloss/core";

/** "auto" until Keras 2; "mean" and "mean_with_sample_weight" since 3.7; null since 3.0. */
export type Reduction = "auto" | "sum_over_batch_size" | "sum" | "none" | "mean" | "mean_with_sample_weight" | null;

/** What stands beside the labels and the predictions of an instance. */
export interface Weights {
  /** Multiplies the loss of each sample. */
  readonly sample_weight?: TensorLike | null | undefined;
  /** What Keras reads from `y_pred._keras_mask`: samples that count. */
  readonly mask?: TensorLike | null | undefined;
}
/** The arguments of an instance; the third may be the sample weights themselves, as in Python. */
export type InstanceInputs = readonly [
  y_true: TensorLike,
  y_pred: TensorLike,
  weights?: Spelled<Weights> | TensorLike | null,
];
/** The arguments of a function. */
export type FunctionInputs = readonly [y_true: TensorLike, y_pred: TensorLike];
export type Gradients = "y_true" | "y_pred" | "sample_weight";

/** The options of every class. */
export interface ClassOptions {
  readonly reduction?: Reduction;
  readonly name?: string | null;
  /** What a class of Keras 3 computes in; float32 unless given. */
  readonly dtype?: string | null;
}
export interface AxisOptions {
  /** The axis, or the axes, that the loss of one sample runs along; the last unless given. */
  readonly axis?: number | readonly number[];
}
export interface CrossentropyOptions extends AxisOptions {
  /** Whether predictions are logits. */
  readonly from_logits?: boolean;
  readonly label_smoothing?: number | readonly number[];
}
export interface SparseOptions extends AxisOptions {
  readonly from_logits?: boolean;
  /** A class that counts for nothing. Since 2.10. */
  readonly ignore_class?: number | null;
}
export interface HuberOptions {
  /** A bigint is Python's int, as 1 beside 1.0: Keras 3.0 to 3.3 does not compare it with floats. */
  readonly delta?: number | bigint;
}

/** What an entry carries of its types. */
type OptionsOf<E> = E extends PublicLoss<"class" | "function", readonly unknown[], string, infer O> ? O : never;

/** An instance of a loss class: callable, weighted and reduced. */
export interface Loss<
  M extends Mode,
  I extends readonly unknown[] = InstanceInputs,
  P extends readonly unknown[] = FunctionInputs,
  G extends string = Gradients,
> extends Calls<M> {
  (...inputs: I): Eventually<M, TensorValue>;
  /** The loss of each sample: neither weighted nor reduced. */
  call(...inputs: P): Eventually<M, TensorValue>;
  /** Compiles for arguments like these, without running. */
  prepare(...inputs: I): Eventually<M, void>;
  /** The configuration that Keras saves. */
  get_config(): Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly types?: { readonly inputs: I; readonly gradients: G };
}
/** The options of an instance as attributes, which may be set. */
export type Attributes<O> = {
  -readonly [K in keyof Omit<O, "name">]-?: Exclude<Omit<O, "name">[K], undefined | bigint>;
};

/** A class of `losses`. */
export interface LossClass<
  M extends Mode,
  O extends object,
  I extends readonly unknown[] = InstanceInputs,
  P extends readonly unknown[] = FunctionInputs,
  G extends string = Gradients,
> {
  new (options?: Spelled<O>): Loss<M, I, P, G> & Attributes<O>;
}
/** A function of `losses`: the loss of each sample. */
export interface LossFunction<M extends Mode, I extends readonly unknown[], G extends string = "y_true" | "y_pred">
  extends Calls<M> {
  (...inputs: I): Eventually<M, TensorValue>;
  prepare(...inputs: I): Eventually<M, void>;
  readonly types?: { readonly inputs: I; readonly gradients: G };
}

/** Entries as `losses` has them. */
export type Members<M extends Mode, E> = {
  readonly [K in keyof E as E[K] extends PublicLoss ? K : never]: E[K] extends PublicLoss<"class">
    ? LossClass<M, OptionsOf<E[K]>>
    : LossFunction<M, [...FunctionInputs, options?: Spelled<OptionsOf<E[K]>>]>;
};
