import { describe, expect, it } from "vitest";
import { parseSystem } from "./parse.ts";
import { CallError, pathOf, pointAt } from "./syntax.ts";

const call = (text: string) => {
  const { expression } = parseSystem(text);
  if (expression.kind !== "call") throw new Error(expression.kind);
  return {
    path: pathOf(expression.callee),
    args: expression.args.map((a) => [a.name, a.value.kind === "literal" ? a.value.value : a.value.kind]),
  };
};

describe("the grammar of a system", () => {
  it("reads Python's call: names, numbers, strings, words and lists", () => {
    expect(call("losses.Huber(delta=1_0.5e-1, reduction='sum', name=None)")).toEqual({
      path: "losses.Huber",
      args: [
        ["delta", 1.05],
        ["reduction", "sum"],
        ["name", null],
      ],
    });
    expect(call("nn.BCELoss([[1, -2], [3, 4]], True)").args).toEqual([
      [
        undefined,
        [
          [1, -2],
          [3, 4],
        ],
      ],
      [undefined, true],
    ]);
  });
  it("reads TypeScript's spelling of the same", () => {
    expect(call("new nn.CrossEntropyLoss({ label_smoothing: 0.1, weight: null })")).toEqual({
      path: "nn.CrossEntropyLoss",
      args: [
        ["label_smoothing", 0.1],
        ["weight", null],
      ],
    });
    expect(call('F.mse_loss(input, target, { "reduction": "sum" })').args).toEqual([
      [undefined, "name"],
      [undefined, "name"],
      ["reduction", "sum"],
    ]);
  });
  it("reads a profile in front, applied calls, scale factors and indices", () => {
    expect(parseSystem("keras@3.15 losses.MeanSquaredError()").profile).toBe("keras@3.15");
    const { expression } = parseSystem("2 * losses.Huber(delta=0.5)(target[..., None], -input) + 1");
    expect(expression.kind).toBe("binary");
    expect(parseSystem("input.shape[-1]").expression.kind).toBe("index");
  });
  it.each([
    ["nn.MSELoss(reduction='sum'", 26, /column 27/],
    ["nn.MSELoss(reduction=)", 21, /column 22/],
    ["nn.MSELoss() nn.MSELoss()", 13, /column 14/],
    ["", 0, /column 1/],
    ["nn.BCELoss([1, input])", 15, /a list holds/],
  ])("points at the place of a fault: %s", (text, start, message) => {
    const error = (() => {
      try {
        return parseSystem(text);
      } catch (e) {
        return e;
      }
    })();
    expect(error).toBeInstanceOf(CallError);
    expect((error as CallError).at.start).toBe(start);
    expect((error as CallError).message).toMatch(message);
    expect(
      pointAt(error as CallError)
        .split("\n")[2]
        ?.indexOf("^"),
    ).toBe(start + 2);
  });
});
