/** Who takes part in a comparison: anything that answers a loss and its gradients for tensors of agreed names. */
import type { Outcome, Tensors } from "../evaluate.ts";

/** What a tensor is to a loss, whatever a framework calls it. Systems of several frameworks meet by it. */
export type Role = string;

export interface Contestant {
  /** As it is shown: the system's text and where it runs. */
  readonly name: string;
  /** `gradients`: the names of tensors to differentiate. */
  answer(tensors: Tensors, gradients: readonly string[]): Outcome | Promise<Outcome>;
  /** The value of every element or sample, where the system can leave it unreduced. */
  readonly unreduced?: Contestant | undefined;
  dispose?(): void | Promise<void>;
}

const targets = ["target", "targets", "y_true", "labels"];
const predictions = ["input", "inputs", "y_pred", "predictions", "logits"];

/** The names of one framework's arguments for another's: predictions for predictions, targets for targets, others as they are. */
export function roleOf(name: string): Role {
  if (targets.includes(name)) return "target";
  return predictions.includes(name) ? "prediction" : name;
}
/** The tensor among `names` that has the role of `name`. */
export const sameRole = (name: string, names: readonly string[]): string | undefined =>
  names.includes(name) ? name : names.find((n) => roleOf(n) === roleOf(name));
