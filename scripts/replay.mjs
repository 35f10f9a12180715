/** `pnpm replay`: the recordings of the real frameworks against the sources. Usage: pnpm replay --help */
process.argv.splice(2, 0, "tests/src/replay-report.ts", "report");
await import("./source.mjs");
