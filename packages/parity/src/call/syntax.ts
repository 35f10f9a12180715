/** The words in which a call is written: the nodes that the parser builds and the printers read. */

/** Where in the text something stands: [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A literal of Python or JSON. A list of numbers is a tensor where one is expected. */
export type Literal = number | string | boolean | null | readonly Literal[];

export type Expression =
  | { readonly kind: "literal"; readonly value: Literal; readonly at: Span }
  | { readonly kind: "name"; readonly name: string; readonly at: Span }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string; readonly at: Span }
  | { readonly kind: "index"; readonly of: Expression; readonly index: readonly Index[]; readonly at: Span }
  | { readonly kind: "call"; readonly callee: Expression; readonly args: readonly Argument[]; readonly at: Span }
  | { readonly kind: "negate"; readonly of: Expression; readonly at: Span }
  | {
      readonly kind: "binary";
      readonly op: "+" | "-" | "*" | "/";
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Span;
    };

/** One place of `x[…]`: an expression, `...`, a new axis, or the whole axis `:`. */
export type Index = Expression | "..." | "None" | ":";

export interface Argument {
  /** The keyword, where it has one. */
  readonly name?: string;
  readonly value: Expression;
}

/** A text that is no call. `at` is where the fault lies. */
export class CallError extends Error {
  override readonly name: string = "CallError";
  readonly text: string;
  readonly at: Span;
  constructor(text: string, at: Span, message: string) {
    super(message);
    this.text = text;
    this.at = at;
  }
}

/** Three lines for a person: what is wrong, the text, and a mark below the place. */
export function pointAt({ text, at, message }: CallError): string {
  const mark = " ".repeat(at.start) + "^".repeat(Math.max(1, Math.min(at.end, text.length) - at.start));
  return `${message}\n  ${text}\n  ${mark}`;
}

/** The dotted path of a name, `losses.Huber`; undefined where it is none. */
export function pathOf(e: Expression): string | undefined {
  if (e.kind === "name") return e.name;
  if (e.kind !== "attribute") return undefined;
  const of = pathOf(e.of);
  return of === undefined ? undefined : `${of}.${e.name}`;
}
