import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { printCall } from "./call/print.ts";
import { configurationOf, readConfiguration } from "./configuration.ts";
import { frameworkOf, frameworks } from "./frameworks.ts";
import { lossCall } from "./system.ts";

interface Recorded {
  readonly version: string;
  readonly call: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly serialize: unknown;
  readonly get_config?: Readonly<Record<string, unknown>>;
}
const fixture = readFileSync(new URL("../fixtures/keras-configurations.jsonl", import.meta.url), "utf8");
const recorded = fixture
  .trim()
  .split("\n")
  .map((l) => JSON.parse(l) as Recorded);
/** What Keras 3.15 leaves out of a file (keras#23286). */
const lost = ["delta", "axis"];

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
  it.each(recorded)("that Keras $version wrote for $call($given) round-trip, options and all", (r) => {
    const file = JSON.stringify({ keras_version: r.version, loss: r.serialize });
    const [read] = readConfiguration(file);
    const { call, warnings } = read as NonNullable<typeof read>;
    const { profile } = call;
    expect(profile).toBe(r.version.startsWith("3.") ? "keras@3.15" : "tf@2.3");
    // the options are those of the loss that was saved, but for what Keras forgot, of which it is warned
    const meant = lossCall(profile, r.call, r.given);
    const forgot = Object.keys(meant.options).filter(
      (o) => lost.includes(o) && r.get_config && meant.as === "class" && !(o in r.get_config) && profile !== "tf@2.3",
    );
    const kept = (options: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(options).filter(([o]) => !forgot.includes(o) && o !== "name"));
    expect(kept(call.options)).toEqual(kept(meant.options));
    expect(warnings).toHaveLength(forgot.length);
    // written again it is the file that was read, and reads again as the same call
    const again = configurationOf(call);
    const own = JSON.parse(JSON.stringify(r.serialize)) as { config?: { name?: unknown } };
    if (typeof own === "object" && typeof own.config === "object") delete own.config.name;
    expect(JSON.parse(JSON.stringify(again))).toEqual(own);
    const [reread] = readConfiguration(JSON.stringify(again), profile);
    expect(printCall((reread as NonNullable<typeof reread>).call, "python")).toBe(printCall(call, "python"));
    if (r.get_config) {
      const [bare] = readConfiguration(JSON.stringify(r.get_config), profile);
      expect(printCall((bare as NonNullable<typeof bare>).call, "python")).toBe(printCall(call, "python"));
    }
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
