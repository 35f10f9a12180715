/** Rows of few classes become classes of many rows, and back. */
import { Fn, type Local, moduleBytes } from "./assembler.ts";

/**
 * `(from, to, rows, classes, pitch)`: from [rows][classes] to [classes][pitch], or the reverse. Both are told where the rows
 * lie and where the classes do.
 */
type Parameters = readonly [rowsAt: Local, classesAt: Local, rows: Local, classes: Local, pitch: Local];
const parameters = (into: boolean): Parameters => (into ? [0, 1, 2, 3, 4] : [1, 0, 2, 3, 4]);

/** Element by element. */
function elements(name: string, into: boolean, bytes: 4 | 8): Fn {
  const f = new Fn(name, 5);
  const [rowsAt, classesAt, rows, classes, pitch] = parameters(into);
  const type = bytes === 8 ? "i64" : "i32";
  const c = f.local("i32");
  const q = f.local("i32");
  const [from, to] = into ? [rowsAt, q] : [q, rowsAt];
  f.while(
    () => f.get(rows).i32(0).op("i32.gt_s"),
    () => {
      f.copy(classes, c).copy(classesAt, q);
      f.while(
        () => f.get(c),
        () => {
          f.get(to).get(from).op(`${type}.load`, 0).op(`${type}.store`, 0);
          f.bump(rowsAt, bytes).on("i32.add", q, pitch).set(q).bump(c, -1);
        },
      );
      f.bump(classesAt, bytes).bump(rows, -1);
    },
  );
  return f;
}

/** In blocks of 4×4, the last columns overlapping (float32, four classes at least), four rows at once. */
function blocks(name: string, into: boolean): Fn {
  const f = new Fn(name, 5);
  const [rowsAt, classesAt, rows, classes, pitch] = parameters(into);
  const width = f.get(classes).i32(4).op("i32.mul").keep("i32");
  const last = f.get(classes).i32(4).op("i32.sub").keep("i32");
  const c = f.local("i32");
  const more = f.local("i32");
  const low = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
  /** The lower halves of two vectors, lane by lane; then the upper ones. */
  const zip = (x: Local, y: Local): Local[] =>
    [0, 8].map((half) =>
      f
        .shuffle(
          x,
          y,
          low.map((b) => b + half),
        )
        .keep("v128"),
    );
  const fourFrom = (first: Local, step: Local): Local[] => {
    const list = [first];
    for (let i = 1; i < 4; i++) list.push(f.int("i32.add", list[i - 1] as Local, step));
    return list;
  };
  f.while(
    () => f.get(rows).i32(0).op("i32.gt_s"),
    () => {
      f.i32(0).set(c).i32(1).set(more);
      f.while(
        () => f.get(more),
        () => {
          const inRows = fourFrom(f.get(rowsAt).get(c).i32(4).op("i32.mul").op("i32.add").keep("i32"), width);
          const inClasses = fourFrom(f.get(classesAt).on("i32.mul", c, pitch).op("i32.add").keep("i32"), pitch);
          const [from, to] = into ? [inRows, inClasses] : [inClasses, inRows];
          const [a0, a1, a2, a3] = from.map((p) => f.load(p)) as [Local, Local, Local, Local];
          const [b0, b1, b2, b3] = [...zip(a0, a2), ...zip(a1, a3)] as [Local, Local, Local, Local];
          [...zip(b0, b2), ...zip(b1, b3)].forEach((t, i) => {
            f.store(to[i] as Local, t);
          });
          f.on("i32.lt_s", c, last).set(more);
          f.bump(c, 4).get(c).get(last).on("i32.lt_s", c, last).op("select").set(c);
        },
      );
      f.get(rowsAt).get(width).i32(4).op("i32.mul").op("i32.add").set(rowsAt);
      f.bump(classesAt, 16).bump(rows, -4);
    },
  );
  return f;
}

export type Transpose = (from: number, to: number, rows: number, classes: number, pitch: number) => void;
export interface Transposes {
  readonly in: Transpose;
  readonly out: Transpose;
}

export const transposeModule = (): Uint8Array<ArrayBuffer> =>
  moduleBytes(
    (["in", "out"] as const).flatMap((way) => [
      elements(`${way}4`, way === "in", 4),
      elements(`${way}8`, way === "in", 8),
      blocks(`${way}Blocks`, way === "in"),
    ]),
  );

/** The fastest of them for rows of this many classes, never touching a row more. */
export function transposesFor(
  exports: Readonly<Record<string, (...args: number[]) => void>>,
  bytes: number,
  classes: number,
): Transposes {
  const find = (way: "in" | "out"): Transpose => {
    const single = exports[`${way}${bytes}`] as Transpose;
    if (bytes === 8 || classes < 4) return single;
    const fours = exports[`${way}Blocks`] as Transpose;
    /** Whole blocks of four rows, then the rest row by row. */
    return (from, to, rows, n, pitch) => {
      const whole = rows & ~3;
      if (whole) fours(from, to, whole, n, pitch);
      if (whole === rows) return;
      const [inside, along] = [whole * n * bytes, whole * bytes];
      const [skip, fill] = way === "in" ? [inside, along] : [along, inside];
      single(from + skip, to + fill, rows - whole, n, pitch);
    };
  };
  return { in: find("in"), out: find("out") };
}
