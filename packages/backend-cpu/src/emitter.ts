/** Emits the function of a sweep: what its loops share. The loops are in emit-rows.ts and emit-classes.ts. */
import { Fn, type Local } from "./assembler.ts";
import type { Doubts } from "./doubts.ts";
import { type FrameLayout, WAITING } from "./frame.ts";
import { GROUP } from "./group.ts";
import type { Instruction } from "./instructions.ts";
import { type Body, type Lane, type LaneOp, shapes, type Type } from "./lanes.ts";
import type { Buffer, Sweep } from "./sweep.ts";
import type { Value } from "./value.ts";

/** Lanes along classes (rows contiguous and long), or along rows (the class axis strided or transposed, or none). */
export type Form = "classes" | "rows";
export const FRAME: Local = 0;
export const ROWS: Local = 1;

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

/** The steps of a loop that has doubts. `vectors`: those parts of its state that are vectors. */
export interface StepBody {
  readonly vectors: ReadonlySet<Local>;
  fast(): void;
  safe(): void;
}

export class Emitter {
  readonly fn: Fn;
  readonly type: Type;
  readonly form: Form;
  readonly sweep: Sweep;
  readonly frame: FrameLayout;
  readonly lanes: number;
  readonly bytes: number;
  /** Rows of the block at hand, and classes. */
  readonly block: Local;
  readonly classes: Local;
  readonly #base = new Map<Buffer, Local>();
  readonly #pitch = new Map<Buffer, Local>();
  readonly #constants = new Map<string, Local>();
  readonly #uniforms = new Map<Value, Local>();

