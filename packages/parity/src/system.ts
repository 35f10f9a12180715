/** From a system's text to a call of a release: its record, its options as read, and what its arguments are. */
import {
  type Call,
  type Contract,
  didYouMean,
  isLossError,
  LossError,
  type Options,
  type ResolvedEntry,
  readOptions,
  toTensor,
} from "@isoloss/core";
import { functionAt } from "./call/evaluate.ts";
import { type ParsedSystem, parseSystem } from "./call/parse.ts";
import { type Argument, CallError, type Expression, type Literal, pathOf, type Span } from "./call/syntax.ts";
import { type Framework, frameworkOf, frameworks, splitPath } from "./frameworks.ts";

/** A loss of a release with its options: what a system names. */
export interface LossCall {
  readonly framework: Framework;
  readonly profile: string;
  readonly name: string;
  readonly as: Call["as"];
  readonly entry: ResolvedEntry;
  readonly contract: Contract;
  /** The options as the caller wrote them, tensors as tensors. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly options: Options;
  /** Options that the text leaves open, by a name instead of a value: `weight=w`. */
  readonly open: readonly string[];
}

/** A call, what it is applied to, and the arithmetic around it: `2 * losses.Huber()(target, input)`. */
export interface System {
  readonly text: string;
  readonly call: LossCall;
  /** What the arguments are, by the framework's words, where the text says so. */
  readonly inputs: Readonly<Record<string, Expression>>;
  /** The arithmetic around the call, and the call in it; undefined: nothing is around it. */
  readonly around: { readonly expression: Expression; readonly call: Expression } | undefined;
}

const literalOf = (e: Expression): Literal | undefined => {
  if (e.kind === "literal") return e.value;
  if (e.kind === "negate" && e.of.kind === "literal" && typeof e.of.value === "number") return -e.of.value;
  return undefined;
};
const camel = /[a-z][A-Z]/;
/** `labelSmoothing` is `label_smoothing` where the record knows only that. */
const inRecord = (name: string, known: readonly string[]): string => {
  if (known.includes(name) || !camel.test(name)) return name;
  const snake = name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
  return known.includes(snake) ? snake : name;
};

interface Found {
  readonly callee: Expression;
  readonly constructorArgs: readonly Argument[];
  readonly inputArgs: readonly Argument[];
  readonly node: Expression;
}

/** The call of a loss inside an expression: the outermost call whose path a framework's namespace has. */
function find(e: Expression): Found | undefined {
  if (e.kind === "call") {
    const path = pathOf(e.callee);
    if (path !== undefined && (splitPath(path).framework || functionAt(path) === undefined))
      return { callee: e.callee, constructorArgs: e.args, inputArgs: [], node: e };
    if (e.callee.kind === "call") {
      const inner = find(e.callee);
      return inner && inner.node === e.callee ? { ...inner, inputArgs: e.args, node: e } : inner;
    }
    return undefined;
  }
  if (e.kind === "binary") return find(e.left) ?? find(e.right);
  if (e.kind === "negate" || e.kind === "attribute" || e.kind === "index") return find(e.of);
  return undefined;
}
/** Reads a system. Errors in its text point at their place. */
export function readSystem(text: string, defaultProfile?: string): System {
  const parsed = parseSystem(text);
  const found = find(parsed.expression);
  if (!found) throw new CallError(text, parsed.expression.at, "this is no call of a loss, such as nn.MSELoss()");
  return bind(parsed, found, defaultProfile);
}

function pointing<T>(text: string, at: Span, action: () => T): T {
  try {
    return action();
  } catch (e) {
    if (isLossError(e)) throw new CallError(text, at, e.message);
    throw e;
  }
}

/** Where the profile stands in the text, or the whole callee. */
function resolve(parsed: ParsedSystem, callee: Expression, fallback: string | undefined) {
  const path = pathOf(callee) as string;
  const { framework: named, name } = splitPath(path);
  const { text } = parsed;
  const profile = parsed.profile ?? (named && fallback?.startsWith(named.families[0] as string) ? fallback : undefined);
  const wanted = profile ?? named?.newest ?? fallback;
  if (wanted === undefined)
    throw new CallError(
      text,
      callee.at,
      `'${path}' names no framework: write a profile in front, or one of ${frameworks.flatMap((f) => f.classes[0]).join(", ")}`,
    );
  const profileAt = parsed.profile
    ? { start: text.indexOf(parsed.profile), end: text.indexOf(parsed.profile) + parsed.profile.length }
    : callee.at;
  const found = pointing(text, profileAt, () => frameworkOf(wanted));
  if (named && named !== found.framework)
    throw new CallError(text, callee.at, `'${path}' is not of ${found.profile}, but of ${named.newest}`);
  const entry = pointing(text, callee.at, () => found.framework.findEntry(found.profile, name));
  return { ...found, entry, name };
}

