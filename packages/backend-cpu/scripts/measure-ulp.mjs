/**
 * The largest errors of exp, log and log1p over all float32 numbers, in units in the last place, against the platform's in
 * float64: `node scripts/measure-ulp.mjs [exp|log|log1p]`, after a build; minutes each.
 */
import { ofArrays } from "../dist/array-arithmetic.js";

const COUNT = 1 << 16;
const SMALLEST = 2 ** -149;
const x = new Float32Array(COUNT);
const bits = new Uint32Array(x.buffer);
const y = new Float32Array(COUNT);

function worst(name) {
  const found = { ulp: 0, at: 0 };
  for (let first = 0; first < 2 ** 32; first += COUNT) {
    for (let i = 0; i < COUNT; i++) bits[i] = first + i;
    ofArrays.float32[name](COUNT, y, x, x, x);
    for (let i = 0; i < COUNT; i++) {
      const exact = Math[name](x[i]);
      const rounded = Math.fround(exact);
      if (Object.is(rounded, y[i])) continue;
      const size = Math.abs(exact);
      const unit = Math.max(SMALLEST, 2 ** (Math.floor(Math.log2(size)) - 23));
      const ulp = Number.isFinite(rounded) && size > 0 ? Math.abs(y[i] - exact) / unit : Number.POSITIVE_INFINITY;
      if (ulp > found.ulp) Object.assign(found, { ulp, at: x[i] });
    }
  }
  return found;
}

const [, , ...names] = process.argv;
for (const name of names.length > 0 ? names : Object.keys(ofArrays.float32)) {
  const { ulp, at } = worst(name);
  console.log(`${name}: ${ulp.toFixed(4)} ulp at ${at}`);
}
