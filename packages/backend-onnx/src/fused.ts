/**
 * The fused form of a file: ONNX's own loss operators, where a program computes what they are defined to compute. Which loss
 * it is does not matter: the definitions are written with primitives here, and looked for in the program.
 */
import {
  constant,
  type DType,
  div,
  exp,
  expand,
  isFloat,
  isHalf,
  LossError,
  log,
  logSoftmax,
  max,
  mul,
  type Node,
  ne,
  neg,
  type Program,
  pick,
  input as port,
  program,
  sub,
  sum,
  topological,
  total,
  where,
} from "@isoloss/core";
import type { ExportedInput } from "./export-program.ts";
import { type ModelBuilder, type Name, typeNumber } from "./model.ts";
import type { Shapes } from "./shapes.ts";

type InputNode = Extract<Node, { op: "input" }>;
/** A call of an operator of ONNX with inputs of a program. */
interface OperatorCall {
  readonly operator: "SoftmaxCrossEntropyLoss" | "NegativeLogLikelihoodLoss";
  readonly x: InputNode;
  readonly label: InputNode;
  readonly weight: InputNode | undefined;
  /** The label that counts for nothing. */
  readonly ignored: Extract<Node, { op: "constant" | "parameter" }> | undefined;
  readonly reduction: "none" | "sum" | "mean";
}
export interface Fusion {
  /** Its first result reads what the operator gives from the input `FUSED`. */
  readonly program: Program;
  readonly call: OperatorCall;
}
/** No port has a space in its name. */
export const FUSED = "fused result";

/**
 * −w[y]·log softmax(x)[y], for labels in range, in the ways in which programs write it.
 * @see https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html
 */
function* definitions({ operator, x, label, weight, ignored, reduction }: OperatorCall): Generator<Node> {
  const keep = ignored && ne(label, ignored);
  const index = keep ? where(keep, label, 0) : label;
  const one = constant(1, x.dtype);
  const given = weight ? pick(weight, "C", index) : one;
  const w = keep ? where(keep, given, 0) : given;
  const reduced = (loss: Node): Node => {
    if (reduction === "none") return loss;
    return reduction === "sum" ? total(loss) : div(total(loss), total(expand(w, label.axes)));
  };
  const weighed = mul(w, pick(operator === "SoftmaxCrossEntropyLoss" ? logSoftmax(x, "C") : x, "C", index));
  yield reduced(neg(keep ? where(keep, weighed, 0) : weighed));
  if (operator === "NegativeLogLikelihoodLoss" || keep || weight) return;
  const shifted = sub(x, max(x, "C"));
  yield reduced(sub(log(sum(exp(shifted), "C")), pick(shifted, "C", label)));
}

/** Every call that the inputs and constants among these nodes allow. */
function* callsAmong(nodes: readonly Node[]): Generator<OperatorCall> {
  const inputs = nodes.filter((n) => n.op === "input");
  const constants = nodes.filter((n) => n.op === "constant" || n.op === "parameter");
  const floats = inputs.filter((n) => isFloat(n.dtype) && !isHalf(n.dtype) && n.axes.includes("C"));
  for (const operator of ["SoftmaxCrossEntropyLoss", "NegativeLogLikelihoodLoss"] as const)
    for (const x of floats)
      for (const label of inputs.filter((n) => n.dtype === "int32" && !n.axes.includes("C")))
        for (const weight of [undefined, ...floats.filter((n) => n.dtype === x.dtype && n.axes.length === 1)])
          for (const ignored of [undefined, ...constants.filter((n) => n.dtype === "int32")])
            for (const reduction of ["none", "sum", "mean"] as const) {
              const call = { operator, x, label, weight, ignored, reduction };
              if (!isDisputed(call)) yield call;
            }
}

/** ONNX's definition leaves ignored labels out of a mean; its reference evaluator does not where −1 is the ignored one. */
const isDisputed = ({ operator, weight, ignored, reduction }: OperatorCall): boolean =>
  operator === "NegativeLogLikelihoodLoss" && !weight && ignored?.attribute === -1 && reduction === "mean";

