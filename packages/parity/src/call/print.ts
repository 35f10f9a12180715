/** Calls as text: in Python, in the words of the framework that they are for, and in TypeScript. What is printed parses back. */
import type { Candidate } from "../candidate.ts";
import { pathIn } from "../frameworks.ts";
import { type TensorExpression, type Types, typeOf, type Values } from "../tensor-expression.ts";

/** How a framework spells functions of tensors. */
interface Spelling {
  readonly apply: (name: string, args: readonly string[]) => string;
  readonly infix: boolean;
}
const prefixed =
  (prefix: string, own: Readonly<Record<string, string>> = {}) =>
  (name: string, args: readonly string[]): string =>
    `${own[name] ?? prefix + name}(${args.join(", ")})`;

const torch: Spelling = {
  infix: true,
  apply: (name, args) => {
    if (name === "take") return `${args[0]}[${args[1]}]`;
    if (name === "one_hot") return `torch.nn.functional.one_hot(${args.join(", ")}).float()`;
    return prefixed("torch.", { moveaxis: "torch.movedim" })(name, args);
  },
};
const keras: Spelling = { infix: true, apply: prefixed("keras.ops.") };
const tensorflow: Spelling = {
  infix: true,
  apply: prefixed("tf.", {
    log: "tf.math.log",
    log1p: "tf.math.log1p",
    sum: "tf.reduce_sum",
    take: "tf.gather",
    moveaxis: "tf.experimental.numpy.moveaxis",
    full_like: "tf.experimental.numpy.full_like",
  }),
};
const typescript: Spelling = { infix: false, apply: prefixed("") };

const spellingOf = (profile: string): Spelling => {
  if (profile.startsWith("torch")) return torch;
  return profile.startsWith("keras@3") ? keras : tensorflow;
};

const numeral = (x: number): string => String(Number(x.toPrecision(12)));

/** An expression over the source's tensors as text. */
function expressionText(e: TensorExpression, types: Types, s: Spelling): string {
  const go = (x: TensorExpression): string => expressionText(x, types, s);
  const atom = (x: TensorExpression): string => {
    const text = go(x);
    return /^[\w.]+$|^[\w.]+\(.*\)$/.test(text) ? text : `(${text})`;
  };
  const times = (a: string, b: string): string => (s.infix ? `${a} * ${b}` : `multiply(${a}, ${b})`);
  const plus = (a: string, b: string): string =>
    s.infix ? (b.startsWith("-") ? `${a} - ${b.slice(1)}` : `${a} + ${b}`) : `add(${a}, ${b})`;
  const size = (x: TensorExpression, axis: number): string => {
    const name = Object.entries(types).find(
      ([, t]) => /float/.test(t.dtype) && t.shape.at(axis) === (typeOf(x, types)?.shape.at(axis) ?? -1),
    )?.[0];
    return name ? `${name}.shape[${axis}]` : String(typeOf(x, types)?.shape.at(axis));
  };
  switch (e.kind) {
    case "source":
      return e.name;
    case "filled":
      return s.apply("full_like", [go(e.like), numeral(e.value)]);
    case "exp":
    case "log":
    case "log1p":
      return s.apply(e.kind, [go(e.of)]);
    case "affine":
      if (e.factor === -1 && e.offset === 0) return s.infix ? `-${atom(e.of)}` : times("-1", go(e.of));
      return plus(times(numeral(e.factor), s.infix ? atom(e.of) : go(e.of)), numeral(e.offset));
    case "smoothed": {
      const share = s.infix
        ? `${numeral(e.by)} / ${size(e.of, e.axis)}`
        : `divide(${numeral(e.by)}, ${size(e.of, e.axis)})`;
      return plus(times(numeral(1 - e.by), s.infix ? atom(e.of) : go(e.of)), share);
    }
    case "product":
      return times(go(e.left), go(e.right));
    case "difference":
      return s.infix ? `${go(e.left)} - ${atom(e.right)}` : `subtract(${go(e.left)}, ${go(e.right)})`;
    case "one-hot": {
      const classes = Object.entries(types).find(([, t]) => /float/.test(t.dtype) && t.shape.length > 1);
      const axis = classes?.[1].shape.indexOf(e.classes) ?? -1;
      const count =
        classes && axis >= 0
          ? `${classes[0]}.shape[${axis === classes[1].shape.length - 1 ? -1 : axis}]`
          : String(e.classes);
      const hot = s.apply("one_hot", [go(e.of), count]);
      const rank = typeOf(e, types)?.shape.length ?? 2;
      return e.axis === -1 || e.axis === rank - 1 ? hot : s.apply("moveaxis", [hot, "-1", String(e.axis)]);
    }
    case "argmax":
      return s.apply("argmax", [go(e.of), String(e.axis)]);
    case "take":
      return s.apply("take", [go(e.from), go(e.at)]);
    case "dot":
      return s.apply("sum", [times(go(e.weight), go(e.of)), String(e.axis)]);
    case "moved":
      return s.apply("moveaxis", [go(e.of), String(e.from), String(e.to)]);
    case "new-axis":
      return s.infix ? `${atom(e.of)}[..., None]` : `expand_dims(${go(e.of)}, -1)`;
    case "first":
      return s.infix ? `${atom(e.of)}[..., 0]` : `select(${go(e.of)}, -1, 0)`;
  }
}

