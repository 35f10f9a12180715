/** Compares, explains and translates loss calls between frameworks, releases and backends. */

export { allHtml } from "./all/html.ts";
export { type AllOptions, type AllReport, type AllRow, runAll } from "./all/run-all.ts";
export { allHeading, allJson, allMarkdown, allRows, summaryOf } from "./all/tables.ts";
export { grammar, parseSystem } from "./call/parse.ts";
export { printCall, printCandidate } from "./call/print.ts";
export { CallError, pointAt } from "./call/syntax.ts";
export { type ConfiguredLoss, configurationOf, readConfiguration } from "./configuration.ts";
export type { OnnxRuntime } from "./contestants/onnx.ts";
export type { TensorFlow } from "./contestants/tfjs.ts";
export { explain } from "./explain/explain.ts";
export type { Aspect, Difference, Explanation } from "./explain/explanation.ts";
export { explanationJson, explanationText } from "./explain/report.ts";
export { furtherLosses } from "./further/definitions.ts";
export { type ParityResult, standardTolerance } from "./parity.ts";
export { parityHeading, parityJson, parityRows, smallestLines } from "./parity-report.ts";
export { type RunParityOptions, runParity, tensorsOfRequests } from "./run-parity.ts";
export { sourcesOfSystem } from "./sources.ts";
export { type LossCall, lossCall, readSystem, type System, systemOf } from "./system.ts";
export { type TranslationJson, translationJson, translationText } from "./translate/report.ts";
export { type TranslateOptions, translate } from "./translate/translate.ts";
export type { Condition, Example, Proof, Translation, Verdict } from "./translate/translation.ts";
