import { describe, expect, it } from "vitest";
import { firstOutside } from "./range.ts";

const MOST = 2147483647;
const LEAST = -2147483648;

describe("range", () => {
  const naive = (data: Int32Array, most: number, except?: number): number =>
    data.findIndex((x) => (x < 0 || x > most) && x !== except);
  const numbers = [LEAST, LEAST + 1, -100, -1, 0, 1, 9, 10, 11, 2 ** 30, MOST - 1, MOST];

  it("is that of comparisons, at every place, for numbers at the ends of int32", () => {
    for (const most of [-1, 0, 9, 0x3f800000, MOST])
      for (const except of [undefined, LEAST, -100, -1, 0, 10, MOST])
        for (const x of numbers)
          for (let at = 0; at < 9; at++) {
            const data = new Int32Array(9).fill(except ?? 0);
            data[at] = x;
            expect(firstOutside(data, most, except), `${x} at ${at} in [0, ${most}] but ${except}`).toBe(
              naive(data, most, except),
            );
          }
  });
  it("of several tells the first; of nothing none", () => {
    expect(firstOutside(Int32Array.of(0, 1, 2, 3, 12, 5, 11, 7, 10), 9)).toBe(4);
    expect(firstOutside(new Int32Array(0), 9)).toBe(-1);
  });
});
