/** The errors of this project: a refusal has a stable code and a message in the caller's words. */

/**
 * Why a call is refused. The first eight are the framework's own refusals; `unsupported` says that a backend cannot,
 * `request` that the program asking did not ask anything that can be answered.
 */
export type ErrorCode =
  | "shape"
  | "dtype"
  | "value"
  | "index-out-of-range"
  | "option"
  | "missing"
  | "gradient"
  | "unknown-loss"
  | "unsupported"
  | "request";

/** A refusal. Told apart by `code`, not by `instanceof`: several copies of this package may be loaded. */
export class LossError extends Error {
  override readonly name: string = "LossError";
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a backend, not a framework, cannot do: names the backend, the operation and the way out. */
export class UnsupportedError extends LossError {
  override readonly name: string = "UnsupportedError";
  constructor(message: string) {
    super("unsupported", message);
  }
}

export const isLossError = (e: unknown): e is LossError =>
  e instanceof Error && typeof (e as { code?: unknown }).code === "string" && /^(Loss|Unsupported)Error$/.test(e.name);

/** A value as a message quotes it: its JSON, in which integers of 64 bits are numbers. */
export const quoted = (value: unknown): string =>
  JSON.stringify(value, (_, x: unknown) => (typeof x === "bigint" ? Number(x) : x)) ?? String(value);
