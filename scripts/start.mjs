/** `npm start`: builds what the digits example needs and runs it. */
import { must, prepare, run } from "./setup.mjs";

prepare();
must("turbo", ["run", "build", "--filter=@isoloss/example-digits...", "--output-logs=errors-only"]);
process.exitCode = run("node", ["examples/digits/dist/main.js", ...process.argv.slice(2)]);
