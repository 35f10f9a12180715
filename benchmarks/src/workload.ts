/** What is timed: losses, shapes, and which gradients. The Python side (torch_peer.py) knows the workloads by their names. */
import type { ArraySpec } from "./data.ts";

export interface Workload {
  readonly name: string;
  /** Counts in the targets: the eight large workloads. */
  readonly large?: boolean;
  readonly style: "torch" | "keras";
  /** The class to construct, and its options. An option given as a string "array:x" is the array x. */
  readonly loss: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The arguments in the order of the call; further arrays are options. */
  readonly arguments: readonly string[];
  readonly arrays: Readonly<Record<string, ArraySpec>>;
  readonly differentiate: readonly string[];
  /** Calls timed together, where one is too short for a clock. */
  readonly repeat?: number;
}

/** "value": the loss alone; "both": the loss and its gradients. */
export type Measured = "value" | "both";

const M4 = [4 * 1024 * 1024];
const same = (shape: readonly number[], a: ArraySpec["kind"], b: ArraySpec["kind"]): Workload["arrays"] => ({
  input: { shape, kind: a },
  target: { shape, kind: b },
});
const classes = (shape: readonly number[], axis = 1): Workload["arrays"] => ({
  input: { shape, kind: "normal" },
  target: { shape: shape.filter((_, i) => i !== axis), kind: "labels", classes: shape[axis] as number },
});
const pair = { style: "torch", arguments: ["input", "target"], differentiate: ["input"] } as const;

export const workloads: readonly Workload[] = [
  { ...pair, name: "mse 4M", large: true, loss: "MSELoss", arrays: same(M4, "normal", "normal") },
  { ...pair, name: "bce-logits 4M", large: true, loss: "BCEWithLogitsLoss", arrays: same(M4, "normal", "binary") },
  { ...pair, name: "ce 4096x1000", large: true, loss: "CrossEntropyLoss", arrays: classes([4096, 1000]) },
  { ...pair, name: "ce 65536x10", large: true, loss: "CrossEntropyLoss", arrays: classes([65536, 10]) },
  { ...pair, name: "ce 64x50257", large: true, loss: "CrossEntropyLoss", arrays: classes([64, 50257]) },
  { ...pair, name: "ce 4x21x256x256", large: true, loss: "CrossEntropyLoss", arrays: classes([4, 21, 256, 256]) },
  {
    ...pair,
    name: "kl 4096x1000",
    large: true,
    loss: "KLDivLoss",
    options: { reduction: "batchmean" },
    arrays: same([4096, 1000], "log-probabilities", "probabilities"),
  },
  {
    style: "torch",
    name: "cosine 65536x128",
    large: true,
    loss: "CosineEmbeddingLoss",
    arguments: ["input1", "input2", "target"],
    arrays: {
      input1: { shape: [65536, 128], kind: "normal" },
      input2: { shape: [65536, 128], kind: "normal" },
      target: { shape: [65536], kind: "signs" },
    },
    differentiate: ["input1", "input2"],
  },
  { ...pair, name: "ce 32x10", loss: "CrossEntropyLoss", arrays: classes([32, 10]), repeat: 2000 },
  { ...pair, name: "l1 4M", loss: "L1Loss", arrays: same(M4, "normal", "normal") },
  { ...pair, name: "smooth-l1 4M", loss: "SmoothL1Loss", arrays: same(M4, "normal", "normal") },
  { ...pair, name: "bce 4M", loss: "BCELoss", arrays: same(M4, "unit", "binary") },
  { ...pair, name: "hinge-embedding 4M", loss: "HingeEmbeddingLoss", arrays: same(M4, "normal", "signs") },
  {
    ...pair,
    name: "ce weighted smoothed ignoring 4096x1000",
    loss: "CrossEntropyLoss",
    options: { weight: "array:weight", label_smoothing: 0.1 },
    arrays: {
      input: { shape: [4096, 1000], kind: "normal" },
      target: { shape: [4096], kind: "ignorable", classes: 1000 },
      weight: { shape: [1000], kind: "weights" },
    },
  },
  {
    ...pair,
    name: "ce probabilities 4096x1000",
    loss: "CrossEntropyLoss",
    arrays: same([4096, 1000], "normal", "probabilities"),
  },
  {
    style: "keras",
    name: "keras cce probabilities 4096x1000",
    loss: "CategoricalCrossentropy",
    arguments: ["y_true", "y_pred"],
    arrays: {
      y_true: { shape: [4096, 1000], kind: "probabilities" },
      y_pred: { shape: [4096, 1000], kind: "probabilities" },
    },
    differentiate: ["y_pred"],
  },
  {
    style: "keras",
    name: "keras hinge 4096x1000",
    loss: "Hinge",
    arguments: ["y_true", "y_pred"],
    arrays: { y_true: { shape: [4096, 1000], kind: "binary" }, y_pred: { shape: [4096, 1000], kind: "normal" } },
    differentiate: ["y_pred"],
  },
];