const isTensor = (v: unknown): v is Values => typeof v === "object" && v !== null && "shape" in v && "data" in v;
/** A tensor as nested lists. */
function nested(shape: readonly number[], data: ArrayLike<number | bigint>): string {
  const go = (level: number, from: number, count: number): string => {
    if (level === shape.length) return numeral(Number(data[from]));
    const n = shape[level] as number;
    const step = n === 0 ? 0 : count / n;
    return `[${Array.from({ length: n }, (_, i) => go(level + 1, from + i * step, step)).join(", ")}]`;
  };
  return go(0, 0, data.length);
}

/** An option's value, in Python or in JavaScript. */
export function valueText(v: unknown, python: boolean): string {
  if (v === null || v === undefined) return python ? "None" : "null";
  if (typeof v === "boolean") return python ? (v ? "True" : "False") : String(v);
  if (typeof v === "string") return JSON.stringify(v);
  if (isTensor(v)) return nested(v.shape, v.data);
  if (Array.isArray(v)) return `[${v.map((x) => valueText(x, python)).join(", ")}]`;
  return numeral(Number(v));
}

/** A translated call, applied to the source's tensors. */
export function printCandidate(c: Candidate, types: Types, language: "python" | "typescript"): string {
  const python = language === "python";
  const s = python ? spellingOf(c.call.profile) : typescript;
  const { contract, framework, name, as } = c.call;
  const path = pathIn(framework, name, as);
  const inputs = Object.entries(contract.inputs).flatMap(([n, spec]) => {
    const e = c.tensors[n];
    return e ? [{ name: n, optional: spec.optional === true, text: expressionText(e, types, s) }] : [];
  });
  const options: [string, string][] = [
    ...Object.entries(c.call.given).map(([n, v]): [string, string] => [n, valueText(v, python)]),
    ...c.call.open.map((n): [string, string] => [n, expressionText(c.tensors[n] as TensorExpression, types, s)]),
  ];
  const positional = inputs.filter((i) => !i.optional).map((i) => i.text);
  const named = inputs.filter((i) => i.optional).map((i): [string, string] => [i.name, i.text]);
  const keywords = (list: readonly [string, string][]): string[] =>
    python || list.length === 0
      ? list.map(([n, v]) => `${n}=${v}`)
      : [`{ ${list.map(([n, v]) => (n === v ? n : `${n}: ${v}`)).join(", ")} }`];
  const call =
    as === "class"
      ? `${python ? "" : "new "}${path}(${keywords(options).join(", ")})(${[...positional, ...keywords(named)].join(", ")})`
      : `${path}(${[...positional, ...keywords([...named, ...options])].join(", ")})`;
  return around(c, call);
}

/** The factor and the offset around a call. */
function around({ scale, offset }: Candidate, call: string): string {
  const sizes = (power: 1 | -1): string[] =>
    scale.extents.filter((e) => e.power === power).map((e) => `${e.tensor}.shape[${e.axis}]`);
  const inverse = scale.number !== 0 && Math.abs(scale.number) < 1 && Number.isInteger(1 / scale.number);
  const above = [...(scale.number === 1 || (inverse && scale.number > 0) ? [] : [numeral(scale.number)]), ...sizes(1)];
  const below = [...(inverse && scale.number > 0 ? [numeral(1 / scale.number)] : []), ...sizes(-1)];
  const scaled = [[...above, call].join(" * "), ...below].join(" / ");
  return offset === 0 ? scaled : `${numeral(offset)} + ${scaled}`;
}

/** A system's own call, as it is written in either language. */
export function printCall(c: Candidate["call"], language: "python" | "typescript"): string {
  const python = language === "python";
  const path = pathIn(c.framework, c.name, c.as);
  const options: string[] = [
    ...Object.entries(c.given).map(([n, v]) =>
      python ? `${n}=${valueText(v, true)}` : `${n}: ${valueText(v, false)}`,
    ),
    ...c.open.map((n) => (python ? `${n}=${n}` : n)),
  ];
  const inside = python || options.length === 0 ? options.join(", ") : `{ ${options.join(", ")} }`;
  return `${!python && c.as === "class" ? "new " : ""}${path}(${inside})`;
}
