/** Compares the two engines on random graphs, bit for bit: `node scripts/fuzz.mjs [from] [to]`, after a build. */
import { graphCase } from "@isoloss/conformance";
import { decoder, print } from "@isoloss/core";
import { createCpuBackend } from "../dist/index.js";

const [from, to] = [Number(process.argv[2] ?? 0), Number(process.argv[3] ?? 100_000)];
const tunings = [{}, { tileBytes: 512, sliceBytes: 128, stridedBytes: 2048, blockBytes: 512, blockRows: 32 }];
const scripts = tunings.map((tuning) => createCpuBackend({ engine: "js", tuning }));
const backends = tunings.map((tuning) => createCpuBackend({ engine: "wasm", tuning }));
/** Of each forty graphs 26 compute in float32, 12 in float64, and two in types that only the JavaScript engine has. */
const floats = Array.from({ length: 40 }, (_, i) =>
  i === 0 ? "float16" : i === 20 ? "bfloat16" : i % 3 === 2 ? "float64" : "float32",
);
let [compiled, wrong] = [0, 0];
const reasons = new Map();
for (let seed = from; seed < to && wrong < 5; seed++) {
  const { program, extents, feeds } = graphCase(seed, floats[seed % 40], ["float32", "float64"]);
  const expected = scripts[(seed >> 1) % 2].compile(program).run(feeds, extents, program.parameters);
  const kernel = backends[seed % 2].compile(program);
  const got = kernel.run(feeds, extents, program.parameters);
  if (kernel.engine === "wasm") compiled++;
  else reasons.set(kernel.engineReason, (reasons.get(kernel.engineReason) ?? 0) + 1);
  program.outputs.forEach((o, i) => {
    const decode = decoder(o.dtype);
    const differs = got[i].findIndex((x, k) => !Object.is(decode(Number(x)), decode(Number(expected[i][k]))));
    if (got[i].length === expected[i].length && differs < 0) return;
    wrong++;
    console.log(`seed ${seed}, output ${i}, element ${differs}: ${got[i][differs]} for ${expected[i][differs]}`);
    console.log(`${print(program.outputs)}\n${program.axes}: ${extents}`);
  });
  kernel.dispose();
}
console.log(`${to - from} graphs, ${compiled} on WebAssembly, ${wrong} differences`);
for (const [reason, n] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(`  ${n} × ${reason}`);
process.exitCode = wrong ? 1 : 0;
