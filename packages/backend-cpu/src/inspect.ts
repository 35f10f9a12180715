/** What the compiler makes of a program, as text: its sweeps and loops, and the WebAssembly of each form. */
import { type Node, type Program, print } from "@isoloss/core";
import { scheduled } from "./compile.ts";
import { emit } from "./emit.ts";
import type { Form } from "./emitter.ts";
import type { Body } from "./lanes.ts";
import { lower } from "./lower.ts";
import type { Type } from "./number-layout.ts";
import type { Schedule } from "./schedule.ts";
import type { Buffer, Loop, Sweep } from "./sweep.ts";
import { isUniform, type Value } from "./value.ts";
import { functionText } from "./wat.ts";

const valueText = (v: Value): string => `${v.op}%${v.id}`;
const bufferText = ({ kind, of }: Buffer): string =>
  typeof of === "number" ? `output ${of}` : kind === "input" ? `${of.attribute}` : `${kind} ${valueText(of)}`;

function loopText(sweep: Sweep, loop: Loop, type: Type): string {
  const safe = lower(sweep, loop, type, false);
  const fast = lower(sweep, loop, type, true);
  const count = ({ ops }: Body): number => ops.filter((o) => "name" in o).length;
  const loads = new Set(safe.ops.flatMap((o) => ("from" in o ? [bufferText(o.from)] : [])));
  const operations = fast.doubts.length
    ? `${count(fast)} operations, ${count(safe)} where in doubt`
    : `${count(safe)} operations`;
  return [
    `  over ${loop.over} (${loop.key}): ${operations}; reads ${[...loads].join(", ") || "nothing"}`,
    ...loop.roots.map((r) => `    ${r.do} ${valueText(r.value)} → ${r.to.level} ${bufferText(r.to)}`),
  ].join("\n");
}

/** The scheduled loops. */
function loopsText({ type, sweeps, uniforms, results }: Schedule, outputs: readonly Node[]): string {
  return [
    `lanes ${type}`,
    ...sweeps.flatMap((s, i) => [
      `sweep ${i}, turn ${s.turn}, rows ${s.domain}`,
      ...s.loops.map((l) => loopText(s, l, type)),
    ]),
    ...uniforms.flatMap((list, i) => (list.length ? [`after turn ${i}: ${list.map(valueText).join(" ")}`] : [])),
    ...outputs.map((o, i) => {
      const v = results[i];
      return `output ${i} ${o.dtype}: ${v ? `${isUniform(v) ? "uniform" : v.op} %${v.id}` : "stored"}`;
    }),
  ].join("\n");
}

/** The functions of a form in the WebAssembly text format. */
const wat = (schedule: Schedule, form: Form): string =>
  `(module ;; ${form}\n(import "env" "memory" (memory 1))\n${emit(schedule, form)
    .functions.map(functionText)
    .join("\n")})`;

/** The loops and the WebAssembly of a program, or the reason why it has none. */
export function inspect(program: Program): string {
  const schedule = scheduled(program);
  if (typeof schedule === "string") return `JavaScript engine: ${schedule}\n${print(program.outputs)}`;
  const forms: Form[] = schedule.sweeps.some((s) => s.hasClasses) ? ["classes", "rows"] : ["rows"];
  return [loopsText(schedule, program.outputs), ...forms.map((form) => wat(schedule, form))].join("\n\n");
}
