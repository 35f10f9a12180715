/** The schedule that the WebAssembly engine compiles a program from, or why its JavaScript sibling must run it. */
import { type Axis, isOuter, type Program } from "@isoloss/core";
import { refusal } from "./lower.ts";
import { isWrittenCast, type Schedule, schedule } from "./schedule.ts";
import { isUniform, type Value } from "./value.ts";

/** A string is the reason why a program has no schedule. */
export function scheduled(program: Program): Schedule | string {
  const named = program.axes.filter((a) => !isOuter(a));
  if (named.length > 1) return `two axes of its own: ${named}`;
  const s = schedule(program);
  const { type, values } = s;
  for (const v of values) {
    const reason = refusal(v, type);
    if (reason) return reason;
  }
  const other = program.outputs.find((o) => o.axes.length > 0 && o.dtype !== type && !isWrittenCast(o, type));
  if (other) return `an output of ${other.dtype}`;
  if (values.some((v) => v.op === "sum" && !isUniform(v) && !agrees(v, s, program)))
    return "a sum along classes that other rows repeat";
  return values.some((v) => v.op === "iota" && v.attribute !== s.classAxis) ? "iota over outer axes" : s;
}

/** Whether a sum is grouped in its own axes exactly where the sweep has its classes as lanes. */
function agrees(v: Value, s: Schedule, program: Program): boolean {
  const at = program.axes.indexOf(s.classAxis as Axis);
  const isLast = v.attribute as boolean;
  return s.sweeps
    .filter((w) => w.held.has(v))
    .every((w) => isLast === w.domain.every((a) => program.axes.indexOf(a) < at));
}
