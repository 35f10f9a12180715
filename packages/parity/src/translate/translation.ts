/** What a translation says: the call over there, the verdict, what it rests on, and examples. */
import type { Candidate } from "../candidate.ts";
import type { Outcome, Tensors } from "../evaluate.ts";
import type { Source } from "../probes.ts";
import type { Values } from "../tensor-expression.ts";

export type Proof = "same-definition" | "normal-form" | "piecewise" | "sampled";
export type Verdict = "equal" | "equal-if" | "different";

/** Inputs, and what both sides give for them. */
export interface Example {
  readonly tensors: Tensors;
  readonly from: Outcome;
  /** Undefined: the tensors cannot be written for the other call. */
  readonly to: Outcome | undefined;
}
export interface Condition {
  readonly text: string;
  /** An input that violates it, and on which the two differ: in the value, or in the gradient that the text names. */
  readonly violation: Example | undefined;
}

/** Inputs on which both sides have one value, and not one gradient. */
export interface GradientDifference {
  readonly of: string;
  /** On how many inputs. */
  readonly inputs: number;
  /** What must hold of the inputs for the gradients to agree, where one condition says it. */
  readonly unless: string | undefined;
  /** `to` is undefined where nothing is passed back over there. */
  readonly example: { readonly tensors: Tensors; readonly from: Values; readonly to: Values | undefined };
}
/** Both gradients, compared where the conditions hold. */
export interface GradientComparison {
  readonly of: readonly string[];
  readonly samples: number;
  readonly differences: readonly GradientDifference[];
}

export interface Translation {
  readonly source: Source;
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  /** What equality rests on; of a call that is different, undefined. */
  readonly proof: Proof | undefined;
  readonly conditions: readonly Condition[];
  readonly counterexample: Example | undefined;
  /** Of the calls that are not equal: the largest difference found, and where. */
  readonly largest: { readonly absolute: number; readonly example: Example } | undefined;
  /** The number of samples on which the calls were compared. */
  readonly samples: number;
  /** Inputs on which the conditions hold: where the verdict is not "different", both sides agree there. */
  readonly agreeing: readonly Tensors[];
  /** Of calls that are equal: their gradients, compared on samples. */
  readonly gradient?: GradientComparison;
  /** How far two float32 answers may lie apart. */
  readonly float32?: { readonly relative: number; readonly over: string };
}
