/** Before packing: the Python programs that answer for the real frameworks, from the oracle into the package. */
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";

const from = new URL("../../../oracle/", import.meta.url);
const to = new URL("../python/", import.meta.url);
mkdirSync(to, { recursive: true });
for (const file of readdirSync(from))
  if (/^(torch_eval|keras_eval|protocol|codes)\.py$/.test(file)) copyFileSync(new URL(file, from), new URL(file, to));
