/** Plain JavaScript loops, as one would write them: what this project must beat to be worth a dependency. */
import { type Contender, type DataSet, timed } from "../contender.ts";
import type { Workload } from "../workload.ts";

type Grads = Readonly<Record<string, Float32Array>>;
/** The loss of a data set; writes the gradients where there are some. */
type Scalar = (set: DataSet, grads: Grads | undefined, w: Workload) => number;

const array = (set: DataSet, name: string) => set[name] as Float32Array;

const squared: Scalar = (set, grads) => {
  const [x, y, g] = [array(set, "input"), array(set, "target"), grads?.["input"]];
  const k = 2 / x.length;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const d = (x[i] as number) - (y[i] as number);
    sum += d * d;
    if (g) g[i] = d * k;
  }
  return sum / x.length;
};
const absolute: Scalar = (set, grads) => {
  const [x, y, g] = [array(set, "input"), array(set, "target"), grads?.["input"]];
  const k = 1 / x.length;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const d = (x[i] as number) - (y[i] as number);
    sum += Math.abs(d);
    if (g) g[i] = Math.sign(d) * k;
  }
  return sum / x.length;
};
const binary: Scalar = (set, grads) => {
  const [x, y, g] = [array(set, "input"), array(set, "target"), grads?.["input"]];
  const k = 1 / x.length;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const v = x[i] as number;
    const t = y[i] as number;
    const e = Math.exp(-Math.abs(v));
    sum += Math.max(v, 0) - v * t + Math.log1p(e);
    if (g) g[i] = ((v >= 0 ? 1 : e) / (1 + e) - t) * k;
  }
  return sum / x.length;
};
const classes: Scalar = (set, grads, w) => {
  const [x, g] = [array(set, "input"), grads?.["input"]];
  const labels = set["target"] as Int32Array;
  const shape = w.arrays["input"]?.shape as readonly number[];
  const c = shape[1] as number;
  const inner = shape.slice(2).reduce((a, b) => a * b, 1);
  const k = 1 / labels.length;
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = Math.floor(row / inner) * c * inner + (row % inner);
    let max = -Infinity;
    for (let j = 0; j < c; j++) max = Math.max(max, x[start + j * inner] as number);
    let s = 0;
    for (let j = 0; j < c; j++) s += Math.exp((x[start + j * inner] as number) - max);
    const label = labels[row] as number;
    sum += Math.log(s) + max - (x[start + label * inner] as number);
    if (!g) continue;
    for (let j = 0; j < c; j++) {
      const p = Math.exp((x[start + j * inner] as number) - max) / s;
      g[start + j * inner] = (p - (j === label ? 1 : 0)) * k;
    }
  }
  return sum * k;
};
const divergence: Scalar = (set, grads, w) => {
  const [x, t, g] = [array(set, "input"), array(set, "target"), grads?.["input"]];
  const k = 1 / (w.arrays["input"]?.shape[0] as number);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const p = t[i] as number;
    if (p > 0) sum += p * (Math.log(p) - (x[i] as number));
    if (g) g[i] = -p * k;
  }
  return sum * k;
};
const cosine: Scalar = (set, grads, w) => {
  const [a, b, target] = [array(set, "input1"), array(set, "input2"), array(set, "target")];
  const [ga, gb] = [grads?.["input1"], grads?.["input2"]];
  const d = w.arrays["input1"]?.shape[1] as number;
  const k = 1 / target.length;
  let sum = 0;
  for (let row = 0; row < target.length; row++) {
    let [ab, aa, bb] = [0, 1e-12, 1e-12];
    for (let i = row * d; i < (row + 1) * d; i++) {
      const [u, v] = [a[i] as number, b[i] as number];
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
    const root = Math.sqrt(aa * bb);
    const cos = ab / root;
    const alike = target[row] === 1;
    sum += alike ? 1 - cos : Math.max(0, cos);
    if (!ga || !gb) continue;
    const slope = (alike ? -1 : cos >= 0 ? 1 : 0) * k;
    for (let i = row * d; i < (row + 1) * d; i++) {
      const [u, v] = [a[i] as number, b[i] as number];
      ga[i] = slope * (v / root - (u * cos) / aa);
      gb[i] = slope * (u / root - (v * cos) / bb);
    }
  }
  return sum * k;
};

const table: Readonly<Record<string, Scalar>> = {
  MSELoss: squared,
  L1Loss: absolute,
  BCEWithLogitsLoss: binary,
  CrossEntropyLoss: classes,
  KLDivLoss: divergence,
  CosineEmbeddingLoss: cosine,
};

export const scalarContender: Contender = {
  name: "scalar JavaScript",
  dispose() {},
  async prepare(workload, sets, measured) {
    const plain = workload.large === true || workload.repeat !== undefined || workload.loss === "L1Loss";
    const loss = plain ? table[workload.loss] : undefined;
    if (!loss) return undefined;
    const like = (key: string) => new Float32Array((sets[0] as DataSet)[key] as Float32Array);
    const grads: Grads | undefined =
      measured === "both" ? Object.fromEntries(workload.differentiate.map((key) => [key, like(key)])) : undefined;
    const call = (set: number) => loss(sets[set] as DataSet, grads, workload);
    return {
      run: async (set, repeat) => timed(() => call(set), repeat),
      answer: async (set) => {
        const value = call(set);
        return { value, grads: Object.fromEntries(Object.entries(grads ?? {}).map(([k, g]) => [k, g.slice()])) };
      },
      dispose() {},
    };
  },
};
