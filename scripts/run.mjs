/** Runs a command of the workspace after its set-up: `node scripts/run.mjs biome check`. */
import { prepare, run } from "./setup.mjs";

const [command, ...args] = process.argv.slice(2);
prepare();
process.exitCode = run(command, args);
