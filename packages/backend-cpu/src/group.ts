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
      next.push(b === undefined ? a : f.get(a).get(b).op(name).keep("v128"));
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
    f.get(low)
      .get(four(0, 2, 4, 6))
      .op("f64x2.add")
      .set(low);
    f.get(high)
      .get(four(1, 3, 5, 7))
      .op("f64x2.add")
      .set(high);
    return;
  }
  const p = four(0, 1, 2, 3);
  f.get(low).get(p).op("f64x2.promote_low_f32x4").op("f64x2.add").set(low);
  f.get(high)
    .get(p)
    .get(p)
    .op("i8x16.shuffle", ...HIGH_HALF);
  f.op("f64x2.promote_low_f32x4").op("f64x2.add").set(high);
}

/** `(state, rows, count)`: takes the rows that waited and the new ones behind them, whole groups; moves the rest to the front. */
export function totalFunction(name: string, type: Type, by: "sum" | "max"): Fn {
  const f = new Fn(name, 3);
  const [state, rows, count] = [0, 1, 2];
  const { lanes, bytes, float } = shapes[type];
  const vectors = GROUP / lanes;
  f.get(count).get(state).op("i32.load", WAITING).op("i32.add").set(count);
  const low = f.get(state).op("v128.load", 0).keep("v128");
  const high = f.get(state).op("v128.load", 16).keep("v128");
  const p = f.get(rows).keep("i32");
  const group = (): Local[] =>
    Array.from({ length: vectors }, (_, k) =>
      f
        .get(p)
        .op("v128.load", 16 * k)
        .keep("v128"),
    );
  f.while(
    () => f.get(count).i32(GROUP).op("i32.ge_s"),
    () => {
      const x = group();
      if (by === "sum") addGroup(f, type, x, [low, high]);
      else
        f.get(low)
          .get(tree(f, x, `${float}.max`))
          .op(`${float}.max`)
          .set(low);
      f.bump(p, GROUP * bytes).bump(count, -GROUP);
    },
  );
  group().forEach((v, k) => {
    f.get(rows)
      .get(v)
      .op("v128.store", 16 * k);
  });
  f.get(state).get(low).op("v128.store", 0).get(state).get(high).op("v128.store", 16);
  return f.get(state).get(count).op("i32.store", WAITING);
}
