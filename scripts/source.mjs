/** Runs a function of the repository's sources without a build: `node scripts/source.mjs tests/src/replay-report.ts report …`. */
import { createViteServer } from "vitest/node";
import { root } from "./setup.mjs";

const [file, name, ...args] = process.argv.slice(2);
const conditions = ["@isoloss/source", "module", "node", "development|production"];
const server = await createViteServer({
  configFile: false,
  root,
  logLevel: "error",
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
process.stdout.on("error", () => process.exit());
try {
  const module = await server.ssrLoadModule(`/${file}`);
  process.exitCode = (await module[name](args)) ? 0 : 1;
} finally {
  await server.close();
}
