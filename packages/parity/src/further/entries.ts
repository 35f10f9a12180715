/** Public losses that the handbook lacks: those that the workbench knows, and the names of those that it refuses. */
import { type AnyLoss, holdsIn, LossError, type ResolvedEntry } from "@isoloss/core";
import { furtherLosses } from "./definitions.ts";
import { type Handbook, kerasRecord, ofRows, type RecordOf, torchRecord } from "./record.ts";

export interface FurtherLoss {
  readonly framework: "torch" | "keras";
  readonly class?: string;
  readonly function?: string;
  /** The first release, by what stands before the `@`; a family that is not named lacks it. */
  readonly since: Readonly<Record<string, string>>;
  /** Where it is found, if not where the framework's losses are. */
  readonly path?: string;
  readonly definition: AnyLoss;
  readonly contract: RecordOf;
}

const legacy = ["size_average", "reduce", "reduction"];
const everyTorch = { torch: "1.7" };
const of = furtherLosses;

export const furtherEntries: readonly FurtherLoss[] = [
  {
    framework: "torch",
    class: "PoissonNLLLoss",
    function: "poisson_nll_loss",
    since: everyTorch,
    definition: of.PoissonNLLLoss,
    contract: torchRecord(of.PoissonNLLLoss, ["log_input", "full", "size_average", "eps", "reduce", "reduction"]),
  },
  {
    framework: "torch",
    class: "SoftMarginLoss",
    function: "soft_margin_loss",
    since: everyTorch,
    definition: of.SoftMarginLoss,
    contract: torchRecord(of.SoftMarginLoss, legacy),
  },
  {
    framework: "torch",
    class: "MultiLabelSoftMarginLoss",
    function: "multilabel_soft_margin_loss",
    since: everyTorch,
    definition: of.MultiLabelSoftMarginLoss,
    contract: ofRows(torchRecord(of.MultiLabelSoftMarginLoss, ["weight", ...legacy]), "MultiLabelSoftMarginLoss"),
  },
  {
    framework: "torch",
    class: "MarginRankingLoss",
    function: "margin_ranking_loss",
    since: everyTorch,
    definition: of.MarginRankingLoss,
    contract: torchRecord(of.MarginRankingLoss, ["margin", ...legacy]),
  },
  {
    framework: "torch",
    class: "MultiMarginLoss",
    function: "multi_margin_loss",
    since: everyTorch,
    definition: of.MultiMarginLoss,
    contract: ofRows(torchRecord(of.MultiMarginLoss, ["p", "margin", "weight", ...legacy]), "MultiMarginLoss"),
  },
  {
    framework: "torch",
    function: "sigmoid_focal_loss",
    path: "torchvision.ops",
    since: everyTorch,
    definition: of.sigmoid_focal_loss,
    contract: torchRecord(of.sigmoid_focal_loss, ["alpha", "gamma", "reduction"], "none"),
  },
  {
    framework: "keras",
    class: "BinaryFocalCrossentropy",
    function: "binary_focal_crossentropy",
    since: { keras: "2.21" },
    definition: of.BinaryFocalCrossentropy,
    contract: kerasRecord(of.BinaryFocalCrossentropy, "BinaryCrossentropy"),
  },
];

/** Losses that have no counterpart in the other framework, by the releases that have them, and why. */
const outside: readonly { readonly names: readonly string[]; readonly of: string; readonly why: string }[] = [
  {
    names: ["CTCLoss", "ctc_loss"],
    of: "PyTorch",
    why: "Keras' CTC takes logits (N, T, C) and pads with 0, this takes log-probabilities (T, N, C) and lengths, and its mean divides by the target lengths",
  },
  {
    names: [
      "TripletMarginLoss",
      "triplet_margin_loss",
      "TripletMarginWithDistanceLoss",
      "triplet_margin_with_distance_loss",
    ],
    of: "PyTorch",
    why: "Keras has no triplet loss",
  },
  {
    names: ["MultiLabelMarginLoss", "multilabel_margin_loss"],
    of: "PyTorch",
    why: "Keras has no loss of lists of labels",
  },
  { names: ["GaussianNLLLoss", "gaussian_nll_loss"], of: "PyTorch", why: "Keras has no loss of a predicted variance" },
  {
    names: ["AdaptiveLogSoftmaxWithLoss", "LinearCrossEntropyLoss", "linear_cross_entropy"],
    of: "PyTorch",
    why: "it holds a layer's weights, and Keras has none like it",
  },
  {
    names: ["CTC", "ctc"],
    of: "Keras",
    why: "PyTorch's CTCLoss takes log-probabilities (T, N, C) and lengths, this takes logits (N, T, C) and pads with 0, and its mean divides by the samples alone",
  },
  { names: ["Dice", "dice", "Tversky", "tversky"], of: "Keras", why: "PyTorch has no loss of overlaps" },
  { names: ["Circle", "circle"], of: "Keras", why: "PyTorch has no loss of pairs in a batch" },
  {
    names: ["CategoricalFocalCrossentropy", "categorical_focal_crossentropy"],
    of: "Keras",
    why: "PyTorch has no focal loss of classes",
  },
  {
    names: ["CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy"],
    of: "Keras",
    why: "PyTorch has no generalized cross-entropy",
  },
];

const has = ({ since }: FurtherLoss, profile: string): boolean => {
  const [family = "", version = ""] = profile.split("@");
  const first = since[family];
  return first !== undefined && holdsIn({ since: first }, version);
};

/** The names of the further losses that a release has. */
export const furtherNames = (framework: FurtherLoss["framework"], profile: string): string[] =>
  furtherEntries
    .filter((e) => e.framework === framework && has(e, profile))
    .flatMap((e) => [e.class, e.function].filter((n) => n !== undefined));

/** A further loss as an entry of a release; undefined where no such name is known. Refuses a loss that is known to be outside. */
export function findFurther(
  framework: FurtherLoss["framework"],
  profile: string,
  name: string,
  handbook: Handbook,
): ResolvedEntry | undefined {
  const found = furtherEntries.find((e) => e.framework === framework && (e.class === name || e.function === name));
  if (found && has(found, profile))
    return {
      entry: found.class ?? name,
      contract: found.contract(handbook),
      as: found.class === name ? "class" : "function",
      hint: () => "",
    };
  const said = outside.find((o) => o.of === (framework === "torch" ? "PyTorch" : "Keras") && o.names.includes(name));
  if (said) throw new LossError("unknown-loss", `${name} of ${said.of} is outside of this project: ${said.why}`);
  return undefined;
}

/** Where a further loss is found, if not where its framework's losses are. */
export const furtherPath = (name: string): string | undefined =>
  furtherEntries.find((e) => e.class === name || e.function === name)?.path;