function bind(parsed: ParsedSystem, found: Found, fallback: string | undefined): System {
  const { text } = parsed;
  const { framework, profile, entry, name } = resolve(parsed, found.callee, fallback);
  const { contract, as } = entry;
  const optionNames = Object.entries(contract.options).flatMap(([n, p]) => (p && (p.only ?? as) === as ? [n] : []));
  const inputNames = Object.entries(contract.inputs).flatMap(([n, i]) => ((i.only ?? as) === as ? [n] : []));
  const inputs: Record<string, Expression> = {};
  const given: Record<string, unknown> = {};
  const open: string[] = [];
  const places = new Map<string, Span>();

  const option = (argument: Argument, key: string): void => {
    const value = literalOf(argument.value);
    places.set(key, argument.value.at);
    if (value === undefined) {
      if (argument.value.kind !== "name")
        throw new CallError(text, argument.value.at, `the option ${key} must be a value, or a name for a tensor`);
      open.push(key);
    } else given[key] = pointing(text, argument.value.at, () => optionValue(contract, key, value));
  };
  const assign = (args: readonly Argument[], positional: readonly string[], what: string): void => {
    let next = 0;
    for (const argument of args) {
      const key =
        argument.name === undefined ? positional[next++] : inRecord(argument.name, [...inputNames, ...optionNames]);
      if (key === undefined)
        throw new CallError(text, argument.value.at, `${name} takes ${positional.length} ${what}, this is one more`);
      if (inputNames.includes(key) && !(as === "class" && args === found.constructorArgs)) inputs[key] = argument.value;
      else if (optionNames.includes(key)) option(argument, key);
      else
        throw new CallError(
          text,
          argument.value.at,
          `${name} of ${profile} has no option '${key}'.${entry.hint(key) || didYouMean(key, optionNames)}`,
        );
    }
  };
  if (as === "class") {
    assign(found.constructorArgs, optionNames, "options");
    assign(found.inputArgs, inputNames, "arguments");
  } else {
    const required = inputNames.filter((n) => !contract.inputs[n]?.optional);
    assign(found.constructorArgs, [...required, ...optionNames], "arguments");
    if (found.inputArgs.length)
      throw new CallError(text, found.node.at, `${name} is a function: its value cannot be called`);
  }
  const options = pointing(text, found.callee.at, () => readOptions(contract, given, as, entry.hint));
  return {
    text,
    call: { framework, profile, name, as, entry, contract, given, options, open },
    inputs,
    around: parsed.expression === found.node ? undefined : { expression: parsed.expression, call: found.node },
  };
}

/** A literal as the record's parameter reads it: a list is a list where the record takes one, else a tensor. */
function optionValue(contract: Contract, key: string, value: Literal): unknown {
  if (!Array.isArray(value)) return value;
  const tensor = () => toTensor(value as number[], key);
  try {
    contract.options[key]?.read(value, key);
    return isNested(value) ? tensor() : value;
  } catch (e) {
    if (!isLossError(e)) throw e;
    const asTensor = tensor();
    contract.options[key]?.read(asTensor, key);
    return asTensor;
  }
}
const isNested = (value: Literal): boolean => Array.isArray(value) && value.some((v) => Array.isArray(v));

/** A loss call made of parts, as `readSystem` makes it of a text. */
export function lossCall(
  profile: string,
  name: string,
  given: Readonly<Record<string, unknown>>,
  open: readonly string[] = [],
): LossCall {
  const found = frameworkOf(profile);
  const entry = found.framework.findEntry(found.profile, name);
  const options = readOptions(entry.contract, given, entry.as, entry.hint);
  return { ...found, name, as: entry.as, entry, contract: entry.contract, given, options, open };
}

/** Refuses a call with options that have no value yet. */
export function requireClosed(call: LossCall): void {
  if (call.open.length)
    throw new LossError("missing", `${call.name}: the option ${call.open[0]} is a name without a value`);
}

/** A call as a system: applied to nothing yet. */
export const systemOf = (call: LossCall): System => ({ text: call.name, call, inputs: {}, around: undefined });
