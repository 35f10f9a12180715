/** One step of a loop: the operations of a body on a few vectors. The loops are in emit-rows.ts and emit-classes.ts. */
import type { Local } from "./assembler.ts";
import type { Doubts } from "./doubts.ts";
import type { Emitter } from "./emitter.ts";
import type { Body, Lane, LaneOp } from "./lanes.ts";
import type { Buffer } from "./sweep.ts";

/** Where a step is: its vectors, and how lanes find memory. */
export interface Step {
  readonly body: Body;
  readonly vectors: number;
  /** Results by lane: one local a vector, or one for all. */
  readonly values: Local[][];
  /** What a fast body gathers about its doubts. */
  readonly doubts: Doubts | undefined;
  /** Elements left, where the step may be the last: fewer than its lanes. */
  readonly left: Local | undefined;
  /** The address of the first of the step's elements. */
  pointer(b: Buffer): Local;
  /** Whether a buffer has one value for all lanes here. */
  isSplat(b: Buffer): boolean;
  /** Leaves the address of the element that the index on the stack names, for a lane of the step. */
  element(b: Buffer, lane: number): void;
  iota(vector: number): Local;
  reduce(op: LaneOp & { op: "reduce" }, values: readonly Local[]): void;
  /** Whether totals are added here; otherwise they are stored, to be added by the block. */
  readonly addsTotals: boolean;
  total(b: Buffer, values: readonly Local[]): void;
}

const valueAt = (step: Step, l: Lane, k: number): Local => {
  const list = step.values[l] as Local[];
  return list.length === 1 ? (list[0] as Local) : (list[k] as Local);
};

/**
 * Runs some operations of a step, and gathers what is in doubt as it appears. A few vectors go through all of them before
 * the next do: what is in flight should fit the registers.
 */
export function runStep(e: Emitter, step: Step, which: readonly Lane[]): void {
  const todo = which.filter((i) => !step.values[i]);
  const inFlight = step.body.inFlight();
  for (let first = 0; first < step.vectors; first += inFlight) {
    const some = Array.from({ length: Math.min(inFlight, step.vectors - first) }, (_, k) => first + k);
    for (const i of todo) operation(e, step, i, some);
  }
  for (const i of todo) joint(step, step.body.ops[i] as LaneOp);
}

/** The vectors `some` of one operation. */
function operation(e: Emitter, step: Step, i: Lane, some: readonly number[]): void {
  const f = e.fn;
  const o = step.body.ops[i] as LaneOp;
  const known = step.values[i];
  const values = known ?? [];
  step.values[i] = values;
  const each = (one: (k: number) => Local): void => {
    const fresh = some.map(one);
    some.forEach((k, at) => {
      values[k] = fresh[at] as Local;
    });
    step.doubts?.gather(i, fresh);
  };
  /** One for all vectors. */
  const single = (one: () => Local): void => {
    if (!known) each(one);
    if (!known) values.length = 1;
  };
  switch (o.op) {
    case "const":
      single(() => e.constant(o.words));
      break;
    case "uniform":
      single(() => e.uniform(o.value));
      break;
    case "iota":
      if (e.form === "rows") single(() => step.iota(0));
      else each((k) => step.iota(k));
      break;
    case "load": {
      const p = step.pointer(o.from);
      if (step.isSplat(o.from)) {
        single(() => {
          f.get(p);
          return e.splatLoad().keep("v128");
        });
        break;
      }
      each((k) => f.load(p, 16 * k));
      break;
    }
    case "gather":
      each((k) => gather(e, step, o.from, valueAt(step, o.args[0], k), k));
      break;
    case "simd":
    case "shift": {
      const one = (k: number): Local => {
        for (const a of o.args) f.get(valueAt(step, a, k));
        if (o.op === "shift") f.i32(o.by);
        return f.op(o.name).keep("v128");
      };
      if (o.args.every((a) => (step.values[a] as Local[]).length === 1)) single(() => one(0));
      else each(one);
      break;
    }
    case "store": {
      if (o.to.kind === "total" && step.addsTotals) break;
      const p = step.pointer(o.to);
      for (const k of some) {
        const v = valueAt(step, o.args[0], k);
        if (step.left === undefined || o.to.kind !== "output") f.store(p, v, 16 * k);
        else storeSome(e, p, v, step.left, k);
      }
      break;
    }
    case "reduce":
      break;
  }
}
/** What takes all vectors of a step together. */
function joint(step: Step, o: LaneOp): void {
  const all = (l: Lane): Local[] => Array.from({ length: step.vectors }, (_, k) => valueAt(step, l, k));
  if (o.op === "reduce") step.reduce(o, all(o.args[0]));
  else if (o.op === "store" && o.to.kind === "total" && step.addsTotals) step.total(o.to, all(o.args[0]));
}

function gather(e: Emitter, step: Step, from: Buffer, index: Local, k: number): Local {
  const f = e.fn;
  const result = f.get(e.zero()).keep("v128");
  const width = e.bytes / 4;
  for (let lane = 0; lane < e.lanes; lane++) {
    const one = (): void => {
      // An index outside would be the caller's mistake: it must not leave the memory.
      const i = f
        .get(index)
        .op("i32x4.extract_lane", lane * width)
        .keep("i32");
      f.get(i).i32(0).get(i).get(e.classes).op("i32.lt_u").op("select").set(i);
      f.get(i);
      step.element(from, k * e.lanes + lane);
      f.get(result)
        .op(e.bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", 0, lane)
        .set(result);
    };
    if (step.left === undefined) one();
    else {
      f.get(step.left)
        .i32(k * e.lanes + lane)
        .op("i32.gt_s");
      f.if(one);
    }
  }
  return result;
}
/** Stores the lanes of vector k that are among the elements left. */
function storeSome(e: Emitter, p: Local, v: Local, left: Local, k: number): void {
  const f = e.fn;
  const first = k * e.lanes;
  f.get(left)
    .i32(first + e.lanes)
    .op("i32.ge_s");
  f.if(
    () => f.store(p, v, 16 * k),
    () => {
      for (let lane = 0; lane < e.lanes - 1; lane++) {
        f.get(left)
          .i32(first + lane)
          .op("i32.gt_s");
        f.if(() => {
          f.get(p).get(v);
          e.storeLane(16 * k + lane * e.bytes, lane);
        });
      }
    },
  );
}
