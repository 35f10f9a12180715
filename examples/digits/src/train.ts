/** Trains the classifier: the same batches and the same first weights, whoever computes the loss. */
import { choose, type Digits, generator, shuffled } from "./digits.ts";
import { accuracy, createModel, createOptimizer, logitsOf, type Model } from "./model.ts";

export const EPOCHS = 30;
const BATCH = 64;
const RATE = 0.1;
const MOMENTUM = 0.9;
const SEED = 7;

/** The loss of a batch, and its gradient at the logits. */
export interface Step {
  readonly loss: number;
  readonly gradient: Float32Array;
}
/** What computes it: one of the two styles. */
export type Criterion = (logits: Float32Array, batch: Digits) => Step | Promise<Step>;

export interface Trained {
  readonly model: Model;
  /** The loss of every step. */
  readonly losses: readonly number[];
  /** The mean loss of every epoch. */
  readonly curve: readonly number[];
  readonly accuracy: number;
}

/** Trains from scratch; `progress` hears of every epoch. */
export async function train(
  data: { readonly train: Digits; readonly test: Digits },
  criterion: Criterion,
  progress: (epoch: number, loss: number) => void,
): Promise<Trained> {
  const model = createModel();
  const optimizer = createOptimizer(model, RATE, MOMENTUM);
  const random = generator(SEED);
  const losses: number[] = [];
  const curve: number[] = [];
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const order = shuffled(data.train.count, random);
    const first = losses.length;
    for (let at = 0; at < order.length; at += BATCH) {
      const batch = choose(data.train, order.slice(at, at + BATCH));
      const { loss, gradient } = await criterion(logitsOf(model, batch), batch);
      losses.push(loss);
      optimizer.step(batch, gradient);
    }
    const own = losses.slice(first);
    curve.push(own.reduce((a, b) => a + b, 0) / own.length);
    progress(epoch, curve.at(-1) as number);
  }
  return { model, losses, curve, accuracy: accuracy(model, data.test) };
}