  constructor(name: string, sweep: Sweep, frame: FrameLayout, type: Type, form: Form, bodies: readonly Body[]) {
    this.fn = new Fn(name, 2);
    this.sweep = sweep;
    this.frame = frame;
    this.type = type;
    this.form = form;
    this.lanes = shapes[type].lanes;
    this.bytes = shapes[type].bytes;
    const f = this.fn;
    this.classes = f.get(FRAME).op("i32.load", frame.classes).keep("i32");
    this.block = f.local("i32");
    for (const b of sweep.buffers) {
      this.#base.set(b, f.get(FRAME).op("i32.load", frame.buffer(b)).keep("i32"));
      if (b.level === "full")
        this.#pitch.set(
          b,
          f
            .get(FRAME)
            .op("i32.load", frame.buffer(b) + 4)
            .keep("i32"),
        );
    }
    // A definition inside a loop would run in it: constants and uniform values come first.
    for (const body of bodies) {
      for (const { words } of body.doubts) this.constant(words);
      for (const o of body.ops)
        if (o.op === "const") this.constant(o.words);
        else if (o.op === "uniform" && !this.#uniforms.has(o.value)) {
          const load = this.bytes === 8 ? "v128.load64_splat" : "v128.load32_splat";
          this.#uniforms.set(o.value, f.get(FRAME).op(load, frame.uniform(o.value)).keep("v128"));
        }
    }
    this.zero();
    this.lowest();
    for (let first = 0; first < GROUP; first += this.lanes) this.indices(first);
  }

  base(b: Buffer): Local {
    return this.#base.get(b) as Local;
  }
  pitch(b: Buffer): Local {
    return this.#pitch.get(b) as Local;
  }
  /** A splat of two words; made once, so the first use must lie in front of the loops. */
  constant(words: readonly [number, number]): Local {
    const key = String(words);
    let l = this.#constants.get(key);
    if (l === undefined) {
      const bytes = new Uint8Array(Int32Array.of(...words, ...words).buffer);
      l = this.fn.op("v128.const", ...bytes).keep("v128");
      this.#constants.set(key, l);
    }
    return l;
  }
  zero(): Local {
    return this.constant([0, 0]);
  }
  /** −∞ in every lane. */
  lowest(): Local {
    return this.constant(this.bytes === 8 ? [0, -1048576] : [-8388608, -8388608]);
  }
  float(name: string): Instruction {
    return `${shapes[this.type].float}.${name}` as Instruction;
  }
  int(name: string): Instruction {
    return `${shapes[this.type].int}.${name}` as Instruction;
  }
  /** Splats the integer on the stack. */
  splatInt(): Fn {
    return this.bytes === 8 ? this.fn.op("i64.extend_i32_s").op("i64x2.splat") : this.fn.op("i32x4.splat");
  }
  splatLoad(offset = 0): Fn {
    return this.fn.op(this.bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", offset);
  }
  storeLane(offset = 0, lane = 0): Fn {
    return this.fn.op(this.bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", offset, lane);
  }
  /** Lane indices, from `first` on. */
  indices(first: number): Local {
    const f = this.fn;
    const list = this.bytes === 8 ? [first, 0, first + 1, 0] : [first, first + 1, first + 2, first + 3];
    const key = `indices ${first}`;
    let l = this.#constants.get(key);
    if (l === undefined) {
      l = f.op("v128.const", ...new Uint8Array(Int32Array.from(list).buffer)).keep("v128");
      this.#constants.set(key, l);
    }
    return l;
  }

  /**
   * Runs some operations of a step, and gathers what is in doubt as it appears. A few vectors go through all of them before
   * the next do: what is in flight should fit the registers.
   */
  run(step: Step, which: readonly Lane[]): void {
    const todo = which.filter((i) => !step.values[i]);
    const inFlight = step.body.inFlight();
    for (let first = 0; first < step.vectors; first += inFlight) {
      const some = Array.from({ length: Math.min(inFlight, step.vectors - first) }, (_, k) => first + k);
      for (const i of todo) this.#operation(step, i, some);
    }
    for (const i of todo) this.#joint(step, step.body.ops[i] as LaneOp);
  }
  /** Steps as long as elements are left: fast ones while there are enough, then a safe one. */
  steps(left: Local, many: number, fast: () => void, safe: () => void): void {
    const f = this.fn;
    f.while(() => f.get(left).i32(many).op("i32.ge_s"), fast);
    f.while(() => f.get(left).i32(0).op("i32.gt_s"), safe);
  }
  /**
   * The same where a fast body takes something for granted: a chunk of fast steps, then the question whether that held; if it
   * did not, the state is what it was in front of the chunk, and safe steps do it again.
   */
  judgedSteps(left: Local, many: number, chunk: number, state: readonly Local[], doubts: Doubts, body: StepBody): void {
    const f = this.fn;
    const target = f.local("i32");
    const before = [left, ...state].map((l) => f.local(state.includes(l) && body.vectors.has(l) ? "v128" : "i32"));
    f.while(
      () => f.get(left).i32(0).op("i32.gt_s"),
      () => {
        f.i32(0).set(target);
        f.get(left).i32(many).op("i32.ge_s");
        f.if(() => {
          f.get(left)
            .i32(chunk)
            .op("i32.sub")
            .get(left)
            .i32(many - 1)
            .op("i32.and");
          f.get(left).i32(chunk).op("i32.ge_s").op("select").set(target);
          [left, ...state].forEach((l, k) => {
            f.get(l).set(before[k] as Local);
          });
          doubts.begin();
          f.while(() => f.get(left).get(target).op("i32.gt_s"), body.fast);
          doubts.judge();
          f.op("i32.eqz").op("br_if", 1);
          [left, ...state].forEach((l, k) => {
            f.get(before[k] as Local).set(l);
          });
        });
        f.while(() => f.get(left).get(target).op("i32.gt_s"), body.safe);
      },
    );
  }

  /** The vectors `some` of one operation. */
  #operation(step: Step, i: Lane, some: readonly number[]): void {
    const f = this.fn;
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
        single(() => this.constant(o.words));
        break;
      case "uniform":
        single(() => this.#uniforms.get(o.value) as Local);
        break;
      case "iota":
        if (this.form === "rows") single(() => step.iota(0));
        else each((k) => step.iota(k));
        break;
      case "load": {
        const p = step.pointer(o.from);
        if (step.isSplat(o.from)) {
          single(() => {
            f.get(p);
            return this.splatLoad().keep("v128");
          });
          break;
        }
        each((k) =>
          f
            .get(p)
            .op("v128.load", 16 * k)
            .keep("v128"),
        );
        break;
      }
      case "gather":
        each((k) => this.#gather(step, o.from, valueAt(step, o.args[0], k), k));
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
          if (step.left === undefined || o.to.kind !== "output")
            f.get(p)
              .get(v)
              .op("v128.store", 16 * k);
          else this.#storeSome(p, v, step.left, k);
        }
        break;
      }
      case "reduce":
        break;
    }
  }
  /** What takes all vectors of a step together. */
  #joint(step: Step, o: LaneOp): void {
    const all = (l: Lane): Local[] => Array.from({ length: step.vectors }, (_, k) => valueAt(step, l, k));
    if (o.op === "reduce") step.reduce(o, all(o.args[0]));
    else if (o.op === "store" && o.to.kind === "total" && step.addsTotals) step.total(o.to, all(o.args[0]));
  }
  /** Vector k, with nothing in the lanes beyond the elements left. */
  masked(v: Local, k: number, left: Local, by: "sum" | "max"): Local {
    const f = this.fn;
    f.get(v);
    if (by === "max") f.get(this.lowest());
    f.get(left);
    this.splatInt()
      .get(this.indices(k * this.lanes))
      .op(this.int("gt_s"));
    return f.op(by === "sum" ? "v128.and" : "v128.bitselect").keep("v128");
  }
  #gather(step: Step, from: Buffer, index: Local, k: number): Local {
    const f = this.fn;
    const result = f.get(this.zero()).keep("v128");
    const width = this.bytes / 4;
    for (let lane = 0; lane < this.lanes; lane++) {
      const one = (): void => {
        // An index outside would be the caller's mistake: it must not leave the memory.
        const i = f
          .get(index)
          .op("i32x4.extract_lane", lane * width)
          .keep("i32");
        f.get(i).i32(0).get(i).get(this.classes).op("i32.lt_u").op("select").set(i);
        f.get(i);
        step.element(from, k * this.lanes + lane);
        f.get(result)
          .op(this.bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", 0, lane)
          .set(result);
      };
      if (step.left === undefined) one();
      else {
        f.get(step.left)
          .i32(k * this.lanes + lane)
          .op("i32.gt_s");
        f.if(one);
      }
    }
    return result;
  }
  /** Stores the lanes of vector k that are among the elements left. */
  #storeSome(p: Local, v: Local, left: Local, k: number): void {
    const f = this.fn;
    const first = k * this.lanes;
    f.get(left)
      .i32(first + this.lanes)
      .op("i32.ge_s");
    f.if(
      () =>
        f
          .get(p)
          .get(v)
          .op("v128.store", 16 * k),
      () => {
        for (let lane = 0; lane < this.lanes - 1; lane++) {
          f.get(left)
            .i32(first + lane)
            .op("i32.gt_s");
          f.if(() => {
            f.get(p).get(v);
            this.storeLane(16 * k + lane * this.bytes, lane);
          });
        }
      },
    );
  }
  /** The whole function: block after block through all loops. */
  blocks(emitLoops: () => void, addTotal: (b: Buffer) => number): Fn {
    const f = this.fn;
    const most = f.get(FRAME).op("i32.load", this.frame.block).keep("i32");
    f.while(
      () => f.get(ROWS),
      () => {
        f.get(ROWS).get(most).get(ROWS).get(most).op("i32.lt_u").op("select").set(this.block);
        emitLoops();
        for (const b of this.sweep.hasClasses ? this.frame.totals : [])
          f.get(FRAME).i32(this.frame.total(b)).op("i32.add").get(this.base(b)).get(this.block).op("call", addTotal(b));
        for (const b of this.sweep.buffers) {
          if (b.level === "class" || b.kind === "scratch" || b.kind === "total") continue;
          const strided = b.level === "row" || this.form === "rows";
          f.get(this.base(b)).get(this.block);
          if (strided) f.i32(this.bytes);
          else f.get(this.pitch(b));
          f.op("i32.mul").op("i32.add").set(this.base(b));
        }
        f.get(ROWS).get(this.block).op("i32.sub").set(ROWS);
      },
    );
    return f;
  }
  /** Where a total's next rows go: behind those that wait. */
  appendAt(b: Buffer): Local {
    const f = this.fn;
    f.get(this.base(b))
      .get(FRAME)
      .op("i32.load", this.frame.total(b) + WAITING)
      .i32(this.bytes);
    return f.op("i32.mul").op("i32.add").keep("i32");
  }
}
