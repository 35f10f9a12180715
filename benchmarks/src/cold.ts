/** A process of its own that prints, as JSON, what the first losses of a process cost: index.ts starts it. */
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";

/** Milliseconds of the first call of one loss, gradient included, and of compiling and first running its kernel in it. */
export interface FirstCall {
  readonly loss: string;
  readonly call: number;
  readonly kernel: number;
}
export interface Cold {
  /** The first loss of the process, and those after it. */
  readonly first: FirstCall;
  readonly after: readonly FirstCall[];
  /** Milliseconds of the first call of a second object of the first loss: its kernel is known. */
  readonly known: number;
  /** The slowest of the hundred calls after it, which is the one in which the kernel is compiled. */
  readonly compiling: number;
}

const [ROWS, CLASSES] = [32, 10];
const wave = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => 0.4 + 0.3 * Math.sin(i));
const matrix = { data: wave(ROWS * CLASSES), shape: [ROWS, CLASSES] };
const labels = { data: Int32Array.from({ length: ROWS }, (_, i) => i % CLASSES), shape: [ROWS] };
const signs = { data: Float32Array.from({ length: ROWS }, (_, i) => (i % 2 ? -1 : 1)), shape: [ROWS] };

let kernel = 0;
const timed = <T>(action: () => T): T => {
  const start = performance.now();
  const result = action();
  kernel += performance.now() - start;
  return result;
};
const cpu = createCpuBackend();
const backend: typeof cpu = {
  ...cpu,
  compile(program) {
    const compiled = timed(() => cpu.compile(program));
    let isNew = true;
    return {
      get engine() {
        return compiled.engine;
      },
      run(...call) {
        if (!isNew) return compiled.run(...call);
        isNew = false;
        return timed(() => compiled.run(...call));
      },
      dispose: () => compiled.dispose(),
    };
  },
};
const { nn, valueAndGrad } = createTorch({ backend, profile: "torch@2" });

function first(loss: string, action: () => unknown): FirstCall {
  kernel = 0;
  const start = performance.now();
  action();
  return { loss, call: performance.now() - start, kernel };
}
const crossEntropy = () => valueAndGrad(new nn.CrossEntropyLoss())(matrix, labels).value.item();
const result: Cold = {
  first: first("CrossEntropyLoss", crossEntropy),
  after: [
    first("MSELoss", () => valueAndGrad(new nn.MSELoss())(matrix, matrix).value.item()),
    first("BCEWithLogitsLoss", () => valueAndGrad(new nn.BCEWithLogitsLoss())(matrix, matrix).value.item()),
    first("KLDivLoss", () => valueAndGrad(new nn.KLDivLoss())(matrix, matrix).value.item()),
    first("CosineEmbeddingLoss", () => valueAndGrad(new nn.CosineEmbeddingLoss())(matrix, matrix, signs).value.item()),
    first("SmoothL1Loss", () => valueAndGrad(new nn.SmoothL1Loss())(matrix, matrix).value.item()),
  ],
  known: first("CrossEntropyLoss", crossEntropy).call,
  compiling: Math.max(...Array.from({ length: 100 }, () => first("CrossEntropyLoss", crossEntropy).call)),
};
console.log(JSON.stringify(result));
