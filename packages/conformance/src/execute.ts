/** Runs a program on a backend and on the reference, and compares what comes out. */
import {
  type Eventually,
  type Feed,
  type Kernel,
  type Mode,
  type Outputs,
  type Program,
  type TypedArray,
  topological,
} from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { boundOf, difference, numbersOf, type Tolerance } from "./compare.ts";

const transcendental = new Set(["exp", "log", "log1p"]);
const isExact = (p: Program, tolerance: Tolerance): boolean =>
  (tolerance.exact ?? false) && !topological(p.outputs).some((n) => transcendental.has(n.op));

/** What every backend is compared with. */
export const reference = createReferenceBackend();
export const asArrays = (outputs: Outputs): TypedArray[] => outputs.map((o) => o as TypedArray);
/** One call. */
export const launch = async (kernel: Kernel, feeds: readonly Feed[], extents: readonly number[], p: Program) =>
  asArrays(await (kernel.run(feeds, extents, p.parameters) as Eventually<Mode, Outputs>));

/** What differs in a call: the first output and element. */
export function compareOutputs(
  p: Program,
  got: readonly TypedArray[],
  wanted: readonly TypedArray[],
  tolerance: Tolerance,
  unstable?: (output: number, element: number) => boolean,
): string | undefined {
  const bits = isExact(p, tolerance);
  for (const [i, o] of p.outputs.entries()) {
    const ours = got[i];
    if (!ours) return `output ${i} is missing`;
    const skip = unstable && !bits ? (k: number) => unstable(i, k) : undefined;
    const off = difference(
      numbersOf(ours, o.dtype),
      numbersOf(wanted[i] as TypedArray, o.dtype),
      boundOf(tolerance, o.dtype, bits),
      skip,
    );
    if (off) return `output ${i} (${o.dtype}) ${off}`;
  }
  return undefined;
}
