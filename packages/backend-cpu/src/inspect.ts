/** What the compiler makes of a program, as text: its sweeps and loops, and the WebAssembly of each form. */
import { type Node, type Program, print } from "@isoloss/core";
import { scheduled } from "./compile.ts";
import { emit } from "./emit.ts";
import type { Form } from "./emitter.ts";
import { lower } from "./lower.ts";
import type { Schedule } from "./schedule.ts";
import type { Buffer, Loop, Root, Sweep } from "./sweep.ts";
import { isUniform } from "./value.ts";
import { functionText } from "./wat.ts";

const nameOf = (b: Buffer): string =>
  typeof b.of === "number"
    ? `output ${b.of}`
    : b.kind === "input"
      ? `${b.of.attribute}`
      : `${b.kind} ${b.of.op}%${b.of.id}`;
const rootText = (r: Root): string => `${r.do} ${r.value.op}%${r.value.id} → ${r.to.level} ${nameOf(r.to)}`;

function loopText(sweep: Sweep, loop: Loop, schedule: Schedule): string {
  const [safe, fast] = [false, true].map((hopeful) => lower(sweep, loop, schedule.type, hopeful));
  const count = (body: typeof safe): number => body?.ops.filter((o) => o.op === "simd" || o.op === "shift").length ?? 0;
  const loads = new Set(safe?.ops.flatMap((o) => (o.op === "load" || o.op === "gather" ? [nameOf(o.from)] : [])));
  const operations = fast?.doubts.length
    ? `${count(fast)} operations, ${count(safe)} where in doubt`
    : `${count(safe)} operations`;
  return [
    `  over ${loop.over} (${loop.key}): ${operations}; reads ${[...loads].join(", ") || "nothing"}`,
    ...loop.roots.map((r) => `    ${rootText(r)}`),
  ].join("\n");
}

/** The scheduled loops. */
function loopsText(schedule: Schedule, outputs: readonly Node[]): string {
  const sweeps = schedule.sweeps.map((s, i) =>
    [`sweep ${i}, turn ${s.turn}, rows ${s.domain}`, ...s.loops.map((l) => loopText(s, l, schedule))].join("\n"),
  );
  const between = schedule.uniforms.flatMap((list, i) =>
    list.length ? [`after turn ${i}: ${list.map((v) => `${v.op}%${v.id}`).join(" ")}`] : [],
  );
  const results = schedule.results.map(
    (v, i) => `output ${i} ${outputs[i]?.dtype}: ${v ? `${isUniform(v) ? "uniform" : v.op} %${v.id}` : "stored"}`,
  );
  return [`lanes ${schedule.type}`, ...sweeps, ...between, ...results].join("\n");
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
