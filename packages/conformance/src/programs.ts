/** From a loss to programs: how its ports lie on axes, what follows the definition, value and every gradient. */
import {
  type AnyLoss,
  type Axis,
  expand,
  type FloatDType,
  grad,
  input,
  type LossOptions,
  type LossPorts,
  type Node,
  type Program,
  program,
  reduce,
  type Terms,
  weigh,
} from "@isoloss/core";

/** The axes of a port of the loss; undefined: the loss does not fit this layout. */
export interface Layout {
  readonly name: string;
  /** All axes, in order. */
  readonly axes: readonly Axis[];
  axesOf(port: LossPorts[string], position: number): readonly Axis[];
}

const without = (axes: readonly Axis[], ...gone: readonly Axis[]): Axis[] => axes.filter((a) => !gone.includes(a));
const whole = (name: string, axes: readonly Axis[]): Layout => ({
  name,
  axes,
  axesOf: ({ own, optional }) => (own.length && optional ? own : without(axes, ...(own.length ? [] : ["C"]))),
});

/** Where a loss has classes: rows of classes, planes of classes, or one row alone. */
const classLayouts: readonly Layout[] = [
  whole("rows", ["0", "C"]),
  whole("planes", ["1", "C", "0"]),
  whole("one row", ["C"]),
];
/** Where it has not: one flat axis, one that the second port lacks, none. */
const elementLayouts: readonly Layout[] = [
  whole("flat", ["0"]),
  {
    name: "broadcast",
    axes: ["1", "0"],
    axesOf: ({ optional }, position) => (position === 0 ? ["1", "0"] : optional ? ["0"] : ["1"]),
  },
  whole("scalar", []),
];
export const layoutsOf = (loss: AnyLoss): readonly Layout[] =>
  Object.values(loss.inputs as LossPorts).some((p) => p.own.includes("C")) ? classLayouts : elementLayouts;

/** What follows a definition. `ports` makes the further inputs that it needs. */
export interface Tail {
  readonly name: string;
  apply(
    terms: Terms,
    axes: readonly Axis[],
    ports: (name: "sampleWeight" | "mask", axes: readonly Axis[]) => Node,
  ): Node;
}
export const tails: readonly Tail[] = [
  { name: "mean", apply: (t, axes) => reduce(t, "mean", axes, { by: "count", whenZero: "nan" }) },
  { name: "none", apply: (t, axes) => reduce(t, "none", axes, { by: "count", whenZero: "nan" }) },
  { name: "sum", apply: (t, axes) => reduce(t, "sum", axes, { by: "count", whenZero: "nan" }) },
  {
    name: "mean by weights, undivided",
    apply: (t, axes) =>
      reduce(t, "mean", axes, { by: "weights", whenZero: "undivided", gradient: "zero-when-not-positive" }),
  },
  {
    name: "weighed",
    apply: (t, axes, ports) =>
      reduce(weigh(t, ports("sampleWeight", axes), undefined), "mean", axes, { by: "weights", whenZero: "zero" }),
  },
  {
    name: "masked",
    apply: (t, axes, ports) => {
      const mask = t.mask ?? ports("mask", axes);
      const weighed = weigh(t, undefined, mask, { over: mask.axes, whenNone: "zero" });
      return reduce(weighed, "mean", axes, { by: 3, whenZero: "nan" });
    },
  },
];

export interface Built {
  readonly program: Program;
  /** The names of the gradients, in the order of the outputs behind the value. */
  readonly gradients: readonly string[];
}

/** Value and every gradient of a loss, as one program whose seed is the input `upstream`. */
export function lossProgram(
  loss: AnyLoss,
  options: LossOptions,
  withOptional: boolean,
  layout: Layout,
  tail: Tail,
  dtype: FloatDType,
): Built {
  const specs = Object.entries(loss.inputs as LossPorts).filter(([, p]) => withOptional || !p.optional);
  const ports = Object.fromEntries(
    specs.map(([name, p], i) => [name, input(name, layout.axesOf(p, i), p.kind === "labels" ? "int32" : dtype)]),
  );
  const all = { ...loss.options, ...options };
  const terms = loss.build(ports, all);
  const axes = without(layout.axes, "C");
  const extra = (name: "sampleWeight" | "mask", on: readonly Axis[]): Node =>
    input(name, on, name === "mask" ? "bool" : dtype);
  const value = tail.apply(terms, axes, extra);
  const gradients = specs.filter(([, p]) => p.kind === "floats").map(([name]) => name);
  const seed = input(
    "upstream",
    layout.axes.filter((a) => value.axes.includes(a)),
    value.dtype,
  );
  const grads = grad(
    value,
    gradients.map((name) => ports[name] as Node),
    expand(seed, value.axes),
  );
  return { program: program([value, ...grads], layout.axes), gradients };
}
