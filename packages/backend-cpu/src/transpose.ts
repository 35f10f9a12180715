/** Rows of few classes become classes of many rows, and back. */
import { Fn, type Local, moduleBytes } from "./assembler.ts";

/** `(from, to, rows, classes, pitch)`: from [rows][classes] to [classes][pitch], or the reverse; element by element. */
function elements(name: string, into: boolean, bytes: 4 | 8): Fn {
  const f = new Fn(name, 5);
  const [rowsAt, classesAt, rows, classes, pitch] = into ? [0, 1, 2, 3, 4] : [1, 0, 2, 3, 4];
  const [load, store] = bytes === 8 ? (["i64.load", "i64.store"] as const) : (["i32.load", "i32.store"] as const);
  const c = f.local("i32");
  const q = f.local("i32");
  f.while(
    () =>
      f
        .get(rows as Local)
        .i32(0)
        .op("i32.gt_s"),
    () => {
      f.get(classes as Local)
        .set(c)
        .get(classesAt as Local)
        .set(q);
      f.while(
        () => f.get(c),
        () => {
          if (into)
            f.get(q)
              .get(rowsAt as Local)
              .op(load)
              .op(store);
          else
            f.get(rowsAt as Local)
              .get(q)
              .op(load)
              .op(store);
          f.bump(rowsAt as Local, bytes)
            .get(q)
            .get(pitch as Local)
            .op("i32.add")
            .set(q)
            .bump(c, -1);
        },
      );
      f.bump(classesAt as Local, bytes).bump(rows as Local, -1);
    },
  );
  return f;
}

/** The same in blocks of 4×4, the last columns overlapping (float32, four classes at least), four rows at once. */
function blocks(name: string, into: boolean): Fn {
  const f = new Fn(name, 5);
  const [rowsAt, classesAt, rows, classes, pitch] = (into ? [0, 1, 2, 3, 4] : [1, 0, 2, 3, 4]) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const width = f.get(classes).i32(4).op("i32.mul").keep("i32");
  const last = f.get(classes).i32(4).op("i32.sub").keep("i32");
  const c = f.local("i32");
  const more = f.local("i32");
  const zip = (x: Local, y: Local, half: number): Local => {
    const low = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
    return f
      .get(x)
      .get(y)
      .op("i8x16.shuffle", ...low.map((b) => b + half))
      .keep("v128");
  };
  f.while(
    () => f.get(rows).i32(0).op("i32.gt_s"),
    () => {
      f.i32(0).set(c).i32(1).set(more);
      f.while(
        () => f.get(more),
        () => {
          const inRows = [f.get(rowsAt).get(c).i32(4).op("i32.mul").op("i32.add").keep("i32")];
          const inClasses = [f.get(classesAt).get(c).get(pitch).op("i32.mul").op("i32.add").keep("i32")];
          for (let i = 1; i < 4; i++) {
            inRows.push(
              f
                .get(inRows[i - 1] as Local)
                .get(width)
                .op("i32.add")
                .keep("i32"),
            );
            inClasses.push(
              f
                .get(inClasses[i - 1] as Local)
                .get(pitch)
                .op("i32.add")
                .keep("i32"),
            );
          }
          const [from, to] = into ? [inRows, inClasses] : [inClasses, inRows];
          const a = from.map((p) => f.get(p).op("v128.load").keep("v128")) as [Local, Local, Local, Local];
          const b = [zip(a[0], a[2], 0), zip(a[0], a[2], 8), zip(a[1], a[3], 0), zip(a[1], a[3], 8)] as const;
          const t = [zip(b[0], b[2], 0), zip(b[0], b[2], 8), zip(b[1], b[3], 0), zip(b[1], b[3], 8)];
          to.forEach((p, i) => {
            f.get(p)
              .get(t[i] as Local)
              .op("v128.store");
          });
          f.get(c).get(last).op("i32.lt_s").set(more);
          f.bump(c, 4).get(c).get(last).get(c).get(last).op("i32.lt_s").op("select").set(c);
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
  moduleBytes([
    elements("in4", true, 4),
    elements("out4", false, 4),
    elements("in8", true, 8),
    elements("out8", false, 8),
    blocks("inBlocks", true),
    blocks("outBlocks", false),
  ]);

/** The fastest of them for rows of this many classes, never touching a row more. */
export function transposesFor(
  exports: Readonly<Record<string, (...args: number[]) => void>>,
  bytes: number,
  classes: number,
): Transposes {
  const single = (way: "in" | "out"): Transpose => exports[`${way}${bytes}`] as Transpose;
  if (bytes === 8 || classes < 4) return { in: single("in"), out: single("out") };
  /** Whole blocks of four rows, then the rest row by row. */
  const both = (way: "in" | "out"): Transpose => {
    const [inBlocks, inRows] = [exports[`${way}Blocks`] as Transpose, single(way)];
    return (from, to, rows, n, pitch) => {
      const whole = rows & ~3;
      if (whole) inBlocks(from, to, whole, n, pitch);
      if (whole === rows) return;
      const [inside, along] = [whole * n * bytes, whole * bytes];
      if (way === "in") inRows(from + inside, to + along, rows - whole, n, pitch);
      else inRows(from + along, to + inside, rows - whole, n, pitch);
    };
  };
  return { in: both("in"), out: both("out") };
}
