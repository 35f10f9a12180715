/** `losses.get`, `serialize`, `deserialize` and `Reduction`: losses by name and as data, in the words of the release. */
import { CALLABLE, type Calls, LossError, type Mode } from "@isoloss/core";
import {
  type Config,
  deserialize,
  get,
  type Identity,
  reductionsOf,
  type Serialized,
  serialize,
} from "./serialization.ts";
import type { FunctionInputs, Loss, LossFunction } from "./surface-types.ts";

/** An instance or a function: both take labels and predictions. */
export type AnyKerasLoss<M extends Mode> = Loss<M> | LossFunction<M, FunctionInputs>;

/** What `losses` has besides the losses. */
export interface Registry<M extends Mode> {
  /** The loss of a name or of a saved form; a loss is itself, null stays null. */
  get(identifier: null | undefined): null;
  get<L extends Calls<M>>(loss: L): L;
  get(identifier: Serialized): AnyKerasLoss<M>;
  /** A loss as JSON. */
  serialize(loss: Calls<M>): Serialized;
  /** The loss that `serialize` saved, or that a string names. */
  deserialize(saved: Serialized): AnyKerasLoss<M>;
  /** The names of reductions, in releases before Keras 3. */
  readonly Reduction: Readonly<Record<"AUTO" | "NONE" | "SUM" | "SUM_OVER_BATCH_SIZE", string>> | undefined;
}

const isLoss = <M extends Mode>(value: unknown): value is Calls<M> => typeof value === "function" && CALLABLE in value;

/** `members`: the losses of the profile by name. */
export function registryOf<M extends Mode>(profile: string, members: object): Registry<M> {
  const made = ({ name, as, options }: Identity): AnyKerasLoss<M> => {
    const member = (members as Readonly<Record<string, unknown>>)[name];
    return (as === "class" ? new (member as new (options: object) => unknown)(options) : member) as AnyKerasLoss<M>;
  };
  const found = (identifier: unknown): unknown => {
    if (isLoss(identifier)) return identifier;
    const identity = get(profile, identifier);
    return identity && made(identity);
  };
  return {
    get: found as Registry<M>["get"],
    serialize(loss) {
      if (!isLoss(loss)) throw new LossError("option", "serialize takes a loss: an instance of a class, or a function");
      const { entry, title } = loss[CALLABLE];
      if (entry.as === "function") return serialize(profile, title);
      return serialize(profile, entry.entry, (loss as unknown as Loss<M>).get_config() as Config);
    },
    deserialize: (saved) => made(deserialize(profile, saved)),
    Reduction: reductionsOf(profile) as Registry<M>["Reduction"],
  };
}
