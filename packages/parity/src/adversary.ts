/** Looks for inputs on which two systems disagree: awkward values, alone and everywhere, in every domain of the source. */
import { type Domain, elementAt } from "./domain.ts";
import type { Tensors } from "./evaluate.ts";
import { numbersOf } from "./fillings.ts";
import type { Form } from "./forms.ts";
import type { Assignment, Source } from "./probes.ts";
import { createRandom, type Random } from "./random.ts";
import { forEachIndex, numbers, type Values } from "./tensor-expression.ts";

/** Values at which losses have edges. */
const EDGES = [0, 1, -1, 0.5, 2, -2, 1e-8, 1e-4, 1 - 1e-7, 0.999, 10, -10, 100, -100, 1e-12, 50];

const integersOf = (source: Source): number[] =>
  Object.values(source.call.options).filter((v): v is number => typeof v === "number" && Number.isInteger(v));

/** How one sample is made awkward. */
type Mode = "plain" | "one" | "all-alike" | "all" | "row" | "bits";
const modes: readonly Mode[] = ["plain", "one", "one", "row", "all-alike", "all", "bits"];

function awkward(values: readonly number[], edge: (r: Random) => number, random: Random, mode: Mode): number[] {
  const out = [...values];
  if (mode === "one" && out.length) out[random.below(out.length)] = edge(random);
  if (mode === "row") for (let i = 0, n = random.below(out.length + 1); i < n; i++) out[i] = edge(random);
  if (mode === "all-alike") out.fill(edge(random));
  if (mode === "bits") return out.map(() => random.below(2));
  if (mode === "all") return out.map(() => edge(random));
  return out;
}

export interface AwkwardSample {
  readonly tensors: Tensors;
  /** The free tensors of the domains; of a tensor that left its domain, the tensor itself. */
  readonly bases: Tensors;
}

/** One sample: every tensor in its domain, or, if `free`, with values of its own that the domain may not have. */
export function awkwardSample(source: Source, assignment: Assignment, seed: number, free: boolean): AwkwardSample {
  const random = createRandom(seed);
  const { form } = source;
  const edges = [...EDGES, ...numbersOf(source.call).flatMap((v) => [v, v + 0.01, v - 0.01])];
  const tensors: Record<string, Values> = {};
  const bases: Record<string, Values> = {};
  const chosen = random.pick(Object.keys(form.types));
  for (const [name, type] of Object.entries(form.types)) {
    const mode = name === chosen || random.uniform() < 0.3 ? random.pick(modes) : "plain";
    const made = form.labels.includes(name)
      ? labelSample(source, name, random, mode)
      : floatSample(form, name, assignment[name] as Domain, random, {
          mode,
          edges,
          free: free && source.fixed[name] === undefined,
        });
    tensors[name] = { ...made.values, dtype: type.dtype };
    bases[name] = made.base;
  }
  return { tensors, bases };
}

function labelSample(source: Source, name: string, random: Random, mode: Mode): { values: Values; base: Values } {
  const { form } = source;
  const type = form.types[name] as Values;
  const exempt = [...integersOf(source), -100];
  const plain: number[] = [];
  forEachIndex(type.shape, () => plain.push(random.below(form.classes)));
  const data = awkward(plain, (r) => (r.uniform() < 0.7 ? r.pick(exempt) : r.below(form.classes)), random, mode);
  const values: Values = { ...type, data };
  return { values, base: values };
}

interface FloatOptions {
  readonly mode: Mode;
  readonly edges: readonly number[];
  readonly free: boolean;
}
function floatSample(form: Form, name: string, domain: Domain, random: Random, options: FloatOptions) {
  const type = form.types[name] as Values;
  const axis = form.classAxis[name] ?? 0;
  const shape = options.free ? type.shape : domain.base(type.shape, axis);
  const plain: number[] = [];
  forEachIndex(shape, () => plain.push(options.free ? freeValue(random) : domain.sample(random, type.shape, axis)));
  const discrete = !options.free && (domain.rank >= 3 || domain.name === "rows");
  const within = (x: number): number =>
    domain.range && !options.free ? Math.min(Math.max(x, domain.range[0]), domain.range[1]) : x;
  const data = discrete ? plain : awkward(plain, (r) => within(r.pick(options.edges)), random, options.mode);
  const base: Values = { dtype: "float64", shape, data: data.map(Math.fround) };
  if (options.free) return { values: base, base };
  const out: number[] = [];
  const at = (i: readonly number[]): number => elementAt(base, i);
  forEachIndex(type.shape, (i) => out.push(Math.fround(domain.value(i, { shape: type.shape, axis }, numbers, at))));
  return { values: { dtype: type.dtype, shape: type.shape, data: out }, base };
}
/** Sometimes a probability, sometimes any number: what an argument takes is not known. */
const freeValue = (r: Random): number => (r.uniform() < 0.5 ? r.uniform() : 1.5 * r.normal());
