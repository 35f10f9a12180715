/** Answers requests: finds the entry of the release, sends the call through a backend, and keeps what it will need again. */
import {
  andThen,
  type Backend,
  type CallSite,
  createCallSite,
  createEngine,
  didYouMean,
  type Engine,
  isFloat,
  isLossError,
  LossError,
  Lru,
  type Mode,
  type Options,
  type ResolvedEntry,
  type Result,
  readOptions,
  type Tensor,
} from "@isoloss/core";
import type { Answer } from "./answer.ts";
import { openEngine } from "./backends.ts";
import { parseWithIntegers } from "./integers.ts";
import { type EvalRequest, readOption, readTensor } from "./request.ts";

export interface EvaluatorOptions {
  /** Which backend answers a request that names none, by name or itself. Default: "cpu". */
  readonly backend?: string | Backend;
  /** Which profile is meant by a request that names none. */
  readonly profile?: string;
  /** Answers carry the framework's warnings. */
  readonly warnings?: boolean;
  /** Hears of errors of this program, which are answered as `unsupported`. */
  readonly onError?: (error: unknown, request: EvalRequest) => void;
}

/** Answers requests, at once where the backend does and everything is loaded. Never throws. */
export interface Evaluator {
  answer(request: EvalRequest): Answer | Promise<Answer>;
}

/** What an adapter says of its framework's releases. */
interface Adapter {
  findEntry(profile: string, name: string): ResolvedEntry;
}
/** The adapter of each framework, by what stands before a profile's "@". */
const adapters: Readonly<Record<string, () => Promise<unknown>>> = {
  torch: () => import("@isoloss/adapter-torch-style"),
  tf: () => import("@isoloss/adapter-keras-style"),
  keras: () => import("@isoloss/adapter-keras-style"),
};

/** The record of a loss in a release. Refuses a profile and a name that are not known. */
export async function findEntry(profile: string, loss: string): Promise<ResolvedEntry> {
  const framework = profile.split("@")[0] as string;
  if (!Object.hasOwn(adapters, framework)) throw new LossError("request", `no profile '${profile}'`);
  const adapter = (await adapters[framework]?.()) as Adapter;
  return adapter.findEntry(profile, loss);
}

interface Site {
  readonly entry: ResolvedEntry;
  readonly calls: CallSite<Mode>;
}

type Arguments = Pick<EvalRequest, "inputs" | "options" | "text">;

/** An option, or a function's argument, as Python reads it: 1 is a BigInt and 1.0 a number. */
const literal = (text: string, name: string): unknown =>
  parseWithIntegers(text, (line) => {
    const { options, inputs } = line as Partial<Arguments>;
    return { ...options, ...inputs }[name];
  });

/** The call's arguments, split as the record has them. A function takes inputs and options alike by keyword. */
export function readCall(
  request: Arguments,
  { contract, as, hint }: ResolvedEntry,
): { readonly inputs: Readonly<Record<string, Tensor>>; readonly options: Options } {
  const inputs: Record<string, Tensor> = Object.create(null); // a request may call anything "__proto__"
  const options: Record<string, unknown> = Object.create(null);
  const given = as === "function" ? { ...request.options, ...request.inputs } : request.inputs;
  const option = (name: string, json: unknown): unknown => {
    const value = readOption(json, name);
    const tells = contract.options[name]?.integers && (typeof json === "number" || Array.isArray(json));
    return tells && request.text !== undefined ? readOption(literal(request.text, name), name) : value;
  };
  for (const [name, json] of Object.entries(given)) {
    if (Object.hasOwn(contract.inputs, name)) {
      if (json !== null) inputs[name] = readTensor(json, name);
    } else if (as === "function") options[name] = option(name, json);
    else
      throw new LossError("option", `unexpected argument '${name}'.${didYouMean(name, Object.keys(contract.inputs))}`);
  }
  if (as === "class") for (const [name, json] of Object.entries(request.options)) options[name] = option(name, json);
  return { inputs, options: readOptions(contract, options, as, hint) };
}

function call(site: Site, request: EvalRequest): Result | Promise<Result> {
  const { inputs, options } = readCall(request, site.entry);
  const gradients = request.grad;
  for (const name of gradients)
    if (!Object.hasOwn(request.inputs, name))
      throw new LossError("missing", `gradient of '${name}', which is no input of the request`);
  const upstream = request.upstream === undefined ? undefined : readTensor(request.upstream, "upstream");
  // Where no gradient can flow the frameworks do not look at it.
  const flows = gradients.some((name) => inputs[name] && isFloat(inputs[name].dtype));
  return site.calls.run({ inputs, options, gradients, upstream: flows ? upstream : undefined }) as
    | Result
    | Promise<Result>;
}

/** Messages quote what was given, which may be of any length. */
const LONGEST_MESSAGE = 1000;
const shortened = (message: string): string =>
  message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;

/** How many entries are remembered, and how many signatures of each. */
const SITES = 512;
const SIGNATURES = 32;

/** Creates an evaluator. It holds an engine for each backend that was asked for, and a bounded number of call sites. */
export function createEvaluator(settings: EvaluatorOptions = {}): Evaluator {
  const engines = new Map<string, Promise<Engine>>();
  const sites = new Lru<string, Site>(SITES);
  const { backend: given = "cpu" } = settings;
  if (typeof given === "object") engines.set(given.name, Promise.resolve(createEngine(given)));

  const engine = (name: string): Promise<Engine> => {
    const opened = engines.get(name) ?? openEngine(name);
    engines.set(name, opened);
    return opened;
  };

  function siteOf(request: EvalRequest): Site | Promise<Site> {
    const backend = request.backend ?? (typeof given === "object" ? given.name : given);
    const profile = request.profile ?? settings.profile;
    if (profile === undefined) throw new LossError("request", "no profile, neither in the request nor by --profile");
    const key = `${backend} ${profile} ${request.loss}`;
    return (
      sites.get(key) ??
      Promise.all([engine(backend), findEntry(profile, request.loss)]).then(([opened, entry]) =>
        sites.set(key, { entry, calls: createCallSite(opened, entry.contract, entry.as, { signatures: SIGNATURES }) }),
      )
    );
  }

  function refusal(e: unknown, request: EvalRequest): Answer {
    const { id } = request;
    if (isLossError(e)) return { id, error: { code: e.code, message: shortened(e.message) } };
    settings.onError?.(e, request);
    return { id, error: { code: "unsupported", message: `internal error: ${e instanceof Error ? e.message : e}` } };
  }

  function answer(request: EvalRequest): Answer | Promise<Answer> {
    const done = ({ value, grads, warnings }: Result): Answer => ({
      id: request.id,
      value: value as Tensor,
      grads,
      ...(settings.warnings && { warnings }),
    });
    try {
      const result = andThen(siteOf(request), (site) => call(site, request)) as Result | Promise<Result>;
      return result instanceof Promise ? result.then(done).catch((e) => refusal(e, request)) : done(result);
    } catch (e) {
      return refusal(e, request);
    }
  }
  return { answer };
}
