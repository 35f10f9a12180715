/**
 * From one sweep's values to loops. A block of rows passes through the loops one after the other: loops over rows, and loops
 * along the class axis. A value is computed in the loop that needs it; where several do, the first keeps it in a scratch
 * array, or each computes it again if that is cheap.
 */
import { type Axis, topological } from "@isoloss/core";
import { isInUnit, isNonPositive } from "./rewrite.ts";
import { isReduction, isUniform, type OuterSum, type Value } from "./value.ts";

export type Level = "uniform" | "class" | "row" | "full";
/** Where values lie: a tile of a caller's tensor, or a scratch array of a block. */
export interface Buffer {
  readonly id: number;
  /** "total": rows waiting to be added in groups of sixteen; "partial": a tile that is added to a partial sum. */
  readonly kind: "input" | "output" | "scratch" | "total" | "partial";
  readonly level: "class" | "row" | "full";
  /** The input's value, the output's number, or what is summed. */
  readonly of: Value | number;
}
export type Root =
  | { readonly do: "store"; readonly value: Value; readonly to: Buffer }
  | { readonly do: "reduce"; readonly value: Value; readonly to: Buffer };
export interface Loop {
  readonly key: number;
  readonly over: "rows" | "classes";
  readonly roots: Root[];
}
export interface Sweep {
  readonly turn: number;
  readonly domain: readonly Axis[];
  readonly loops: readonly Loop[];
  readonly buffers: readonly Buffer[];
  /** Values that a buffer holds, and since which loop. */
  readonly held: ReadonlyMap<Value, { readonly buffer: Buffer; readonly since: number }>;
  /** Whether anything lies along the class axis. */
  readonly hasClasses: boolean;
}
export type SweepRoot =
  | { readonly for: "crossing"; readonly value: Value }
  | { readonly for: "output"; readonly value: Value; readonly output: number; readonly axes: readonly Axis[] };

/** Values that lie in memory or need none: where a sweep's own computation ends. */
export const isLeaf = (v: Value): boolean => isUniform(v) || v.op === "input" || v.op === "partial" || v.op === "iota";
const isHeavy = (v: Value): boolean => v.op === "exp" || v.op === "log" || v.op === "log1p";
/** Whether no body of it takes anything for granted but of a whole row. */
const isSure = (v: Value): boolean => {
  const [x] = v.args;
  return x !== undefined && ((v.op === "exp" && isNonPositive(x)) || (v.op === "log1p" && isInUnit(x)));
};
/** More operations than this, loads included, and a value that several loops need is kept. */
const RECOMPUTE = 3;
const PHASE = 1000; // a key is phase · 1000 + (0: rows | 500: classes) + stage
const CLASSES = 500;
const sameGroup = (a: number, b: number): boolean => Math.floor(a / CLASSES) === Math.floor(b / CLASSES);

export function planSweep(
  turn: number,
  domain: readonly Axis[],
  classAxis: Axis | undefined,
  sweepRoots: readonly SweepRoot[],
): Sweep {
  const along = (v: Value): boolean => classAxis !== undefined && v.axes.includes(classAxis);
  const operand = (r: SweepRoot): Value => (r.for === "crossing" ? (r.value.args[0] as Value) : r.value);
  const nodes = topological(sweepRoots.map(operand), isLeaf);
  const hasClasses =
    nodes.some((v) => along(v) || isReduction(v)) ||
    sweepRoots.some((r) => classAxis !== undefined && rootAxes(r).includes(classAxis));
  const level = (v: Value): Level =>
    isUniform(v) ? "uniform" : !along(v) ? "row" : v.axes.length === 1 ? "class" : "full";
  const { keyOf, readyAt, lastKey } = keys(nodes, along);

  const loops = new Map<number, Loop>();
  const buffers: Buffer[] = [];
  const held = new Map<Value, { buffer: Buffer; since: number }>();
  const needs = new Map<Value, Set<number>>();
  const need = (v: Value, key: number): void => {
    const keys = needs.get(v);
    if (keys) keys.add(key);
    else needs.set(v, new Set([key]));
  };
  const root = (key: number, r: Root): void => {
    const loop: Loop = loops.get(key) ?? { key, over: key % PHASE >= CLASSES ? "classes" : "rows", roots: [] };
    loops.set(key, loop);
    loop.roots.push(r);
  };
  const buffer = (kind: Buffer["kind"], at: Buffer["level"], of: Value | number): Buffer => {
    const b: Buffer = { id: buffers.length, kind, level: at, of };
    buffers.push(b);
    return b;
  };
  const hold = (v: Value, key: number): void => {
    const to = buffer("scratch", along(v) ? "full" : "row", v);
    held.set(v, { buffer: to, since: key });
    root(key, { do: "store", value: v, to });
    for (const a of v.args) need(a, key);
  };

  // What the sweep is for.
  for (const r of sweepRoots) {
    const value = operand(r);
    const isFull = classAxis !== undefined && rootAxes(r).includes(classAxis);
    const isTotal = r.for === "crossing" && r.value.op !== "partial";
    const kind = r.for === "output" ? "output" : isTotal ? "total" : "partial";
    const to = buffer(kind, isFull ? "full" : "row", r.for === "output" ? r.output : r.value);
    const ready = readyAt(value, isFull);
    const key = isTotal ? ready : lastKey(ready); // stores belong to the last stage
    root(key, { do: "store", value, to });
    need(value, key);
  }
  // Users before operands: where each value is computed.
  for (const v of [...nodes].reverse()) {
    const ks = [...(needs.get(v) ?? [])];
    if (ks.length === 0 || isUniform(v)) continue;
    if (isLeaf(v)) {
      if (v.op !== "iota") held.set(v, { buffer: inputBuffer(v), since: -1 });
      continue;
    }
    const first = Math.min(...ks);
    const own = keyOf(v);
    if (isReduction(v)) {
      const to = buffer("scratch", "row", v);
      held.set(v, { buffer: to, since: own });
      root(own, { do: "reduce", value: v, to });
      need(v.args[0] as Value, own);
    } else if (level(v) === "row" && hasClasses && (ks.length > 1 || first % PHASE >= CLASSES)) {
      // Never inside a loop along classes: in a loop over rows in front of it.
      hold(v, first % PHASE < CLASSES ? first : Math.max(own, Math.floor(first / PHASE) * PHASE));
    } else if (level(v) !== "class" && isHeavy(v) && own < first && sameGroup(own, first)) hold(v, own);
    else if (level(v) !== "class" && ks.length > 1 && cost(v) > RECOMPUTE) hold(v, first);
    else for (const k of ks) for (const a of v.args) need(a, k);
  }
  function inputBuffer(v: Value): Buffer {
    return buffer("input", level(v) as Buffer["level"], v);
  }
  return {
    turn,
    domain,
    loops: [...loops.values()].sort((a, b) => a.key - b.key),
    buffers,
    held,
    hasClasses,
  };
}

