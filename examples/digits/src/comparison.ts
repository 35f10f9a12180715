/** Every loss of the foundation on the trained model's outputs, in each release, on every backend against the reference. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import type { Backend, TensorObject } from "@isoloss/core";
import { CLASSES, type Digits, oneHot } from "./digits.ts";

/** What the model says of the test images, and what they are. */
export interface Outputs {
  readonly logits: TensorObject;
  readonly probabilities: TensorObject;
  readonly labels: TensorObject;
  readonly oneHot: TensorObject;
  /** 1 where the model is right, else −1. */
  readonly right: TensorObject;
}

export function outputsOf(logits: Float32Array, { labels, count }: Digits): Outputs {
  const probabilities = new Float32Array(logits.length);
  const right = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    const largest = Math.max(...row);
    const exponentials = row.map((x) => Math.exp(x - largest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    probabilities.set(
      exponentials.map((e) => e / sum),
      i * CLASSES,
    );
    right[i] = row.indexOf(largest) === labels[i] ? 1 : -1;
  }
  const rows = [count, CLASSES];
  return {
    logits: { data: logits, shape: rows },
    probabilities: { data: probabilities, shape: rows },
    labels: { data: labels, shape: [count] },
    oneHot: { data: oneHot(labels), shape: rows },
    right: { data: right, shape: [count] },
  };
}

interface Answer {
  readonly value: number;
  /** All gradients, one behind the other. */
  readonly gradients: readonly number[];
}
type Measure = (backend: Backend, profile: string, outputs: Outputs) => Promise<Answer>;

interface Measured {
  readonly value: { item(): number | bigint | boolean };
  readonly grads: Readonly<Record<string, { readonly data: unknown } | undefined>>;
}
const answer = ({ value, grads }: Measured): Answer => ({
  value: Number(value.item()),
  gradients: Object.values(grads).flatMap((g) => Array.from(g?.data as Float32Array)),
});

/** A call of the PyTorch style. */
const torch =
  (call: (torch: ReturnType<typeof createTorch>, o: Outputs) => Measured | Promise<Measured>): Measure =>
  async (backend, profile, outputs) => {
    const own = createTorch({ backend, profile });
    const result = answer(await call(own, outputs));
    own.dispose();
    return result;
  };
const keras =
  (call: (keras: ReturnType<typeof createKeras>, o: Outputs) => Measured | Promise<Measured>): Measure =>
  async (backend, profile, outputs) => {
    const own = createKeras({ backend, profile });
    const result = answer(await call(own, outputs));
    own.dispose();
    return result;
  };

/** One row of the table: a call that is made in each of the profiles. */
interface Row {
  readonly loss: string;
  readonly profiles: readonly string[];
  readonly measure: Measure;
}
const bothTorch = ["torch@1.7", "torch@2.13"];
const bothKeras = ["tf@2.3", "keras@3.15"];

export const rows: readonly Row[] = [
  {
    loss: "MSELoss",
    profiles: bothTorch,
    measure: torch(({ nn, valueAndGrad }, o) => valueAndGrad(new nn.MSELoss())(o.probabilities, o.oneHot)),
  },
  {
    loss: "CrossEntropyLoss, class indices",
    profiles: bothTorch,
    measure: torch(({ nn, valueAndGrad }, o) => valueAndGrad(new nn.CrossEntropyLoss())(o.logits, o.labels)),
  },
  {
    loss: "CrossEntropyLoss, probabilities",
    profiles: ["torch@2.13"],
    measure: torch(({ nn, valueAndGrad }, o) =>
      valueAndGrad(new nn.CrossEntropyLoss({ label_smoothing: 0.1 }))(o.logits, o.oneHot),
    ),
  },
  {
    loss: "BCELoss",
    profiles: bothTorch,
    measure: torch(({ nn, valueAndGrad }, o) => valueAndGrad(new nn.BCELoss())(o.probabilities, o.oneHot)),
  },
  {
    loss: "CosineEmbeddingLoss",
    profiles: bothTorch,
    measure: torch(({ nn, valueAndGrad }, o) =>
      valueAndGrad(new nn.CosineEmbeddingLoss({ margin: 0.2 }))(o.probabilities, o.oneHot, o.right),
    ),
  },
  {
    loss: "MeanSquaredError",
    profiles: bothKeras,
    measure: keras(({ losses, valueAndGrad }, o) =>
      valueAndGrad(new losses.MeanSquaredError())(o.oneHot, o.probabilities),
    ),
  },
  {
    loss: "SparseCategoricalCrossentropy",
    profiles: bothKeras,
    measure: keras(({ losses, valueAndGrad }, o) =>
      valueAndGrad(new losses.SparseCategoricalCrossentropy())(o.labels, o.probabilities),
    ),
  },
  {
    loss: "SparseCategoricalCrossentropy, logits",
    profiles: bothKeras,
    measure: keras(({ losses, valueAndGrad }, o) =>
      valueAndGrad(new losses.SparseCategoricalCrossentropy({ from_logits: true }))(o.labels, o.logits),
    ),
  },
  {
    loss: "CategoricalCrossentropy",
    profiles: bothKeras,
    measure: keras(({ losses, valueAndGrad }, o) =>
      valueAndGrad(new losses.CategoricalCrossentropy())(o.oneHot, o.probabilities),
    ),
  },
  {
    loss: "CategoricalCrossentropy, logits",
    profiles: bothKeras,
    measure: keras(({ losses, valueAndGrad }, o) =>
      valueAndGrad(new losses.CategoricalCrossentropy({ from_logits: true, label_smoothing: 0.1 }))(o.oneHot, o.logits),
    ),
  },
  {
    loss: "BinaryCrossentropy",
    profiles: bothKeras,
    measure: keras(({ losses, valueAndGrad }, o) =>
      valueAndGrad(new losses.BinaryCrossentropy())(o.oneHot, o.probabilities),
    ),
  },
  {
    loss: "BinaryCrossentropy, logits",
    profiles: bothKeras,
    measure: keras(({ losses, valueAndGrad }, o) =>
      valueAndGrad(new losses.BinaryCrossentropy({ from_logits: true }))(o.oneHot, o.logits),
    ),
  },
  {
    loss: "Hinge",
    profiles: bothKeras,
    measure: keras(({ losses, valueAndGrad }, o) => valueAndGrad(new losses.Hinge())(o.oneHot, o.logits)),
  },
];

/** How far a backend is from the reference: the value relative to it, the gradient to its largest element. */
export interface Distance {
  readonly value: number;
  readonly gradient: number;
}
export function distance(got: Answer, wanted: Answer): Distance {
  const largest = Math.max(...wanted.gradients.map(Math.abs), Number.MIN_VALUE);
  const apart = wanted.gradients.map((g, i) => Math.abs(g - (got.gradients[i] ?? Number.NaN)));
  return {
    value: Math.abs(got.value - wanted.value) / Math.abs(wanted.value),
    gradient: got.gradients.length === wanted.gradients.length ? Math.max(...apart) / largest : Number.NaN,
  };
}
