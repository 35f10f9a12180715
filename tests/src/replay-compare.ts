/** When an answer of ours is the framework's: what is compared, and how closely. */
import { type FloatDType, isFloat, isHalf, round, type Tensor, type TypedArray, toNumbers } from "@isoloss/core";
import type { Answer } from "isoloss";
import type { RecordedAnswer, RecordedRequest, RecordedTensor } from "./replay-fixtures.ts";
import type { Noise, Spread } from "./rounding-noise.ts";

/** |ours − theirs| ≤ relative·|theirs| + the absolute part. */
export interface Tolerance {
  readonly relative: number;
  /** The absolute part for a value. */
  readonly absolute: number;
  /** The absolute part for a gradient, in units of its largest element: its elements are differences of such numbers. */
  readonly gradient: number;
  /** Allowed where the largest element itself is not ten times this: all is rounding, of terms of size 1 that cancel. */
  readonly noise: number;
}
/**
 * What `torch.testing.assert_close` allows; for float64 100 times less. The absolute part of a half-precision gradient is a unit
 * in the last place of its largest element (float32: 84).
 */
export const tolerances: Readonly<Record<FloatDType, Tolerance>> = {
  float64: { relative: 1e-9, absolute: 1e-9, gradient: 1e-9, noise: 2e-15 },
  float32: { relative: 1.3e-6, absolute: 1e-5, gradient: 1e-5, noise: 1e-6 },
  float16: { relative: 1e-3, absolute: 1e-5, gradient: 2 ** -10, noise: 1e-6 },
  bfloat16: { relative: 1.6e-2, absolute: 1e-5, gradient: 2 ** -7, noise: 1e-6 },
};

/** What differs: whether it is refused, the refusal's code, what comes out, or the numbers. */
export type Difference =
  | "should refuse"
  | "refuses"
  | "code"
  | "unsupported"
  | "dtype"
  | "shape"
  | "value"
  | "gradients"
  | "gradient dtype"
  | "gradient shape"
  | "gradient";
export interface Mismatch {
  readonly kind: Difference;
  readonly detail: string;
}

const words: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, "-Infinity": -Infinity };
const number = (x: number | string | boolean): number => (typeof x === "string" ? (words[x] ?? Number(x)) : Number(x));

/** The first element that is too far off. */
function offElement(
  ours: Float64Array,
  theirs: Float64Array,
  { relative, absolute, noise }: { relative: number; absolute: number; noise: Spread | undefined },
): number {
  for (let i = 0; i < theirs.length; i++) {
    const a = ours[i] as number;
    const b = theirs[i] as number;
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const allowed = absolute + relative * Math.abs(b) + (noise?.deviation[i] ?? 0);
    const isNear = Number.isFinite(b) ? Math.abs(a - b) <= allowed : noise?.runs.some((run) => Object.is(run[i], b));
    if (!isNear) return i;
  }
  return -1;
}

const show = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
const finiteLargest = (x: Float64Array): number =>
  x.reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 0);

type Types = Pick<RecordedRequest, "inputs" | "options">;
/** The types in which a request computes: those of its tensors, and those that its options name. */
function typesOf({ inputs = {}, options = {} }: Types): Set<string> {
  const given = [...Object.values(inputs), ...Object.values(options)];
  return new Set(given.map((x) => (typeof x === "string" ? x : String((x as { dtype?: string } | null)?.dtype))));
}
const halves = ["bfloat16", "float16"] as const;
/**
 * Numbers are held to the type that they were computed in: a half where the request has it and all elements are numbers of
 * it; float32 in the place of float64 where a float32 tensor takes part, or all elements are float32 numbers.
 */
function toleranceOf(dtype: FloatDType, theirs: Float64Array, request: Types): Tolerance {
  const types = typesOf(request);
  const are = (d: FloatDType): boolean => theirs.every((x) => Object.is(round[d](x), x));
  const half = halves.find((d) => types.has(d) && are(d));
  if (half && !isHalf(dtype)) return tolerances[half];
  return tolerances[dtype === "float64" && (types.has("float32") || are("float32")) ? "float32" : dtype];
}
const exactly: Tolerance = { relative: 0, absolute: 0, gradient: 0, noise: 0 };

function compareTensors(
  ours: Tensor,
  theirs: RecordedTensor,
  isGradient: boolean,
  { request, random }: { request: Types; random: Spread | undefined },
) {
  if (ours.dtype !== theirs.dtype) return { what: "dtype", detail: `${ours.dtype}, not ${theirs.dtype}` } as const;
  if (show(ours.shape) !== show(theirs.shape))
    return { what: "shape", detail: `${show(ours.shape)}, not ${show(theirs.shape)}` } as const;
  const { dtype } = ours;
  const a = toNumbers(ours.data as TypedArray, dtype);
  // The recording has the fewest digits that read back as the same element.
  const b = Float64Array.from(theirs.data, (x) => round[dtype](number(x)));
  const { relative, absolute, gradient, noise } = isFloat(dtype) ? toleranceOf(dtype, b, request) : exactly;
  const largest = finiteLargest(b);
  const allowed = isGradient ? gradient * largest + (largest < 10 * noise ? noise : 0) : absolute;
  const at = offElement(a, b, { relative, absolute: allowed, noise: random });
  if (at < 0) return undefined;
  return { what: "", detail: `element ${at}: ${a[at]}, not ${b[at]} (of ${dtype}${show(theirs.shape)})` } as const;
}

/**
 * What differs between our answer and the framework's; undefined: nothing. The request says in which types it was computed;
 * `random`: what rounding may add to the tolerance.
 */
export function compare(
  ours: Answer,
  theirs: RecordedAnswer,
  request: Types = {},
  random?: Noise,
): Mismatch | undefined {
  if ("error" in ours) {
    const said = `${ours.error.code}: ${ours.error.message}`;
    if (ours.error.code === "unsupported") return { kind: "unsupported", detail: said };
    if (!theirs.error) return { kind: "refuses", detail: said };
    if (ours.error.code === theirs.error.code) return undefined;
    return { kind: "code", detail: `${said} — not ${theirs.error.code}: ${theirs.error.message}` };
  }
  if (theirs.error) return { kind: "should refuse", detail: `${theirs.error.code}: ${theirs.error.message}` };
  const value = compareTensors(ours.value, theirs.value as RecordedTensor, false, { request, random: random?.value });
  if (value) return { kind: value.what || "value", detail: value.detail };
  const expected = theirs.grads ?? {};
  const names = Object.keys(ours.grads).sort().join(", ");
  const wanted = Object.keys(expected).sort().join(", ");
  if (names !== wanted) return { kind: "gradients", detail: `of {${names}}, not of {${wanted}}` };
  for (const [name, theirGradient] of Object.entries(expected)) {
    const off = compareTensors(ours.grads[name] as Tensor, theirGradient, true, {
      request,
      random: random?.grads[name],
    });
    if (off) return { kind: off.what ? `gradient ${off.what}` : "gradient", detail: `${name}: ${off.detail}` };
  }
  return undefined;
}

/** The same, but that numbers beyond the tolerance are held to what the rounding of that very call may do. */
export async function compareNoisy(
  ours: Answer,
  theirs: RecordedAnswer,
  request: RecordedRequest,
  noiseOf: (request: RecordedRequest) => Promise<Noise | undefined>,
): Promise<Mismatch | undefined> {
  const off = compare(ours, theirs, request);
  if (off?.kind !== "value" && off?.kind !== "gradient") return off;
  const noise = await noiseOf(request);
  return noise ? compare(ours, theirs, request, noise) : off;
}
