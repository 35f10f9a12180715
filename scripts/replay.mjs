/** `pnpm replay`: the recordings of the real frameworks against the sources. Usage: pnpm replay --help */
import { createViteServer } from "vitest/node";
import { root } from "./setup.mjs";

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
  const { report } = await server.ssrLoadModule("/tests/src/replay-report.ts");
  process.exitCode = (await report(process.argv.slice(2))) ? 0 : 1;
} finally {
  await server.close();
}
