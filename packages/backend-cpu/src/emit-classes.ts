/** Loops in which lanes are classes: for each row of the block, along its classes in groups of sixteen. Row values are splats. */
import type { Local } from "./assembler.ts";
import { Doubts } from "./doubts.ts";
import { combine, type Emitter } from "./emitter.ts";
import { addGroup, GROUP, HIGH_HALF, tree } from "./group.ts";
import type { Body, Lane, LaneOp } from "./lanes.ts";
import { runStep, type Step } from "./step.ts";
import type { Buffer } from "./sweep.ts";

/** Steps that are judged together: as good as none is ever in doubt. */
const CHUNK = 32;

export function emitClasses(e: Emitter, fast: Body, safe: Body): void {
  const f = e.fn;
  const group = GROUP / e.lanes;
  const many = Math.max(group, fast.inFlight()) * e.lanes;
  const isVarying = (b: Buffer): boolean => b.level !== "row";
  const touched = new Set(
    safe.ops.flatMap((o) => (o.op === "load" || o.op === "gather" ? [o.from] : o.op === "store" ? [o.to] : [])),
  );
  const rowStart = new Map<Buffer, Local>();
  const pointers = new Map<Buffer, Local>();
  for (const b of touched) {
    if (b.level === "full") rowStart.set(b, f.get(e.base(b)).keep("i32"));
    pointers.set(b, f.local("i32"));
  }
  const reductions = safe.ops.filter((o): o is LaneOp & { op: "reduce" } => o.op === "reduce");
  const accumulators = new Map<Buffer, readonly [Local, Local]>();
  for (const o of reductions) accumulators.set(o.to, [f.local("v128"), f.local("v128")]);
  const maxima = reductions.flatMap((o) =>
    o.by === "max" ? [(accumulators.get(o.to) as readonly Local[])[0] as Local] : [],
  );
  const still = new Map([fast, safe].map((body) => [body, stillLanes(body)]));
  const doubts = fast === safe ? undefined : new Doubts(e, fast, () => maxima, still.get(fast));
  const usesIota = safe.ops.some((o) => o.op === "iota");
  const iota = f.local("v128");
  const shift = (k: number): Local => e.constant(e.bytes === 8 ? [k * e.lanes, 0] : [k * e.lanes, k * e.lanes]);
  for (let k = 1; usesIota && k * e.lanes < many; k++) shift(k);
  for (const by of usesIota ? [GROUP, many] : []) shift(by / e.lanes);
  const row = f.i32(0).keep("i32"); // in bytes of a row array
  const end = f.get(e.block).i32(e.bytes).op("i32.mul").keep("i32");
  const left = f.local("i32");

  f.while(
    () => f.on("i32.lt_u", row, end),
    () => {
      for (const [b, p] of pointers) {
        if (b.level === "row") f.on("i32.add", e.base(b), row).set(p);
        else f.copy(rowStart.get(b) ?? e.base(b), p);
      }
      for (const o of reductions)
        for (const a of accumulators.get(o.to) as readonly Local[]) f.copy(e.nothing(o.by), a);
      if (usesIota) f.copy(e.indices(0), iota);
      doubts?.beginRow();
      const prepared = new Map([fast, safe].map((body) => [body, invariants(body)]));
      f.copy(e.classes, left);
      const emit = (body: Body, elements: number, isLast: boolean): void => {
        const step = stepOf(body, [...(prepared.get(body) as Local[][])], elements / e.lanes, isLast);
        runStep(
          e,
          step,
          body.ops.map((_, i) => i),
        );
        for (const [b, p] of pointers) if (isVarying(b)) f.bump(p, elements * e.bytes);
        if (usesIota) f.on(e.int("add"), iota, shift(elements / e.lanes)).set(iota);
        f.bump(left, -elements);
      };
      const quick = (): void => emit(fast, many, false);
      const careful = (): void => emit(safe, GROUP, true);
      if (!doubts) e.steps(left, many, quick, careful);
      else if (doubts.areStill) {
        doubts.judge();
        e.steps(left, many, quick, careful, f.keep("i32"));
      } else {
        const vectors = [...[...accumulators.values()].flat(), ...(usesIota ? [iota] : [])];
        const state = [...[...pointers].flatMap(([b, p]) => (isVarying(b) ? [p] : [])), ...vectors];
        e.judgedSteps(left, many, CHUNK * many, state, doubts, {
          vectors: new Set(vectors),
          fast: quick,
          safe: careful,
        });
      }
      for (const o of reductions) finish(o);
      for (const [b, p] of rowStart) f.on("i32.add", p, e.pitch(b)).set(p);
      f.bump(row, e.bytes);
    },
  );

  /** What does not change along a row is computed in front of it. */
  function invariants(body: Body): Local[][] {
    const step = stepOf(body, [], group, false);
    runStep(e, step, [...(still.get(body) as ReadonlySet<Lane>)]);
    return step.values;
  }
  function stillLanes(body: Body): ReadonlySet<Lane> {
    const lanes = new Set<Lane>();
    body.ops.forEach((o, i) => {
      const moves = o.op === "iota" || o.op === "store" || o.op === "reduce" || o.op === "gather";
      if (!moves && !(o.op === "load" && isVarying(o.from)) && o.args.every((a) => lanes.has(a))) lanes.add(i);
    });
    return lanes;
  }
  function stepOf(body: Body, values: Local[][], vectors: number, isLast: boolean): Step {
    return {
      body,
      vectors,
      values,
      doubts: body === fast ? doubts : undefined,
      left: isLast ? left : undefined,
      pointer: (b) => pointers.get(b) as Local,
      isSplat: (b) => b.level === "row",
      element() {
        throw new Error("an indexed value belongs into a loop over rows");
      },
      addsTotals: false,
      total() {},
      iota: (k) => (k === 0 ? iota : f.vector(e.int("add"), iota, shift(k))),
      reduce(o, list) {
        const masked = isLast ? list.map((v, k) => e.masked(v, k, left, o.by)) : list;
        const sums = accumulators.get(o.to) as readonly [Local, Local];
        if (o.by === "sum") {
          for (let k = 0; k < vectors; k += group) addGroup(f, e.type, masked.slice(k, k + group), sums);
        } else {
          const by = combine(e, o.by, body === fast && doubts !== undefined);
          f.on(by, sums[0], tree(f, masked, by)).set(sums[0]);
        }
      },
    };
  }
  function finish(o: LaneOp & { op: "reduce" }): void {
    const [low, high] = accumulators.get(o.to) as readonly [Local, Local];
    f.on("i32.add", e.base(o.to), row);
    if (o.by === "sum") {
      const s = f.vector("f64x2.add", low, high); // (S₀ + S₂) and (S₁ + S₃)
      f.get(s).op("f64x2.extract_lane", 0).get(s).op("f64x2.extract_lane", 1).op("f64.add");
      if (e.bytes === 8) f.op("f64.store", 0);
      else f.op("f32.demote_f64").op("f32.store", 0);
      return;
    }
    const by = combine(e, o.by, false);
    const half = f.get(low).shuffle(low, low, HIGH_HALF).op(by).keep("v128");
    if (e.bytes === 4) {
      const pair = [4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7];
      f.get(half).shuffle(half, half, pair).op(by).set(half);
    }
    f.get(half);
    e.storeLane();
  }
}
