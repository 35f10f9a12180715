/** The grammar of a system, `PROFILE CALL`, and the parser that it makes. The grammar is the documentation of what is accepted. */
import { grammar as makeGrammar, type Node as OhmNode } from "ohm-js";
import { type Argument, CallError, type Expression, type Index, type Literal, type Span } from "./syntax.ts";

/**
 * Python's call syntax; also TypeScript's: `new` in front, one object of options, `null`, `true`, `false`. Spaces are free.
 * A profile stands in front of the call: `keras@3.15 losses.MeanSquaredError()`.
 */
export const grammar = String.raw`
Isoloss {
  System     = Profile? Sum
  Profile    = profile
  Sum        = Sum "+" Product -- plus
             | Sum "-" Product -- minus
             | Product
  Product    = Product "*" Unary -- times
             | Product "/" Unary -- over
             | Unary
  Unary      = "-" Unary -- minus
             | Postfix
  Postfix    = Postfix "(" Arguments ")" -- call
             | Postfix "[" NonemptyListOf<Index, ","> "]" -- index
             | Postfix "." name -- attribute
             | Primary
  Index      = "..." -- rest
             | newAxis -- new
             | ":" -- all
             | Sum
  Arguments  = ListOf<Argument, ","> ","?
  Argument   = name "=" Sum -- keyword
             | Options
             | Sum -- positional
  Options    = "{" ListOf<Option, ","> ","? "}"
  Option     = (name | string) ":" Sum
  Primary    = "(" Sum ")" -- group
             | new Postfix -- new
             | List | Tuple | number | string | word | name -- name
  List       = "[" ListOf<Sum, ","> ","? "]"
  Tuple      = "(" Sum "," ListOf<Sum, ","> ","? ")"

  profile    = letter (alnum | "_")* "@" digit (digit | "." | letter | "/")*
  newAxis    = "None" ~nameRest
  new        = "new" ~nameRest
  name       = ~(new | word ~nameRest) nameFirst nameRest*
  nameFirst  = letter | "_"
  nameRest   = alnum | "_"
  word       = ("None" | "null" | "undefined" | "True" | "true" | "False" | "false" | "inf" | "nan" | "Infinity" | "NaN") ~nameRest
  number     = digits ("." digit*)? exponent? ~nameFirst -- whole
             | "." digits exponent? -- fraction
  digits     = digit (digit | "_")*
  exponent   = ("e" | "E") ("+" | "-")? digit+
  string     = "\"" (~"\"" any)* "\"" -- double
             | "'" (~"'" any)* "'" -- single
}`;

const language = makeGrammar(grammar);

const words: Readonly<Record<string, Literal>> = {
  None: null,
  null: null,
  undefined: null,
  True: true,
  true: true,
  False: false,
  false: false,
  inf: Number.POSITIVE_INFINITY,
  Infinity: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
  NaN: Number.NaN,
};

const span = (n: OhmNode): Span => ({ start: n.source.startIdx, end: n.source.endIdx });
type Parsed = Expression | Index | readonly Argument[] | Argument;
const literal = (n: OhmNode, value: Literal): Expression => ({ kind: "literal", value, at: span(n) });
const build = (n: OhmNode): Expression => n["build"]() as Expression;
const items = (n: OhmNode): OhmNode[] => n.asIteration().children;

/** A list of literals is one literal: nested lists are tensors. */
function list(n: OhmNode, values: readonly Expression[]): Expression {
  const inner = values.map((v) => {
    const value = v.kind === "negate" && v.of.kind === "literal" ? -(v.of.value as number) : undefined;
    if (v.kind === "literal") return v.value;
    if (value !== undefined) return value;
    throw new CallError(n.source.contents, v.at, "a list holds numbers, words and lists");
  });
  return literal(n, inner);
}
const binary = (n: OhmNode, op: "+" | "-" | "*" | "/", left: OhmNode, right: OhmNode): Expression => ({
  kind: "binary",
  op,
  left: build(left),
  right: build(right),
  at: span(n),
});

const semantics = language.createSemantics();
semantics.addOperation<Parsed>("build", {
  Sum_plus(a, _, b) {
    return binary(this, "+", a, b);
  },
  Sum_minus(a, _, b) {
    return binary(this, "-", a, b);
  },
  Product_times(a, _, b) {
    return binary(this, "*", a, b);
  },
  Product_over(a, _, b) {
    return binary(this, "/", a, b);
  },
  Unary_minus(_, x) {
    return { kind: "negate", of: build(x), at: span(this) };
  },
  Postfix_call(callee, _open, args, _close) {
    return { kind: "call", callee: build(callee), args: args["arguments"]() as Argument[], at: span(this) };
  },
  Postfix_index(of, _open, index, _close) {
    return { kind: "index", of: build(of), index: items(index).map((i) => i["build"]() as Index), at: span(this) };
  },
  Postfix_attribute(of, _, name) {
    return { kind: "attribute", of: build(of), name: name.sourceString, at: span(this) };
  },
  Index_rest(_) {
    return "...";
  },
  Index_new(_) {
    return "None";
  },
  Index_all(_) {
    return ":";
  },
  Primary_group(_open, x, _close) {
    return build(x);
  },
  Primary_new(_, x) {
    return build(x);
  },
  Primary_name(n) {
    return { kind: "name", name: n.sourceString, at: span(this) };
  },
  List(_open, values, _comma, _close) {
    return list(this, items(values).map(build));
  },
  Tuple(_open, first, _comma, rest, _last, _close) {
    return list(this, [first, ...items(rest)].map(build));
  },
  number(_) {
    return literal(this, Number(this.sourceString.replaceAll("_", "")));
  },
  string(_) {
    return literal(this, this.sourceString.slice(1, -1));
  },
  word(_) {
    return literal(this, words[this.sourceString] as Literal);
  },
});
semantics.addOperation<readonly Argument[]>("arguments", {
  Arguments(list, _) {
    return items(list).flatMap((a) => a["arguments"]() as Argument[]);
  },
  Argument_keyword(name, _, value) {
    return [{ name: name.sourceString, value: build(value) }];
  },
  Argument_positional(value) {
    return [{ value: build(value) }];
  },
  Options(_open, list, _comma, _close) {
    return items(list).flatMap((a) => a["arguments"]() as Argument[]);
  },
  Option(name, _, value) {
    return [{ name: name.sourceString.replace(/^["']|["']$/g, ""), value: build(value) }];
  },
});
semantics.addOperation<{ profile: string | undefined; expression: Expression }>("system", {
  System(profile, expression) {
    return { profile: profile.children[0]?.sourceString, expression: build(expression) };
  },
});

/** What a system's text says, before any profile is asked. */
export interface ParsedSystem {
  readonly text: string;
  readonly profile: string | undefined;
  readonly expression: Expression;
}

/** Parses `PROFILE CALL`. Throws a CallError that points at the place. */
export function parseSystem(text: string): ParsedSystem {
  try {
    return parsed(text);
  } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    throw new CallError(text, { start: 0, end: 1 }, "this is nested too deeply"); // the stack has ended
  }
}
function parsed(text: string): ParsedSystem {
  const match = language.match(text);
  if (match.failed()) {
    const at = match.getRightmostFailurePosition();
    const expected = match.shortMessage?.replace(/^Line \d+, col \d+: /, "") ?? "no call";
    throw new CallError(text, { start: at, end: at + 1 }, `this does not parse at column ${at + 1}: ${expected}`);
  }
  return { text, ...(semantics(match)["system"]() as { profile: string | undefined; expression: Expression }) };
}
