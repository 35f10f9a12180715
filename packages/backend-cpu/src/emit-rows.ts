/** Loops in which lanes are rows: over the rows of a block, or over strips of rows and, in each, its classes one after the other. */
import type { Local } from "./assembler.ts";
import { Doubts } from "./doubts.ts";
import { combine, type Emitter } from "./emitter.ts";
import { GROUP } from "./group.ts";
import type { Body, Lane } from "./lanes.ts";
import { runStep, type Step } from "./step.ts";
import type { Buffer, Loop } from "./sweep.ts";
import { Totals } from "./totals.ts";

/** Operations that change from class to class. */
function varying(body: Body): boolean[] {
  const varies: boolean[] = [];
  for (const o of body.ops)
    varies.push(
      o.op === "iota" ||
        o.op === "reduce" ||
        ("from" in o && o.op === "load" && o.from.level !== "row") ||
        (o.op === "store" && o.to.level !== "row") ||
        o.args.some((a) => varies[a]),
    );
  return varies;
}

/** Steps over rows that are judged together. */
const CHUNK = 8;

export function emitRows(e: Emitter, loop: Loop, fast: Body, safe: Body): void {
  const f = e.fn;
  // Without classes a step is whole groups of rows, as totals need them. Beside classes as lanes, row loops are short.
  const isFlat = !e.sweep.hasClasses;
  const group = GROUP / e.lanes;
  const vectors = isFlat ? Math.max(group, fast.inFlight()) : e.form === "rows" ? fast.inFlight() : 1;
  const totals = isFlat ? new Totals(e, safe) : undefined;
  const left = f.get(e.block).keep("i32");
  const offset = f.i32(0).keep("i32"); // of the step's first row, in bytes
  const maxima: Local[] = []; // of the fast body's strip
  const doubts = fast === safe ? undefined : new Doubts(e, fast, () => maxima);
  const starts = new Map<Buffer, Local>();
  for (const o of safe.ops)
    if (!totals && o.op === "store" && o.to.kind === "total") starts.set(o.to, e.appendAt(o.to));
  const advance = (n: number): void => {
    f.bump(offset, n * e.lanes * e.bytes).bump(left, -n * e.lanes);
  };

  const emit = (body: Body, n: number, isLast: boolean): void => {
    const pointers = new Map<Buffer, Local>();
    const moving = new Map<Buffer, Local>(); // what changes from class to class
    const accumulators = new Map<Buffer, Local[]>();
    let counter: Local = -1;
    const start = (b: Buffer): void => {
      f.get(starts.get(b) ?? e.base(b));
      if (b.level !== "class") f.get(offset).op("i32.add");
    };
    const step: Step = {
      body,
      vectors: n,
      values: [],
      doubts: body === fast ? doubts : undefined,
      left: isLast ? left : undefined,
      pointer(b) {
        if (b.level !== "row") return moving.get(b) as Local;
        let p = pointers.get(b);
        if (p === undefined) {
          start(b);
          p = f.keep("i32");
          pointers.set(b, p);
        }
        return p;
      },
      isSplat: (b) => b.level === "class",
      element(b, lane) {
        if (b.level === "class") f.i32(e.bytes).op("i32.mul").get(e.base(b)).op("i32.add");
        else if (e.form === "rows") {
          f.get(e.pitch(b)).op("i32.mul").get(e.base(b)).op("i32.add");
          f.get(offset)
            .op("i32.add")
            .i32(lane * e.bytes)
            .op("i32.add");
        } else {
          f.i32(e.bytes).op("i32.mul").get(e.base(b)).op("i32.add");
          f.get(offset)
            .i32(e.bytes === 8 ? 3 : 2)
            .op("i32.shr_u")
            .i32(lane)
            .op("i32.add");
          f.get(e.pitch(b)).op("i32.mul").op("i32.add");
        }
      },
      addsTotals: isFlat,
      total: (b, values) => totals?.add(b, values, isLast ? left : undefined),
      iota() {
        f.get(counter);
        return e.splatInt().keep("v128");
      },
      reduce(o, values) {
        const own = accumulators.get(o.to) as Local[];
        const by = combine(e, o.by, body === fast && doubts !== undefined);
        own.forEach((a, k) => {
          f.on(by, a, values[k] as Local).set(a);
          if (o.by === "max" && body === fast) maxima.push(a);
        });
      },
    };
    const all: Lane[] = body.ops.map((_, i) => i);
    if (loop.over === "rows") runStep(e, step, all);
    else alongClasses();
    advance(n);

    function alongClasses(): void {
      const varies = varying(body);
      for (const o of body.ops) {
        const b = "from" in o ? o.from : o.op === "store" ? o.to : undefined;
        if (o.op !== "gather" && b && b.level !== "row" && !moving.has(b)) {
          start(b);
          moving.set(b, f.keep("i32"));
        }
        if (o.op === "reduce" && !accumulators.has(o.to)) {
          const first = e.nothing(o.by);
          accumulators.set(
            o.to,
            Array.from({ length: n }, () => f.get(first).keep("v128")),
          );
        }
      }
      runStep(
        e,
        step,
        all.filter((i) => !varies[i]),
      );
      counter = f.i32(0).keep("i32");
      f.while(
        () => f.on("i32.lt_s", counter, e.classes),
        () => {
          runStep(
            e,
            step,
            all.filter((i) => varies[i]),
          );
          for (const [b, p] of moving) {
            f.get(p);
            if (b.level === "class") f.i32(e.bytes);
            else f.get(e.pitch(b));
            f.op("i32.add").set(p);
          }
          f.bump(counter, 1);
        },
      );
      for (const [b, list] of accumulators) {
        start(b);
        const p = f.keep("i32");
        list.forEach((a, k) => {
          f.store(p, a, 16 * k);
        });
      }
    }
  };
  const many = vectors * e.lanes;
  const quick = (): void => emit(fast, vectors, false);
  const careful = (): void => emit(safe, isFlat ? group : 1, true);
  const sums = totals?.state ?? [];
  if (!doubts) e.steps(left, many, quick, careful);
  else {
    const chunk = loop.over === "rows" ? CHUNK * many : many;
    const body = { vectors: new Set(sums), fast: quick, safe: careful };
    e.judgedSteps(left, many, chunk, [offset, ...sums], doubts, body);
  }
  totals?.end();
}