/** The axes that a root declares, expanded ones included. */
function rootAxes(r: SweepRoot): readonly Axis[] {
  if (r.for === "output") return r.axes;
  const { domain, left } = r.value.attribute as OuterSum;
  return [...domain, ...left];
}

/**
 * The natural place of each value: phase (reductions along classes below it), rows before classes, stage. A second exp or log
 * starts a stage, a reduction behind one does, and everything does behind one that takes nothing for granted: V8 orders a
 * loop's operations from their last use, so that vectors pass through a long chain staggered if each ends in a store, and side
 * by side, with more values alive than registers, if they end in one sum.
 */
function keys(nodes: readonly Value[], along: (v: Value) => boolean) {
  const phase = new Map<Value, number>();
  const stage = new Map<Value, number>();
  const busy = new Map<Value, boolean>();
  const isClassy = (v: Value): boolean => along(v) || isReduction(v);
  const last = new Map<number, number>();
  const keyOf = (v: Value): number => (phase.get(v) ?? 0) * PHASE + (isClassy(v) ? CLASSES : 0) + (stage.get(v) ?? 0);
  for (const v of nodes) {
    const args = isLeaf(v) ? [] : v.args;
    const p = Math.max(0, ...args.map((a) => (phase.get(a) ?? 0) + (isReduction(a) ? 1 : 0)));
    const near = args.filter((a) => !isReduction(a) && phase.get(a) === p && isClassy(a) === isClassy(v));
    const s = Math.max(0, ...near.map((a) => stage.get(a) as number));
    const isBehind = near.some((a) => stage.get(a) === s && busy.get(a));
    phase.set(v, p);
    const isAfter = near.some((a) => stage.get(a) === s && isSure(a));
    const at = isAfter || (isBehind && (isHeavy(v) || isReduction(v))) ? s + 1 : s;
    stage.set(v, at);
    busy.set(v, isHeavy(v) || (isBehind && at === s));
    const group = Math.floor(keyOf(v) / CLASSES);
    last.set(group, Math.max(last.get(group) ?? 0, keyOf(v)));
  }
  /** From where on a value may be stored as a row value or, `full`, for each class. */
  const readyAt = (v: Value, full: boolean): number => {
    const p = (phase.get(v) ?? 0) + (isReduction(v) ? 1 : 0);
    if (full) return along(v) ? keyOf(v) : p * PHASE + CLASSES;
    return isReduction(v) ? p * PHASE : keyOf(v);
  };
  const lastKey = (key: number): number => Math.max(key, last.get(Math.floor(key / CLASSES)) ?? 0);
  return { keyOf, readyAt, lastKey };
}

const weights: Partial<Record<Value["op"], number>> = { exp: 22, log: 28, log1p: 30, div: 4, sqrt: 5, pick: 6 };
/** Operations to compute one element again, loads included, as far as it matters. */
function cost(v: Value, seen = new Set<Value>()): number {
  if (seen.has(v) || isUniform(v) || v.op === "iota") return 0;
  seen.add(v);
  if (isLeaf(v) || isReduction(v)) return 1;
  let c = weights[v.op] ?? 1;
  for (const a of v.args) if (c <= RECOMPUTE) c += cost(a, seen);
  return c;
}
