/** Program → the nodes of an ONNX graph, whatever the sizes and parameters come from. */
import { decompose, type Node, type Program, topological, UnsupportedError } from "@isoloss/core";
import { withoutStrayRows } from "./class-indices.ts";
import type { Emitter } from "./emitter.ts";
import type { Name } from "./model.ts";
import { loweringOf, primitivesOf } from "./operators.ts";

const elsewhere = "use a backend that has it (onnx:wasm, onnx:node, cpu), or cast to a type that this one computes in";

/** What kernels do with booleans themselves. All else is done with 0 and 1; what is not 0 is true. */
const logical: ReadonlySet<string> = new Set(["not", "and", "or", "lt", "le", "eq", "where", "expand", "pick", "cast"]);
const isBooleanArithmetic = (n: Node): boolean => n.dtype === "bool" && n.args.length > 0 && !logical.has(n.op);

/** Writes every node of the program; returns the values of its outputs, each in the type that carries its dtype. */
export function lower(program: Program, emitter: Emitter, backend: string): Name[] {
  const { provider } = emitter;
  const outputs = decompose(program.outputs, primitivesOf(provider), backend);
  const nodes = topological(outputs);
  const used = new Set(nodes.flatMap((n) => n.args));
  const values = new Map<Node, Name>();
  for (const n of nodes) {
    const carrier = provider.carriers[n.dtype];
    if (!carrier) throw new UnsupportedError(`${backend} has no ${n.dtype} (in ${n.op}): ${elsewhere}`);
    const { lower: write, exact } = loweringOf(n.op as Exclude<Node["op"], "custom">, provider, backend);
    const roundedLater = carrier.rounding === "outside" && n.op === "cast" && !used.has(n);
    if (!exact && !roundedLater && (carrier.rounding === "outside" || carrier.rounding === "never"))
      throw new UnsupportedError(`${backend} cannot round to ${n.dtype} (in ${n.op}): ${elsewhere}`);
    const args = n.args.map((a) => values.get(a) as Name);
    if (isBooleanArithmetic(n)) {
      const numbers = args.map((a) => emitter.convert(a, "bool", "float32"));
      const result = write(emitter, { ...n, dtype: "float32" } as never, ...numbers);
      values.set(n, emitter.convert(result, "float32", "bool"));
      continue;
    }
    const value = write(emitter, n as never, ...args);
    values.set(n, exact ? value : emitter.round(value, n.dtype));
  }
  const results = outputs.map((o) => values.get(o) as Name);
  return provider.unseenIndices ? withoutStrayRows(emitter, outputs, values, results) : results;
}
