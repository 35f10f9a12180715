/** Class indices of a framework that casts them to the type of its predictions first. Only losses that do so bring this. */
import { fromNumbers, isFloat, isHalf, toNumbers } from "./dtype.ts";
import { BEYOND, EXEMPT, fits, labelLeaf, labelsOf, narrowed, type ReadLabels, smallIntegers } from "./labels.ts";

/** As `labelsOf`, but that a float type rounds them; where they come as floats, the exempt one is looked for among floats, so that 1.5 is not 1. */
export const labelsInFloats: ReadLabels = (name, type, axes, through, extent, except) => {
  if (!isFloat(through)) return labelsOf(name, type, axes, through, extent, except);
  const { dtype } = type;
  const isExact = isFloat(dtype);
  const narrow = (x: number): number =>
    fits(x) && !(isExact && x === except) ? Math.trunc(x) : x === except ? EXEMPT : BEYOND;
  const exempt =
    typeof except !== "number" ? undefined : fits(except) && Number.isInteger(except) && !isExact ? except : EXEMPT;
  // Up to here the type holds every integer.
  const most = isHalf(through) ? 2 ** 8 : 2 ** 24;
  return labelLeaf(name, axes, extent, exempt, (data) => {
    const small = isExact ? undefined : smallIntegers(data);
    if (small && areWithin(small, most)) return small;
    const numbers = toNumbers(data, dtype);
    return narrowed(through === dtype ? numbers : toNumbers(fromNumbers(numbers, through), through), narrow);
  });
};
function areWithin(integers: Int32Array, most: number): boolean {
  for (let i = 0; i < integers.length; i++) if (Math.abs(integers[i] as number) > most) return false;
  return true;
}
