import { describe, expect, it } from "vitest";
import { asGiven, extended, fitted, moved, type RankRule, sameRank, shifted, squeezed } from "./ranks.ts";

const meet = (rule: RankRule, a: readonly number[], b: readonly number[]) => {
  const [x, y] = rule(a, b);
  return [moved(a, x), moved(b, y)];
};

describe("two shapes meet", () => {
  it("as they are in a function of Keras 2", () => {
    expect(meet(asGiven, [3], [3, 1])).toEqual([[3], [3, 1]]);
  });
  it("squeezed in a class of Keras 2, but never labels against their classes", () => {
    expect(meet(squeezed, [3], [3, 1])).toEqual([[3], [3]]);
    expect(meet(squeezed, [3, 1], [3])).toEqual([[3], [3]]);
    expect(meet(squeezed, [3], [3, 4])).toEqual([[3], [3, 4]]);
  });
  it("expanded in Keras 3 if one is a vector, squeezed if not", () => {
    expect(meet(sameRank, [3], [3, 1])).toEqual([
      [3, 1],
      [3, 1],
    ]);
    expect(meet(sameRank, [2, 3, 1], [2, 3])).toEqual([
      [2, 3],
      [2, 3],
    ]);
    expect(meet(sameRank, [2], [2, 3])).toEqual([[2], [2, 3]]);
  });
  it("weights alone move in Keras 2, and one dimension too many must be of extent 1", () => {
    expect(meet(fitted, [2, 3], [2])).toEqual([
      [2, 3],
      [2, 1],
    ]);
    expect(meet(fitted, [2], [2, 1])).toEqual([[2], [2]]);
    expect(meet(fitted, [2, 3], [])).toEqual([[2, 3], []]);
    expect(() => meet(fitted, [2], [2, 3])).toThrow(/squeeze/);
  });
});

it("a move renumbers samples and leaves the loss's own axes", () => {
  const dims = [
    { axis: "0", extent: 2 },
    { axis: "C", extent: 3 },
  ];
  expect(shifted(dims, 1)).toEqual([
    { axis: "1", extent: 2 },
    { axis: "C", extent: 3 },
  ]);
  expect(shifted(dims, -1)).toEqual([{ axis: "C", extent: 3 }]);
  expect(extended([{ axis: "0", extent: 2 }], 1)).toEqual([
    { axis: "1", extent: 2 },
    { axis: "0", extent: 1 },
  ]);
});
