/**
 * `npm start`: trains a classifier of handwritten digits twice, in PyTorch's style on the CPU and in Keras's style on ONNX
 * Runtime, and compares every backend with the reference. Exits non-zero where a difference is larger than it says.
 */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { createOnnxBackend } from "@isoloss/backend-onnx";
import type { Backend } from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import Table from "cli-table3";
import * as ort from "onnxruntime-web";
import { distance, outputsOf, rows } from "./comparison.ts";
import { CLASSES, oneHot, readDigits, split } from "./digits.ts";
import { logitsOf } from "./model.ts";
import { type Criterion, EPOCHS, type Trained, train } from "./train.ts";

/** The two runs add up their rounding over some 700 steps. */
const LARGEST_STEP_DIFFERENCE = 1e-5;
/** Relative to the value, and to the largest element of the gradient. */
const LARGEST_BACKEND_DIFFERENCE = 2e-6;
const LEAST_ACCURACY = 0.95;

const cpu = createCpuBackend();
const onnx = createOnnxBackend({ ort, executionProviders: ["wasm"] });

/** PyTorch's style: class indices, `backward()`. */
function torchCriterion(): Criterion {
  const { nn, tensor } = createTorch({ backend: cpu, profile: "torch@2.13" });
  const criterion = new nn.CrossEntropyLoss();
  return (logits, { labels, count }) => {
    const input = tensor(logits, { shape: [count, CLASSES], requires_grad: true });
    const loss = criterion(input, { data: labels, shape: [count] });
    loss.backward();
    return { loss: Number(loss.item()), gradient: input.grad?.data as Float32Array };
  };
}

/** Keras's style: one-hot labels, value and gradient from one call. */
function kerasCriterion(): Criterion {
  const { losses, valueAndGrad } = createKeras({ backend: onnx, profile: "keras@3.15" });
  const loss = valueAndGrad(new losses.CategoricalCrossentropy({ from_logits: true }));
  return async (logits, { labels, count }) => {
    const shape = [count, CLASSES];
    const { value, grads } = await loss({ data: oneHot(labels), shape }, { data: logits, shape });
    return { loss: Number(value.item()), gradient: grads.y_pred.data as Float32Array };
  };
}

const failures: string[] = [];
/** Prints a statement, and remembers it where it does not hold. */
function state(holds: boolean, text: string): void {
  console.log(`${holds ? "✓" : "✗"} ${text}`);
  if (!holds) failures.push(text);
}

const small = (x: number): string => (x === 0 ? "0" : x.toExponential(1));

async function run(title: string, criterion: Criterion): Promise<Trained> {
  const start = performance.now();
  const trained = await train(data, criterion, (epoch, loss) => {
    const text = `${title}: epoch ${epoch} of ${EPOCHS}, loss ${loss.toFixed(4)}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${text}`);
    else if (epoch % 10 === 0) console.log(text);
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${process.stdout.isTTY ? "\r" : ""}${title}: ${trained.losses.length} steps in ${seconds} s`);
  return trained;
}

/** A table without lines between its rows, and without colours: it is also read from files. */
const tableOf = (head: string[]) =>
  new Table({
    head,
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    style: { head: [], border: [] },
  });

/** The two loss curves beside each other. */
function curves(torch: Trained, keras: Trained): string {
  const table = tableOf(["epoch", "PyTorch style, cpu", "Keras style, onnx:wasm", "difference"]);
  for (let epoch = 1; epoch <= EPOCHS; epoch += epoch < 5 ? 1 : 5) {
    const [a, b] = [torch.curve[epoch - 1] as number, keras.curve[epoch - 1] as number];
    table.push([epoch, a.toFixed(6), b.toFixed(6), small(Math.abs(a - b))]);
  }
  return table.toString();
}

/** Every loss on every backend. */
async function compareBackends(trained: Trained): Promise<void> {
  const outputs = outputsOf(logitsOf(trained.model, data.test), data.test);
  const reference = createReferenceBackend();
  const backends: readonly Backend[] = [cpu, createCpuBackend({ engine: "js" }), onnx];
  const table = tableOf(["loss", "profile", "value", ...backends.map((b) => `${b.name}: value, gradient`)]);
  let largest = 0;
  for (const { loss, profiles, measure } of rows)
    for (const profile of profiles) {
      const wanted = await measure(reference, profile, outputs);
      const cells: string[] = [];
      for (const backend of backends) {
        const { value, gradient } = distance(await measure(backend, profile, outputs), wanted);
        largest = Math.max(largest, value, gradient);
        cells.push(`${small(value)}, ${small(gradient)}`);
      }
      table.push([loss, profile, wanted.value.toPrecision(7), ...cells]);
    }
  console.log(table.toString());
  state(
    largest <= LARGEST_BACKEND_DIFFERENCE,
    `every backend is within ${LARGEST_BACKEND_DIFFERENCE} of the reference (${small(largest)})`,
  );
}

const all = readDigits();
const data = split(all, 3);
console.log(
  `${all.count} handwritten digits, ${data.train.count} to learn from and ${data.test.count} to be tested with.`,
);

const torch = await run("PyTorch style on cpu", torchCriterion());
const keras = await run("Keras style on onnx:wasm", kerasCriterion());
console.log(`\nMean loss of an epoch:\n${curves(torch, keras)}`);

const apart = Math.max(...torch.losses.map((loss, i) => Math.abs(loss - (keras.losses[i] ?? Number.NaN))));
state(
  apart <= LARGEST_STEP_DIFFERENCE,
  `the runs differ by at most ${LARGEST_STEP_DIFFERENCE} in every step (${small(apart)})`,
);
for (const [title, { accuracy }] of [["PyTorch style", torch] as const, ["Keras style", keras] as const])
  state(accuracy >= LEAST_ACCURACY, `${title}: ${(100 * accuracy).toFixed(1)} % of the test images are recognised`);

console.log(
  "\nEach loss on the trained model's outputs for the test images, and how far each backend is from the reference:",
);
console.log("the value relative to itself, the gradient, where it differs most, relative to its largest element.");
await compareBackends(torch);
await onnx.dispose();
if (failures.length) {
  console.error(`${failures.length} of these statements do not hold`);
  process.exitCode = 1;
}
