/** The normative sum in groups of sixteen (contributing/numerics.md), as code: within a row, and for totals over rows. */
import { Fn, type Local } from "./assembler.ts";
import { WAITING } from "./frame.ts";
import type { Instruction } from "./instructions.ts";
import { shapes } from "./lanes.ts";
import type { Type } from "./number-layout.ts";

/** Elements in a group of a sum, and so of a step along classes. */
export const GROUP = 16;
export const HIGH_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

/** One vector out of several, pairwise. */
export function tree(f: Fn, values: readonly Local[], name: Instruction): Local {
  let list = [...values];
  while (list.length > 1) {
    const next: Local[] = [];
    for (let k = 0; k < list.length; k += 2) {
      const [a, b] = [list[k] as Local, list[k + 1]];
      next.push(b === undefined ? a : f.vector(name, a, b));
    }
    list = next;
  }
  return list[0] as Local;
}

/** Adds a group to two pairs of float64 sums. `x`: four vectors of float32, or eight of float64. */
export function addGroup(f: Fn, type: Type, x: readonly Local[], [low, high]: readonly [Local, Local]): void {
  const add = `${shapes[type].float}.add` as Instruction;
  const four = (...at: readonly number[]): Local =>
    tree(
      f,
      at.map((i) => x[i] as Local),
      add,
    );
  if (type === "float64") {
    f.on("f64x2.add", low, four(0, 2, 4, 6)).set(low);
    f.on("f64x2.add", high, four(1, 3, 5, 7)).set(high);
    return;
  }
  const p = four(0, 1, 2, 3);
  f.get(low).get(p).op("f64x2.promote_low_f32x4").op("f64x2.add").set(low);
  f.get(high).shuffle(p, p, HIGH_HALF).op("f64x2.promote_low_f32x4").op("f64x2.add").set(high);
}

/** `(state, rows, count)`: takes the rows that waited and the new ones behind them, whole groups; moves the rest to the front. */
export function totalFunction(name: string, type: Type, by: "sum" | "max"): Fn {
  const f = new Fn(name, 3);
  const [state, rows, count] = [0, 1, 2];
  const { lanes, bytes, float } = shapes[type];
  const vectors = GROUP / lanes;
  f.get(count).get(state).op("i32.load", WAITING).op("i32.add").set(count);
  const low = f.load(state);
  const high = f.load(state, 16);
  const p = f.get(rows).keep("i32");
  const group = (): Local[] => Array.from({ length: vectors }, (_, k) => f.load(p, 16 * k));
  f.while(
    () => f.get(count).i32(GROUP).op("i32.ge_s"),
    () => {
      const x = group();
      if (by === "sum") addGroup(f, type, x, [low, high]);
      else f.on(`${float}.max`, low, tree(f, x, `${float}.max`)).set(low);
      f.bump(p, GROUP * bytes).bump(count, -GROUP);
    },
  );
  group().forEach((v, k) => {
    f.store(rows, v, 16 * k);
  });
  f.store(state, low).store(state, high, 16);
  return f.get(state).get(count).op("i32.store", WAITING);
}
