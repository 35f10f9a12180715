import { describe, expect, it } from "vitest";
import { printCall } from "./call/print.ts";
import { configurationOf, readConfiguration } from "./configuration.ts";
import { frameworkOf, frameworks } from "./frameworks.ts";
import { lossCall } from "./system.ts";

const calls = (text: string, profile?: string) =>
  readConfiguration(text, profile).map((l) => [l.at, l.call.profile, printCall(l.call, "python"), l.warnings.length]);

describe("saved configurations", () => {
  it("are read from serialize, get_config, and the words of get", () => {
    const serialized = {
      module: "keras.losses",
      class_name: "BinaryCrossentropy",
      config: {
        name: "binary_crossentropy",
        reduction: "sum_over_batch_size",
        from_logits: true,
        label_smoothing: 0.1,
        axis: -1,
      },
      registered_name: null,
    };
    expect(calls(JSON.stringify(serialized))).toEqual([
      [
        "",
        "keras@3.15",
        'losses.BinaryCrossentropy(reduction="sum_over_batch_size", from_logits=True, label_smoothing=0.1, axis=-1)',
        0,
      ],
    ]);
    expect(calls('{"name": "huber_loss", "reduction": "auto", "delta": 2.5}', "tf@2.3")).toEqual([
      ["", "tf@2.3", 'losses.Huber(reduction="auto", delta=2.5)', 0],
    ]);
    expect(calls('"mse"')).toEqual([["", "keras@3.15", "losses.mse()", 0]]);
    expect(calls("nn.SmoothL1Loss(beta=0.5)")).toEqual([["", "torch@2.13", "nn.SmoothL1Loss(beta=0.5)", 0]]);
  });
  it("are read from a compile configuration with several outputs, by the release that wrote it", () => {
    const model = {
      keras_version: "3.15.1",
      compile_config: {
        optimizer: "adam",
        loss: { a: "mae", b: { class_name: "Huber", config: { name: "huber_loss", reduction: "sum" } } },
      },
    };
    expect(calls(JSON.stringify(model))).toEqual([
      ["a", "keras@3.15", "losses.mae()", 0],
      ["b", "keras@3.15", 'losses.Huber(reduction="sum")', 1],
    ]);
    expect(readConfiguration(JSON.stringify(model))[1]?.warnings[0]).toMatch(
      /before July 2026 do not hold 'delta'; 1 is assumed/,
    );
  });
  it("refuse what they cannot know in one line", () => {
    expect(() => readConfiguration('{"keras_version": "9.1.0", "loss": "mse"}')).toThrow(
      /Keras 9\.1\.0, which is no known release/,
    );
    expect(() => readConfiguration('{"class_name": "Hubert", "config": {}}')).toThrow(/Did you mean 'Huber'/);
    expect(() => readConfiguration("{")).toThrow(/no JSON/);
    expect(() => readConfiguration('{"class_name": "Huber", "config": {"gamma": 1}}')).toThrow(/gamma/);
  });
  it("round-trip for every loss of every framework's newest and oldest release", () => {
    let count = 0;
    for (const framework of frameworks)
      for (const profile of [framework.profiles[0] as string, framework.newest]) {
        const { profile: exact } = frameworkOf(profile);
        for (const name of framework.namesOf(exact)) {
          const plain = lossCall(exact, name, {});
          const number = Object.entries(plain.contract.options).find(
            ([, p]) => typeof p?.default === "number" && (p.only ?? plain.as) === plain.as,
          );
          const reduced = plain.as === "class" ? { reduction: "sum" } : {};
          const given =
            plain.as === "class" && number && number[0] !== "axis" ? { ...reduced, [number[0]]: 0.25 } : reduced;
          let call: ReturnType<typeof lossCall>;
          try {
            call = lossCall(exact, name, given);
          } catch {
            call = lossCall(exact, name, reduced);
          }
          const saved = configurationOf(call);
          const text = framework.name === "torch" ? (saved as string) : JSON.stringify(saved);
          const [again] = readConfiguration(text, exact);
          expect(printCall((again as NonNullable<typeof again>).call, "python")).toBe(printCall(call, "python"));
          count++;
        }
      }
    expect(count).toBeGreaterThan(60);
  });
});
