/** Runs the benchmarks. There are none yet. */
export {};

console.log("No benchmarks yet.");
