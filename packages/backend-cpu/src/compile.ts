/** Compiles a program for the WebAssembly engine, or says why its JavaScript sibling must run it. */
import { type Axis, isOuter, type Node, type Program, topological } from "@isoloss/core";
import { refusal } from "./lower.ts";
import { type Schedule, schedule } from "./schedule.ts";
import { isUniform, type Value } from "./value.ts";
import { type Machine, WasmKernel } from "./wasm-kernel.ts";

export function tryWasm(machine: Machine, program: Program): { kernel?: WasmKernel; reason: string } {
  const found = scheduled(program);
  return "schedule" in found
    ? { kernel: new WasmKernel(machine, program, found.schedule, found.values), reason: "" }
    : found;
}

/** A program's loops and their values, or why it has none. */
export function scheduled(
  program: Program,
): { readonly schedule: Schedule; readonly values: readonly Value[] } | { readonly reason: string } {
  const named = program.axes.filter((a) => !isOuter(a));
  if (named.length > 1) return { reason: `two axes of its own: ${named}` };
  const s = schedule(program);
  const values = topological([
    ...s.sweeps.flatMap(roots),
    ...s.results.flatMap((r) => (r.is === "stored" ? [] : [r.value])),
  ]);
  for (const v of values) {
    const reason = refusal(v, s.type);
    if (reason) return { reason };
  }
  for (const o of program.outputs) {
    const reason = refuseOutput(o, s);
    if (reason) return { reason };
  }
  const grouped = values.find((v) => v.op === "sum" && !isUniform(v) && !agrees(v, s, program));
  if (grouped) return { reason: "a sum along classes that other rows repeat" };
  if (values.some((v) => v.op === "iota" && v.attribute !== s.classAxis)) return { reason: "iota over outer axes" };
  return { schedule: s, values };
}

const roots = (s: Schedule["sweeps"][number]): Value[] => s.loops.flatMap((l) => l.roots.map((r) => r.value));

function refuseOutput(o: Node, s: Schedule): string | undefined {
  if (o.axes.length === 0 || o.dtype === s.type) return undefined;
  const arg = o.args[0];
  return o.op === "cast" && arg?.dtype === s.type ? undefined : `an output of ${o.dtype}`;
}

/** Whether a sum is grouped in its own axes exactly where the sweep has its classes as lanes. */
function agrees(v: Value, s: Schedule, program: Program): boolean {
  const at = program.axes.indexOf(s.classAxis as Axis);
  const isLast = v.attribute as boolean;
  return s.sweeps
    .filter((w) => w.held.has(v))
    .every((w) => isLast === w.domain.every((a) => program.axes.indexOf(a) < at));
}