/** Lets an operator of ONNX compute the first result of a program, as far as it can; refuses where none computes the same. */
export function fuse(p: Program): Fusion {
  const [value, ...others] = p.outputs as readonly [Node, ...Node[]];
  const nodes = topological([value]);
  const keyOf = (n: Node): string => program([n], p.axes).key;
  const known = new Map<string, OperatorCall>();
  for (const call of callsAmong(nodes)) for (const written of definitions(call)) known.set(keyOf(written), call);
  const node = [...nodes].reverse().find((n) => known.has(keyOf(n)));
  if (!node) throw refusal(reasonAmong(nodes));
  const call = known.get(keyOf(node)) as OperatorCall;
  const first = replaced(value, node, port(FUSED, node.axes, node.dtype));
  if (topological([first]).includes(call.x))
    throw refusal(`beside ${call.operator} it reads '${call.x.attribute}' once more, as label smoothing does`);
  return { program: { ...p, outputs: [first, ...others] }, call };
}

/** The graph of `root` with one node in the place of another. */
function replaced(root: Node, from: Node, to: Node): Node {
  const done = new Map<Node, Node>([[from, to]]);
  for (const n of topological([root]))
    if (!done.has(n)) done.set(n, n.args.length ? ({ ...n, args: n.args.map((a) => done.get(a)) } as Node) : n);
  return done.get(root) as Node;
}

function reasonAmong(nodes: readonly Node[]): string {
  if (!nodes.some((n) => n.op === "pick" && n.attribute === "C")) return "it picks no class by an index";
  const half = nodes.find((n) => isFloat(n.dtype) && isHalf(n.dtype));
  if (half) return `it rounds to ${half.dtype} on the way`;
  return "the class is picked from something else than an input or its log-softmax, or weighed otherwise";
}

/** Writes the operator's node for the caller's tensors; the result has all axes of the program, or none. */
export function writeFused(
  { call: { operator, x, label, weight, ignored, reduction }, program: { parameters } }: Fusion,
  inputs: ReadonlyMap<string, ExportedInput>,
  model: ModelBuilder,
  shapes: Shapes,
): Name {
  const given = (n: InputNode): ExportedInput => inputs.get(n.attribute) as ExportedInput;
  const { dims, dtype, exempt } = given(label);
  if (given(x).dims[1] !== "C" || String(given(x).dims.filter((_, i) => i !== 1)) !== String(dims))
    throw refusal(
      `ONNX has the classes along the second dimension of '${x.attribute}', and labels along the others: ` +
        `[${given(x).dims}] and [${dims}] differ from that`,
    );
  if (weight && given(weight).dims.length !== 1) throw refusal(`'${weight.attribute}' is not one-dimensional`);
  for (const n of [x, ...(weight ? [weight] : [])])
    if (given(n).dtype !== n.dtype) throw refusal(`'${n.attribute}' is ${given(n).dtype}, and computed in ${n.dtype}`);
  if (isFloat(dtype) || dtype === "bool") throw refusal(`'${label.attribute}' is ${dtype}`);
  const ignore = exempt ?? (ignored?.op === "parameter" ? parameters[ignored.attribute] : ignored?.attribute);
  const result = model.node(
    operator,
    [x.attribute, indices(model, label.attribute, dtype), ...(weight ? [weight.attribute] : [])],
    { reduction, ...(ignore !== undefined && Number.isInteger(ignore) && { ignore_index: ignore }) },
  );
  return reduction === "none" ? shapes.toProgram(result, dims, label.axes) : result;
}

/** Class indices in a type that these operators take. */
const indices = (model: ModelBuilder, name: Name, dtype: DType): Name =>
  dtype === "int32" || dtype === "int64" ? name : model.node("Cast", [name], { to: typeNumber("int64") });

const refusal = (why: string): LossError =>
  new LossError("option", `no fused form, since this is not what an operator of ONNX computes: ${why}`);
