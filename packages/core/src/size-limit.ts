/** The limit on the tensors of a call: shapes that broadcast to more than memory holds are refused before any is taken. */
import { showShape, volumeOf } from "./align.ts";
import type { Backend, Extents } from "./backend.ts";
import { UnsupportedError } from "./errors.ts";
import { type Axis, topological } from "./node.ts";
import type { Program } from "./program.ts";

/** The most elements of a tensor that is computed, unless an argument has more or the backend says another number. */
export const MOST_ELEMENTS = 2 ** 30;

/** The refusal of a program of which a tensor, its value and gradients among them, has too many elements. */
export function tooLarge(program: Program, extents: Extents, backend: Backend): UnsupportedError | undefined {
  const shapeOver = (axes: readonly Axis[]) => axes.map((a) => extents[program.axes.indexOf(a)] as number);
  const given = program.inputs.map(({ axes }) => volumeOf(shapeOver(axes)));
  const most = Math.max(backend.mostElements ?? MOST_ELEMENTS, ...given);
  for (const { axes } of topological(program.outputs)) {
    const shape = shapeOver(axes);
    const size = volumeOf(shape);
    if (size > most)
      return new UnsupportedError(
        `the shapes broadcast to ${showShape(shape)}, which are ${size} elements, and ${backend.name} computes ` +
          `tensors of at most ${most}: split the batch, or make the shapes alike if they were not meant to broadcast`,
      );
  }
  return undefined;
}
