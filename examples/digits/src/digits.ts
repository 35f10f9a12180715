/** The UCI handwritten digits: 1,797 images of 8×8, split into training and test. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export const PIXELS = 64;
export const CLASSES = 10;

/** Images, row-major, 64 values in [0, 1] each, and what they show. */
export interface Digits {
  readonly count: number;
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** A small deterministic generator (mulberry32) of numbers in [0, 1). */
export function generator(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** 0 … n−1 in random order. */
export function shuffled(n: number, random: () => number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** Some of the digits, in the order of `rows`. */
export function choose({ images, labels }: Digits, rows: readonly number[]): Digits {
  const chosen = new Float32Array(rows.length * PIXELS);
  rows.forEach((row, i) => {
    chosen.set(images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
  });
  return { count: rows.length, images: chosen, labels: Int32Array.from(rows, (row) => labels[row] as number) };
}

/** Reads data/digits.csv.gz. */
export function readDigits(): Digits {
  const file = readFileSync(new URL("../data/digits.csv.gz", import.meta.url));
  const rows = gunzipSync(file).toString("utf8").trim().split("\n");
  const images = new Float32Array(rows.length * PIXELS);
  const labels = new Int32Array(rows.length);
  rows.forEach((row, i) => {
    const values = row.split(",").map(Number);
    images.set(
      values.slice(0, PIXELS).map((v) => v / 16),
      i * PIXELS,
    );
    labels[i] = values[PIXELS] as number;
  });
  return { count: rows.length, images, labels };
}

/** Four fifths for training, one for the test. */
export function split(all: Digits, seed: number): { readonly train: Digits; readonly test: Digits } {
  const order = shuffled(all.count, generator(seed));
  const cut = Math.floor(all.count * 0.8);
  return { train: choose(all, order.slice(0, cut)), test: choose(all, order.slice(cut)) };
}

/** Class indices as rows with a single 1. */
export function oneHot(labels: Int32Array): Float32Array {
  const rows = new Float32Array(labels.length * CLASSES);
  labels.forEach((label, i) => {
    rows[i * CLASSES + label] = 1;
  });
  return rows;
}
