/** Sums in groups of sixteen (contributing/numerics.md), as JavaScript: of rows, and of totals that come tile by tile. */
import { GROUP } from "./group.ts";
import type { Values } from "./js-values.ts";

/** A sum of what is added to it: what does not fill a group waits for more. */
export class GroupedSum {
  readonly #sums = new Float64Array(4);
  readonly #open = new Float64Array(GROUP);
  readonly #add: typeof addSingle;
  #waiting = 0;
  /** `isSingle`: a group adds up in float32. */
  constructor(isSingle: boolean) {
    this.#add = isSingle ? addSingle : addDouble;
  }
  begin(): void {
    this.#sums.fill(0);
    this.#open.fill(0);
    this.#waiting = 0;
  }
  /** Adds x[from] … x[end − 1]. */
  add(x: Values, from: number, end: number): void {
    let k = from;
    while (this.#waiting > 0 && k < end) this.#wait(x[k++] as number);
    const whole = k + ((end - k) & ~(GROUP - 1));
    this.#add(x, k, whole, this.#sums);
    for (k = whole; k < end; k++) this.#wait(x[k] as number);
  }
  #wait(x: number): void {
    this.#open[this.#waiting++] = x;
    if (this.#waiting === GROUP) this.#flush();
  }
  #flush(): void {
    this.#add(this.#open, 0, GROUP, this.#sums);
    this.#open.fill(0);
    this.#waiting = 0;
  }
  finish(): number {
    if (this.#waiting > 0) this.#flush();
    const [a, b, c, d] = this.#sums as unknown as [number, number, number, number];
    return a + c + (b + d);
  }
}

/** Whole groups, in float32 up to the four lanes. */
function addSingle(x: Values, from: number, end: number, sums: Float64Array): void {
  const f = Math.fround;
  let [a, b, c, d] = sums as unknown as [number, number, number, number];
  for (let k = from; k < end; k += 16) {
    a += f(f((x[k] as number) + (x[k + 4] as number)) + f((x[k + 8] as number) + (x[k + 12] as number)));
    b += f(f((x[k + 1] as number) + (x[k + 5] as number)) + f((x[k + 9] as number) + (x[k + 13] as number)));
    c += f(f((x[k + 2] as number) + (x[k + 6] as number)) + f((x[k + 10] as number) + (x[k + 14] as number)));
    d += f(f((x[k + 3] as number) + (x[k + 7] as number)) + f((x[k + 11] as number) + (x[k + 15] as number)));
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}
function addDouble(x: Values, from: number, end: number, sums: Float64Array): void {
  for (let k = from; k < end; k += 16)
    for (let j = 0; j < 4; j++)
      (sums[j] as number) +=
        (x[k + j] as number) + (x[k + 4 + j] as number) + ((x[k + 8 + j] as number) + (x[k + 12 + j] as number));
}
