/** The JavaScript engine: runs a program node by node, one loop a primitive; what remains where WebAssembly is forbidden. */
import { type Feeds, type Kernel, type Node, type Outputs, type Program, topological } from "@isoloss/core";
import { elementwiseLoop } from "./js-elementwise.ts";
import { dataOf, readFeed, writeResult } from "./js-feeds.ts";
import { pickLoop, reduceLoop } from "./js-reduce.ts";
import { type Layout, layoutOf, type Values, valuesOf } from "./js-values.ts";

/** One node of a compiled program: fills its values from those of its operands. */
export interface Step {
  readonly node: Node;
  readonly at: number;
  readonly args: readonly number[];
}

export class JsKernel implements Kernel<"sync"> {
  readonly engine = "js";
  readonly #program: Program;
  readonly #steps: readonly Step[];
  readonly #results: readonly number[];
  constructor(program: Program) {
    this.#program = program;
    const nodes = topological(program.outputs);
    const at = new Map(nodes.map((n, i) => [n, i]));
    this.#steps = nodes.map((node, i) => ({ node, at: i, args: node.args.map((a) => at.get(a) as number) }));
    this.#results = program.outputs.map((o) => at.get(o) as number);
  }

  run(
    feeds: Feeds,
    extents: readonly number[],
    parameters: Float64Array,
    outputs: Parameters<Kernel<"sync">["run"]>[3] = [],
  ): Outputs {
    const layout = layoutOf(this.#program, extents);
    const values: Values[] = [];
    for (const step of this.#steps) {
      const args = step.args.map((i) => values[i] as Values);
      values.push(this.#evaluate(step.node, args, layout, feeds, parameters));
    }
    return this.#results.map((from, i) => {
      const node = this.#program.outputs[i] as Node;
      return writeResult(values[from] as Values, node.dtype, outputs[i]);
    });
  }

  #evaluate(n: Node, args: readonly Values[], layout: Layout, feeds: Feeds, parameters: Float64Array): Values {
    const size = layout.size(n.axes);
    switch (n.op) {
      case "input": {
        const slot = this.#program.inputs.findIndex((p) => p.name === n.attribute);
        return readFeed(dataOf(feeds[slot]), n.dtype);
      }
      case "constant":
        return valuesOf(n.dtype, 1, n.attribute);
      case "parameter":
        return valuesOf(n.dtype, 1, parameters[n.attribute] as number);
      case "extent":
        return valuesOf(n.dtype, 1, layout.size([n.attribute]));
      case "iota":
        return Int32Array.from({ length: size }, (_, i) => i);
      case "sum":
      case "max":
        return reduceLoop(n, args[0] as Values, layout);
      case "pick":
        return pickLoop(n, args[0] as Values, args[1] as Values, layout);
      default:
        return elementwiseLoop(n, args, layout, size);
    }
  }
  dispose(): void {}
}
