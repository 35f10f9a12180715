/**
 * From the shapes of one call to axes. An adapter labels every dimension of every tensor; equal labels are one axis. Here
 * extents meet as NumPy's broadcasting has it, dimensions of extent 1 that meet a longer one vanish from their tensor, and
 * neighbours that no tensor separates collapse into one axis.
 */
import { LossError } from "./errors.ts";
import { type Axis, isOuter } from "./node.ts";

/** One dimension of a tensor: which axis it lies on, and its size. */
export interface Dim {
  readonly axis: Axis;
  readonly extent: number;
}
export type Dims = readonly Dim[];
export type Shape = readonly number[];

/** The result: each port's axes, the size of every axis, and one order that every port's axes follow. */
export interface Aligned {
  readonly axes: Readonly<Record<string, readonly Axis[]>>;
  readonly extents: ReadonlyMap<Axis, number>;
}

/** Labels from the right, as broadcasting aligns them: the last dimension is "0". `named` gives chosen positions a name of their own. */
export function trailing(shape: Shape, named: Readonly<Record<number, Axis>> = {}): Dim[] {
  let outer = shape.filter((_, i) => !(i in named)).length;
  return shape.map((extent, i) => ({ axis: named[i] ?? `${--outer}`, extent }));
}
export const shapeOf = (dims: Dims): number[] => dims.map((d) => d.extent);
export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;
/** The number of elements of a shape. */
export function volumeOf(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i] as number;
  return n;
}
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The common size of every axis. Refuses sizes that do not broadcast. */
export function broadcast(...tensors: readonly Dims[]): Map<Axis, number> {
  const extents = new Map<Axis, number>();
  for (const dims of tensors)
    for (const { axis, extent } of dims) {
      const old = extents.get(axis) ?? 1;
      if (old !== 1 && extent !== 1 && old !== extent)
        throw new LossError(
          "shape",
          `shapes ${tensors.map((d) => showShape(shapeOf(d))).join(" and ")} do not broadcast`,
        );
      extents.set(axis, old === 1 ? extent : old);
    }
  return extents;
}

/** The broadcast of several tensors over outer axes, outermost first. */
export const broadcastDims = (...tensors: readonly Dims[]): Dims =>
  [...broadcast(...tensors)]
    .map(([axis, extent]) => ({ axis, extent }))
    .sort((a, b) => Number(b.axis) - Number(a.axis));

/** Aligns the tensors of one call. Named axes stay even at extent 1, and never collapse. */
export function align(ports: Readonly<Record<string, Dims>>): Aligned {
  const sizes = broadcast(...Object.values(ports));
  const axes = Object.fromEntries(
    Object.entries(ports).map(([name, dims]) => [
      name,
      dims.filter((d) => d.extent === sizes.get(d.axis) && (d.extent !== 1 || !isOuter(d.axis))).map((d) => d.axis),
    ]),
  );
  const lists = Object.values(axes);
  const extents = new Map(lists.flat().map((a) => [a, sizes.get(a) as number]));
  /** Whether b comes right behind a in every tensor that has one of them. */
  const follows = (a: Axis, b: Axis): boolean =>
    lists.every((l) => (l.includes(a) ? l[l.indexOf(a) + 1] === b : !l.includes(b)));
  for (const list of lists)
    for (let i = list.length - 1; i > 0; i--) {
      const [a, b] = list.slice(i - 1) as [Axis, Axis];
      if (isOuter(a) && isOuter(b) && follows(a, b)) {
        extents.set(a, (extents.get(a) as number) * (extents.get(b) as number));
        extents.delete(b);
        for (const l of lists) if (l.includes(b)) l.splice(l.indexOf(b), 1);
      }
    }
  return { extents, axes };
}
