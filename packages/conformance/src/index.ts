/** One function that tests any isoloss backend against the reference interpreter. */
export type { Bound, Tolerance } from "./compare.ts";
export { type GraphCase, graphCase } from "./graphs.ts";
export { type LossCases, lossCases } from "./losses.ts";
export { type Random, random } from "./random.ts";
export type { Skip } from "./skip.ts";
export { type ConformanceOptions, testBackend } from "./suite.ts";
