/** Seeded inputs of the workloads: the same numbers for every contender. */

/** What the elements of an array are. */
export type Kind =
  | "normal"
  | "unit"
  | "log-probabilities"
  | "probabilities"
  | "binary"
  | "signs"
  | "labels"
  | "ignorable"
  | "weights";

export interface ArraySpec {
  readonly shape: readonly number[];
  readonly kind: Kind;
  /** Class indices lie below this. */
  readonly classes?: number;
}
/** Class indices are Int32Array, everything else is float32. */
export type Data = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** xorshift32: fast, and good enough for timing. */
function generator(seed: number): () => number {
  let s = seed | 1;
  return () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return (s >>> 0) / 2 ** 32;
  };
}

/** Each row of the last axis becomes probabilities, or their logarithms. */
function normalise(data: Float32Array, columns: number, logarithms: boolean): void {
  for (let i = 0; i < data.length; i += columns) {
    let sum = 0;
    for (let j = i; j < i + columns; j++) sum += Math.exp(data[j] as number);
    for (let j = i; j < i + columns; j++)
      data[j] = logarithms ? (data[j] as number) - Math.log(sum) : Math.exp(data[j] as number) / sum;
  }
}

export function makeData({ shape, kind, classes = 0 }: ArraySpec, seed: number): Data {
  const n = shape.reduce((a, b) => a * b, 1);
  const random = generator(seed);
  if (kind === "labels" || kind === "ignorable") {
    const labels = Int32Array.from({ length: n }, () => Math.floor(random() * classes));
    if (kind === "ignorable") for (let i = 0; i < n; i += 10) labels[i] = -100;
    return labels;
  }
  const next: Record<Exclude<Kind, "labels" | "ignorable">, () => number> = {
    normal: () => (random() + random() + random() + random() - 2) * 3.4,
    unit: () => 0.001 + 0.998 * random(),
    "log-probabilities": () => (random() - 0.5) * 6,
    probabilities: () => (random() - 0.5) * 6,
    binary: () => (random() < 0.5 ? 0 : 1),
    signs: () => (random() < 0.5 ? -1 : 1),
    weights: () => 0.5 + random(),
  };
  const element = next[kind];
  const data = new Float32Array(n);
  for (let i = 0; i < n; i++) data[i] = element();
  if (kind === "log-probabilities" || kind === "probabilities")
    normalise(data, shape[shape.length - 1] as number, kind === "log-probabilities");
  return data;
}
