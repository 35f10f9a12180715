/** Emits the function of a sweep: what its loops share. The loops are in emit-rows.ts and emit-classes.ts. */
import { Fn, type Local } from "./assembler.ts";
import type { Doubts } from "./doubts.ts";
import { type FrameLayout, WAITING } from "./frame.ts";
import { GROUP } from "./group.ts";
import type { Instruction } from "./instructions.ts";
import { type Body, floatWords, shapes } from "./lanes.ts";
import type { Type } from "./number-layout.ts";
import type { Buffer, Sweep } from "./sweep.ts";
import type { Reduction, Value } from "./value.ts";

/** Lanes along classes (rows contiguous and long), or along rows (the class axis strided or transposed, or none). */
export type Form = "classes" | "rows";
export const FRAME: Local = 0;
export const ROWS: Local = 1;

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
    this.classes = this.word(frame.classes);
    this.block = f.local("i32");
    for (const b of sweep.buffers) {
      this.#base.set(b, this.word(frame.buffer(b)));
      if (b.level === "full") this.#pitch.set(b, this.word(frame.buffer(b) + 4));
    }
    // A definition inside a loop would run in it: constants and uniform values come first.
    for (const body of bodies) {
      for (const { words } of body.doubts) this.constant(words);
      for (const o of body.ops)
        if (o.op === "const") this.constant(o.words);
        else if (o.op === "uniform" && !this.#uniforms.has(o.value)) {
          f.get(FRAME);
          this.#uniforms.set(o.value, this.splatLoad(frame.uniform(o.value)).keep("v128"));
        }
    }
    for (const by of ["sum", "max", "min"] as const) this.nothing(by);
    for (let first = 0; first < GROUP; first += this.lanes) this.indices(first);
  }

  /** A word of the frame. */
  word(offset: number): Local {
    return this.fn.get(FRAME).op("i32.load", offset).keep("i32");
  }
  uniform(v: Value): Local {
    return this.#uniforms.get(v) as Local;
  }
  base(b: Buffer): Local {
    return this.#base.get(b) as Local;
  }
  pitch(b: Buffer): Local {
    return this.#pitch.get(b) as Local;
  }
  /** A splat of two words, or a vector of four; made once, so the first use must lie in front of the loops. */
  constant(words: readonly number[]): Local {
    const key = String(words);
    let l = this.#constants.get(key);
    if (l === undefined) {
      const [a, b, c = a, d = b] = words as [number, number];
      l = this.fn.op("v128.const", ...new Uint8Array(Int32Array.of(a, b, c, d).buffer)).keep("v128");
      this.#constants.set(key, l);
    }
    return l;
  }
  zero(): Local {
    return this.constant([0, 0]);
  }
  /** What a reduction starts from. */
  nothing(by: Reduction): Local {
    return by === "sum" ? this.zero() : this.constant(floatWords(by === "max" ? -Infinity : Infinity, this.type));
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
    return this.constant(this.bytes === 8 ? [first, 0, first + 1, 0] : [0, 1, 2, 3].map((k) => first + k));
  }

  /** Steps as long as elements are left: fast ones while there are enough (and nothing `isInDoubt`), then safe ones. */
  steps(left: Local, many: number, fast: () => void, safe: () => void, isInDoubt?: Local): void {
    const f = this.fn;
    const loop = (): void => void f.while(() => f.get(left).i32(many).op("i32.ge_s"), fast);
    if (isInDoubt === undefined) loop();
    else f.on("i32.eqz", isInDoubt).if(loop);
    f.while(() => f.get(left).i32(0).op("i32.gt_s"), safe);
  }
  /**
   * The same where a fast body takes something for granted: a chunk of fast steps, then the question whether that held; if it
   * did not, the state is what it was in front of the chunk, and safe steps do it again.
   */
  judgedSteps(left: Local, many: number, chunk: number, state: readonly Local[], doubts: Doubts, body: StepBody): void {
    const f = this.fn;
    const target = f.local("i32");
    const isBeyond = (): Fn => f.on("i32.gt_s", left, target);
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
            f.copy(l, before[k] as Local);
          });
          doubts.beginChunk();
          f.while(isBeyond, body.fast);
          doubts.judge();
          f.op("i32.eqz").op("br_if", 1);
          [left, ...state].forEach((l, k) => {
            f.copy(before[k] as Local, l);
          });
        });
        f.while(isBeyond, body.safe);
      },
    );
  }

  /** Vector k, with nothing in the lanes beyond the elements left. */
  masked(v: Local, k: number, left: Local, by: Reduction): Local {
    const f = this.fn;
    f.get(v);
    if (by !== "sum") f.get(this.nothing(by));
    f.get(left);
    this.splatInt()
      .get(this.indices(k * this.lanes))
      .op(this.int("gt_s"));
    return f.op(by === "sum" ? "v128.and" : "v128.bitselect").keep("v128");
  }
  /** The whole function: block after block through all loops. */
  blocks(emitLoops: () => void, addTotal: (b: Buffer) => number): Fn {
    const f = this.fn;
    const most = this.word(this.frame.block);
    f.while(
      () => f.get(ROWS),
      () => {
        f.get(ROWS).get(most).on("i32.lt_u", ROWS, most).op("select").set(this.block);
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
        f.on("i32.sub", ROWS, this.block).set(ROWS);
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

/** What joins two vectors of a reduction; `quick`: where no maximum is NaN or ±0. */
export const combine = (e: Emitter, by: Reduction, quick: boolean): Instruction =>
  e.float(by === "sum" ? "add" : by === "min" ? "pmin" : quick ? "pmax" : "max");
