/**
 * From one sweep's values to loops. A block of rows passes through the loops one after the other: loops over rows, and loops
 * along the class axis. A value is computed in the loop that needs it; where several do, the first keeps it in a scratch
 * array, or each computes it again if that is cheap.
 */
import { type Axis, topological } from "@isoloss/core";
import { isInUnit, isNonPositive } from "./rewrite.ts";
import { isReduction, isUniform, type Value } from "./value.ts";

/** Where values lie: a tile of a caller's tensor, or a scratch array of a block. */
export interface Buffer {
  readonly id: number;
  /** "total": rows waiting to be added in groups of sixteen; "partial": a tile that is added to a partial sum. */
  readonly kind: "input" | "output" | "scratch" | "total" | "partial";
  readonly level: "class" | "row" | "full";
  /** The input's value, the output's number, or what is summed. */
  readonly of: Value | number;
}
/** "store": the value; "reduce": its operand, along the classes. */
export interface Root {
  readonly do: "store" | "reduce";
  readonly value: Value;
  readonly to: Buffer;
}
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
/** What a sweep is for: a value that it writes to such a buffer, over these axes (expanded ones included). */
export interface SweepRoot extends Pick<Buffer, "kind" | "of"> {
  readonly value: Value;
  readonly axes: readonly Axis[];
}

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
const phaseOf = (key: number): number => Math.floor(key / PHASE) * PHASE;
const groupOf = (key: number): number => Math.floor(key / CLASSES);
const isOverClasses = (key: number): boolean => key % PHASE >= CLASSES;

export function planSweep(
  turn: number,
  domain: readonly Axis[],
  classAxis: Axis | undefined,
  sweepRoots: readonly SweepRoot[],
): Sweep {
  const along = ({ axes }: { readonly axes: readonly Axis[] }): boolean => axes.includes(classAxis as Axis);
  const levelOf = (v: Value): Buffer["level"] => (!along(v) ? "row" : v.axes.length === 1 ? "class" : "full");
  const nodes = topological(
    sweepRoots.map((r) => r.value),
    isLeaf,
  );
  const hasClasses = nodes.some((v) => along(v) || isReduction(v)) || sweepRoots.some(along);
  const { keyOf, last } = keys(nodes, along);

  const loops = new Map<number, Loop>();
  const buffers: Buffer[] = [];
  const held = new Map<Value, { buffer: Buffer; since: number }>();
  const needs = new Map<Value, Set<number>>();
  const buffer = (kind: Buffer["kind"], level: Buffer["level"], of: Buffer["of"]): Buffer => {
    const b: Buffer = { id: buffers.length, kind, level, of };
    buffers.push(b);
    return b;
  };
  const need = (values: readonly Value[], key: number): void => {
    for (const v of values) needs.set(v, (needs.get(v) ?? new Set()).add(key));
  };
  const root = (key: number, r: Root): void => {
    const loop = loops.get(key) ?? { key, over: isOverClasses(key) ? "classes" : "rows", roots: [] };
    loops.set(key, loop);
    loop.roots.push(r);
  };
  const hold = (v: Value, key: number): void => {
    const to = buffer("scratch", along(v) ? "full" : "row", v);
    held.set(v, { buffer: to, since: key });
    root(key, { do: isReduction(v) ? "reduce" : "store", value: v, to });
    need(v.args, key);
  };

  for (const r of sweepRoots) {
    const { value, kind, of } = r;
    const own = keyOf(value);
    const from = isReduction(value) ? phaseOf(own) + PHASE : own;
    const ready = along(r) && !along(value) ? phaseOf(from) + CLASSES : from;
    const key = kind === "total" ? ready : Math.max(ready, last.get(groupOf(ready)) ?? 0); // stores belong to the last stage
    root(key, { do: "store", value, to: buffer(kind, along(r) ? "full" : "row", of) });
    need([value], key);
  }
  // Users before operands: where each value is computed.
  for (const v of [...nodes].reverse()) {
    const ks = [...(needs.get(v) ?? [])];
    if (ks.length === 0 || isUniform(v)) continue;
    if (isLeaf(v)) {
      if (v.op !== "iota") held.set(v, { buffer: buffer("input", levelOf(v), v), since: -1 });
      continue;
    }
    const isShared = ks.length > 1;
    const first = Math.min(...ks);
    const own = keyOf(v);
    const level = levelOf(v);
    if (isReduction(v)) hold(v, own);
    else if (level === "row" && hasClasses && (isShared || isOverClasses(first))) {
      // Never inside a loop along classes: in a loop over rows in front of it.
      hold(v, isOverClasses(first) ? Math.max(own, phaseOf(first)) : first);
    } else if (level !== "class" && isHeavy(v) && own < first && groupOf(own) === groupOf(first)) hold(v, own);
    else if (level !== "class" && isShared && cost(v) > RECOMPUTE) hold(v, first);
    else for (const k of ks) need(v.args, k);
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

/**
 * The natural place of each value: phase (reductions along classes below it), rows before classes, stage; and the last stage
 * of each group of loops. A stage has one exp or log, a reduction behind one starts another, and so does everything behind one
 * that takes nothing for granted: V8 orders a loop's operations from their last use, so that vectors pass through a long chain
 * staggered if each ends in a store, and side by side, with more values alive than registers, if they end in one sum.
 */
function keys(nodes: readonly Value[], along: (v: Value) => boolean) {
  const known = new Map<Value, number>();
  const keyOf = (v: Value): number => known.get(v) as number;
  const busy = new Set<Value>();
  const heavy = new Set<number>();
  const last = new Map<number, number>();
  for (const v of nodes) {
    const args = isLeaf(v) ? [] : v.args;
    const phase = Math.max(0, ...args.map((a) => phaseOf(keyOf(a)) + (isReduction(a) ? PHASE : 0)));
    const base = phase + (along(v) || isReduction(v) ? CLASSES : 0);
    const near = args.filter((a) => !isReduction(a) && groupOf(keyOf(a)) === groupOf(base));
    const own = Math.max(base, ...near.map(keyOf));
    const before = near.filter((a) => keyOf(a) === own);
    const isBehind = before.some((a) => busy.has(a));
    let key = before.some(isSure) || (isBehind && (isHeavy(v) || isReduction(v))) ? own + 1 : own;
    while (isHeavy(v) && heavy.has(key)) key++;
    if (isHeavy(v)) heavy.add(key);
    known.set(v, key);
    if (isHeavy(v) || (isBehind && key === own)) busy.add(v);
    last.set(groupOf(key), Math.max(last.get(groupOf(key)) ?? 0, key));
  }
  return { keyOf, last };
}

const dear: ReadonlySet<string> = new Set(["exp", "log", "log1p", "div", "sqrt", "pick"]);
/** Operations to compute one element again, loads included, as far as it matters. */
function cost(v: Value, seen = new Set<Value>()): number {
  if (seen.has(v) || isUniform(v) || v.op === "iota") return 0;
  seen.add(v);
  if (isLeaf(v) || isReduction(v)) return 1;
  let c = dear.has(v.op) ? RECOMPUTE + 1 : 1;
  for (const a of v.args) if (c <= RECOMPUTE) c += cost(a, seen);
  return c;
}
