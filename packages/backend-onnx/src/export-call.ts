/** A call of a loss, in a framework's words, as an .onnx file: value and gradients, or what shards of a batch add up. */
import {
  bindCall,
  type Call,
  type Contract,
  cast,
  constant,
  count,
  type DType,
  isTensor,
  LossError,
  type LossPorts,
  type Node,
  type Options,
  type Plan,
  type Program,
  planCall,
  program,
  reduce,
  type Tensor,
  type TensorType,
  type Terms,
  total,
} from "@isoloss/core";
import {
  dimsOf,
  type ExportedInput,
  type ExportedOutput,
  type ExportOptions,
  exportProgram,
} from "./export-program.ts";

/** A loss of a release, its options, and tensors like those that the file is for: their data is not looked at. */
export interface ExportedCall {
  readonly contract: Contract;
  readonly as: Call["as"];
  readonly options: Options;
  /** By the framework's names. A size of 1 is one for good; all others may change. */
  readonly inputs: Readonly<Record<string, TensorType>>;
}

export interface CallExportOptions
  extends Pick<ExportOptions, "opset" | "sums" | "fused" | "metadata" | "description"> {
  /** Names of inputs: the file gives `grad_<name>` for each. */
  readonly gradients?: readonly string[];
  /**
   * "reduced": the output `loss`, as the framework gives it. "partial": `sum_loss`, `sum_mass` and `count`, which add over
   * the shards of a batch; the mean of the whole is Σ sum_loss ⁄ Σ sum_mass.
   */
  readonly mode?: "reduced" | "partial";
  /** Other names for outputs. */
  readonly names?: Readonly<Record<string, string>>;
}

interface Result {
  readonly name: string;
  readonly node: Node;
  readonly shape: readonly number[];
}

/**
 * The bytes of an .onnx file for a call. Its inputs are those that the result depends on; tensors among the options are
 * part of the file. What the framework refuses by its signature is refused here; the file itself refuses nothing: a class
 * index out of range gives NaN.
 */
export function exportCall(call: ExportedCall, options: CallExportOptions = {}): Uint8Array<ArrayBuffer> {
  const { gradients = [], mode = "reduced", names = {}, metadata = {}, ...rest } = options;
  if (mode === "partial" && gradients.length > 0)
    throw new LossError("option", "a partial result has no gradients: its denominator is not known yet");
  const bound = bindCall(call.contract, withoutData(call.inputs), call.options, gradients, call.as);
  const { plan, results } = mode === "partial" ? partial(call.contract, bound) : reduced(call.contract, bound);
  const p = program(
    results.map((r) => r.node),
    plan.axes,
  );
  return exportProgram(p, {
    ...rest,
    inputs: inputsOf(call.contract, p, plan, bound),
    outputs: results.map(
      ({ name, shape }, i): ExportedOutput => ({
        name: names[name] ?? name,
        dims: dimsOf(shape, (p.outputs[i] as Node).axes, plan.extents),
      }),
    ),
    metadata: { ...described(bound, mode), ...metadata },
  });
}

const withoutData = (inputs: Readonly<Record<string, TensorType>>): Readonly<Record<string, Tensor>> =>
  Object.fromEntries(Object.entries(inputs).map(([name, type]) => [name, { data: new Uint8Array(0), ...type }]));

function reduced(contract: Contract, call: Call): { plan: Plan; results: readonly Result[] } {
  const plan = planCall(contract, call, { value: true });
  const missing = call.gradients.filter((name) => !plan.gradients.some((g) => g.name === name));
  if (missing.length) throw new LossError("gradient", `no gradient for '${missing.join("', '")}' in this call`);
  const [value, ...grads] = plan.outputs as readonly [Node, ...Node[]];
  const results = plan.gradients.map(({ name, shape }, i) => ({ name: `grad_${name}`, node: grads[i] as Node, shape }));
  return { plan, results: [{ name: "loss", node: value, shape: plan.value?.shape ?? [] }, ...results] };
}

/** The same call up to the division: the weighted loss, and what a mean of it divides by. */
function partial(contract: Contract, call: Call): { plan: Plan; results: readonly Result[] } {
  let terms: Terms | undefined;
  const after: NonNullable<Contract["after"]> = (given, ports, context) => {
    terms = contract.after ? contract.after(given, ports, context) : given;
    return terms;
  };
  const plan = planCall({ ...contract, after }, call, { value: true });
  const { loss, denominators = {} } = terms as unknown as Terms;
  const { rule } = contract.reduction(call, contract.layout(call));
  const n = count(plan.axes, loss.dtype);
  const named = typeof rule.by === "string" ? denominators[rule.by] : undefined;
  const mass = named ? total(cast(named, loss.dtype)) : typeof rule.by === "number" ? constant(rule.by, loss.dtype) : n;
  const sum = reduce({ loss }, "sum", plan.axes, rule);
  const scalar = (name: string, node: Node): Result => ({ name, node, shape: [] });
  return { plan, results: [scalar("sum_loss", sum), scalar("sum_mass", mass), scalar("count", n)] };
}

/** What an exempt index is inside where it is compared as a float, or int32 cannot hold it. */
const UNHELD = -2147483648;
/** The index that a call's labels may have besides those of classes. */
function exemptOf(contract: Contract, call: Call, input: string): number | undefined {
  const { loss, options } = contract.define(call);
  const port = (loss.inputs as LossPorts)[contract.inputs[input]?.port ?? input];
  const value = port?.kind === "labels" && port.except !== undefined && { ...loss.options, ...options }[port.except];
  return typeof value === "number" ? value : undefined;
}

function inputsOf(contract: Contract, p: Program, plan: Plan, call: Call): Readonly<Record<string, ExportedInput>> {
  return Object.fromEntries(
    p.inputs.map(({ name, axes }): [string, ExportedInput] => {
      const option = call.options[name];
      const type = (call.inputs[name] ?? option) as TensorType;
      const dims = dimsOf(type.shape, axes, plan.extents);
      const exempt = plan.sources.get(name)?.labels?.except === UNHELD ? exemptOf(contract, call, name) : undefined;
      if (!isTensor(option) || call.inputs[name])
        return [name, { dtype: type.dtype, dims, ...(exempt !== undefined && { exempt }) }];
      if (!ArrayBuffer.isView(option.data)) throw new LossError("option", `${name}: a file needs its data here`);
      return [name, { dtype: type.dtype as DType, dims, constant: { data: option.data, shape: option.shape } }];
    }),
  );
}

/** Options as JSON, tensors by their type. */
function described({ options }: Call, mode: string): Readonly<Record<string, string>> {
  const text = JSON.stringify(options, (_, v: unknown) =>
    typeof v === "object" && v !== null && "dtype" in v && "shape" in v ? { dtype: v.dtype, shape: v.shape } : v,
  );
  return { "isoloss.options": text, "isoloss.mode": mode };
}
