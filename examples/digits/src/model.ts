/** A softmax classifier in a few lines. The loss and its gradient are not here: they are isoloss's. */
import { CLASSES, type Digits, PIXELS } from "./digits.ts";

/** Weights (64 × 10) and biases (10), in float32. */
export interface Model {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}
export const createModel = (): Model => ({
  weights: new Float32Array(PIXELS * CLASSES),
  biases: new Float32Array(CLASSES),
});

/** images · weights + biases. */
export function logitsOf({ weights, biases }: Model, { images, count }: Digits): Float32Array {
  const logits = new Float32Array(count * CLASSES);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < CLASSES; c++) {
      let sum = biases[c] as number;
      for (let p = 0; p < PIXELS; p++) sum += (images[i * PIXELS + p] as number) * (weights[p * CLASSES + c] as number);
      logits[i * CLASSES + c] = sum;
    }
  return logits;
}

/** Stochastic gradient descent with momentum. */
export function createOptimizer(model: Model, rate: number, momentum: number) {
  const velocity = createModel();
  const move = (values: Float32Array, speeds: Float32Array, at: number, gradient: number): void => {
    const v = momentum * (speeds[at] as number) + gradient;
    speeds[at] = v;
    values[at] = (values[at] as number) - rate * v;
  };
  return {
    /** One step down, from the loss's gradient at the logits. */
    step({ images, count }: Digits, gradient: Float32Array): void {
      for (let c = 0; c < CLASSES; c++) {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += gradient[i * CLASSES + c] as number;
        move(model.biases, velocity.biases, c, sum);
        for (let p = 0; p < PIXELS; p++) {
          let inner = 0;
          for (let i = 0; i < count; i++)
            inner += (images[i * PIXELS + p] as number) * (gradient[i * CLASSES + c] as number);
          move(model.weights, velocity.weights, p * CLASSES + c, inner);
        }
      }
    },
  };
}

/** The share of images whose largest logit is their digit. */
export function accuracy(model: Model, digits: Digits): number {
  const logits = logitsOf(model, digits);
  let right = 0;
  for (let i = 0; i < digits.count; i++) {
    const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    if (row.indexOf(Math.max(...row)) === digits.labels[i]) right++;
  }
  return right / digits.count;
}
