/** From a schedule to the functions of a module: one for each sweep, and those that add totals. */
import type { Fn } from "./assembler.ts";
import { emitClasses } from "./emit-classes.ts";
import { emitRows } from "./emit-rows.ts";
import { Emitter, type Form } from "./emitter.ts";
import { type FrameLayout, frameLayout } from "./frame.ts";
import { totalFunction } from "./group.ts";
import type { Body } from "./lanes.ts";
import { lower } from "./lower.ts";
import type { Type } from "./number-layout.ts";
import type { Schedule } from "./schedule.ts";
import type { Sweep } from "./sweep.ts";
import type { Value } from "./value.ts";

/** Code for one form: functions named `sweep0`, `sweep1` …, and the layout of their frames. */
export interface Emitted {
  readonly functions: readonly Fn[];
  readonly frames: readonly FrameLayout[];
}

export function emit(schedule: Schedule, form: Form): Emitted {
  const { type, sweeps } = schedule;
  const kinds = ["sum", "max"] as const;
  const frames: FrameLayout[] = [];
  const functions = sweeps.map((sweep, i) => {
    const bodies = sweep.loops.map((loop) => {
      const safe = lower(sweep, loop, type, false);
      const fast = lower(sweep, loop, type, true);
      return { safe, fast: fast.doubts.length > 0 ? fast : safe };
    });
    const all = bodies.flatMap((b) => [b.safe, b.fast]);
    const frame = frameLayout(sweep, all);
    frames.push(frame);
    return sweepFunction(`sweep${i}`, sweep, frame, type, form, bodies, (by) => sweeps.length + kinds.indexOf(by));
  });
  return { functions: [...functions, ...kinds.map((by) => totalFunction(by, type, by))], frames };
}

function sweepFunction(
  name: string,
  sweep: Sweep,
  frame: FrameLayout,
  type: Type,
  form: Form,
  bodies: readonly { safe: Body; fast: Body }[],
  indexOf: (by: "sum" | "max") => number,
): Fn {
  const own: Form = sweep.hasClasses ? form : "rows";
  const e = new Emitter(
    name,
    sweep,
    frame,
    type,
    own,
    bodies.flatMap((b) => [b.safe, b.fast]),
  );
  return e.blocks(
    () =>
      sweep.loops.forEach((loop, i) => {
        const { fast, safe } = bodies[i] as { safe: Body; fast: Body };
        if (loop.over === "classes" && own === "classes") emitClasses(e, fast, safe);
        else emitRows(e, loop, fast, safe);
      }),
    (b) => indexOf((b.of as Value).op === "total-max" ? "max" : "sum"),
  );
}
