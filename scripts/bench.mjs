/** `npm run bench`: builds what the benchmarks need and runs them. */
import { must, prepare, run } from "./setup.mjs";

prepare();
must("turbo", ["run", "build", "--filter=@isoloss/benchmarks...", "--output-logs=errors-only"]);
process.exitCode = run("node", ["benchmarks/dist/index.js", ...process.argv.slice(2)]);
