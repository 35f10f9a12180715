/** From the texts of systems to contestants: this project's calls on its backends, real frameworks, TensorFlow.js, and models. */
import { readFile } from "node:fs/promises";
import { type Backend, LossError } from "@isoloss/core";
import { createEvaluator } from "../evaluate.ts";
import { readSystem, type System } from "../system.ts";
import type { Contestant } from "./contestant.ts";
import { type OnnxRuntime, onnxContestant } from "./onnx.ts";
import { systemContestant } from "./own.ts";
import { frameworksIn, type PythonFramework, type PythonProcess, startPython } from "./python.ts";
import { isTfjs, type TensorFlow, tfjsContestant } from "./tfjs.ts";

export interface Surroundings {
  /** The backends that each system of this project runs on. */
  readonly backends: readonly Backend[];
  /** Python environments, whose frameworks join for every system of their release. */
  readonly pythons: readonly string[];
  /** How many seconds an answer of theirs may take. */
  readonly patience?: number;
  tensorflow(): Promise<TensorFlow>;
  onnxRuntime(): Promise<OnnxRuntime>;
}
export interface Opened {
  readonly contestants: readonly Contestant[];
  /** The systems of this project among them. */
  readonly systems: readonly System[];
  /** Full versions of the real frameworks. */
  readonly titles: readonly string[];
  dispose(): Promise<void>;
}

/** A framework's process, started when it is first needed and shared by its systems. */
export interface Installed extends PythonFramework {
  readonly python: string;
}
export async function installedIn(pythons: readonly string[]): Promise<Installed[]> {
  const all = await Promise.all(
    pythons.map(async (python) => (await frameworksIn(python)).map((f) => ({ ...f, python }))),
  );
  return all.flat();
}

/** Opens systems by their texts. Errors point at their place, or name the environment. */
export async function openContestants(texts: readonly string[], around: Surroundings): Promise<Opened> {
  const evaluators = around.backends.map((b) => ({ name: b.name, evaluator: createEvaluator(b) }));
  const systems: System[] = [];
  const own: (() => Promise<Contestant[]>)[] = texts.map((text) => {
    if (/\.onnx\s*$/.test(text))
      return async () => [await onnxContestant(text.trim(), await readFile(text.trim()), await around.onnxRuntime())];
    if (isTfjs(text)) return async () => [await tfjsContestant(text, around.tensorflow)];
    const system = readSystem(text);
    systems.push(system);
    return async () => evaluators.map(({ name, evaluator }) => systemContestant(system, evaluator.run, name));
  });
  const installed = await installedIn(around.pythons);
  const processes: PythonProcess[] = [];
  const titles: string[] = [];
  const real: Contestant[] = [];
  for (const f of installed)
    for (const system of systems.filter((s) => s.call.profile === f.profile)) {
      const process = processes[titles.indexOf(f.title)] ?? startPython(f.python, f, around.patience);
      if (!titles.includes(f.title)) {
        titles.push(f.title);
        processes.push(process);
      }
      real.push(systemContestant(system, process.run, f.title));
    }
  if (around.pythons.length && real.length === 0)
    throw new LossError(
      "request",
      `--python has ${installed.map((f) => f.title).join(", ")}; none is a release that a system names (${systems.map((s) => s.call.profile).join(", ")})`,
    );
  const contestants = [...(await Promise.all(own.map((make) => make()))).flat(), ...real];
  return {
    contestants,
    systems,
    titles,
    async dispose() {
      for (const p of processes) p.dispose();
      await Promise.all(contestants.map((c) => c.dispose?.()));
    },
  };
}
