/** What a call writes to the frame of a sweep in front of it and takes from it afterwards: uniform values and totals. */
import { isFloat, round } from "@isoloss/core";
import { type FrameLayout, WAITING } from "./frame.ts";
import { GROUP } from "./group.ts";
import { shapes } from "./lanes.ts";
import { wordsOf } from "./lower.ts";
import type { Functions, Memory } from "./memory.ts";
import type { Type } from "./number-layout.ts";
import type { Value } from "./value.ts";

/** Uniform values by their ids, in and out. `frame` is its address. */
export interface FrameValues {
  begin(frame: number, scalars: Float64Array): void;
  end(frame: number, scalars: Float64Array): void;
}

/** `functions`: those that add rows to a total. */
export function frameValues(memory: Memory, layout: FrameLayout, type: Type, functions: Functions): FrameValues {
  const { bytes, lanes } = shapes[type];
  const uniforms = layout.uniforms.map((v) => ({ v, offset: layout.uniform(v) }));
  const totals = layout.totals.map((b) => {
    const { id, op } = b.of as Value;
    const isMax = op === "total-max";
    const add = functions[isMax ? "max" : "sum"];
    return { id, isMax, add, nothing: isMax ? -Infinity : 0, offset: layout.total(b), rows: layout.buffer(b) };
  });
  return {
    begin(frame, scalars) {
      const { int32, float64, [type]: floats } = memory;
      for (const { v, offset } of uniforms) {
        const at = frame + offset;
        const x = scalars[v.id] as number;
        if (isFloat(v.dtype)) floats[at / bytes] = x;
        else [int32[at >> 2], int32[(at >> 2) + 1]] = wordsOf(v, x, type);
      }
      for (const { isMax, nothing, offset } of totals) {
        const [state, size] = isMax ? [floats, bytes] : [float64, 8];
        for (let at = offset; at < offset + WAITING; at += size) state[(frame + at) / size] = nothing;
        int32[(frame + offset + WAITING) >> 2] = 0;
      }
    },
    /** What waits joins its total: the last group, filled with nothing. */
    end(frame, scalars) {
      const { int32, float64, [type]: floats } = memory;
      for (const { id, isMax, add, nothing, offset, rows } of totals) {
        const state = frame + offset;
        const waiting = int32[(state + WAITING) >> 2] as number;
        const start = int32[(frame + rows) >> 2] as number;
        if (waiting > 0) {
          floats.fill(nothing, start / bytes + waiting, start / bytes + GROUP);
          add?.(state, start, GROUP - waiting);
        }
        const sum = (k: number): number => float64[(state >> 3) + k] as number;
        scalars[id] = isMax
          ? Math.max(...floats.subarray(state / bytes, state / bytes + lanes))
          : round[type](sum(0) + sum(2) + (sum(1) + sum(3)));
      }
    },
  };
}
