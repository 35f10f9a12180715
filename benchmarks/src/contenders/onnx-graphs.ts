/** ONNX graphs for the large workloads as one would write them by hand: fixed shapes, the runtime's own fused operators. */
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
} from "onnx-buf";
import type { Measured, Workload } from "../workload.ts";

const { FLOAT, INT64 } = TensorProto_DataType;
const float32 = 1;
const int64 = 7;

/** Writes nodes one after another; values go by name. */
class Graph {
  readonly graph = create(GraphProtoSchema, { name: "benchmark" });
  #next = 0;

  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, number>> = {}): string {
    const output = `v${this.#next++}`;
    const attribute = Object.entries(attributes).map(([name, i]) =>
      create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(i) }),
    );
    const { node } = create(GraphProtoSchema, { node: [{ opType, input: [...inputs], output: [output], attribute }] });
    this.graph.node.push(...node);
    return output;
  }
  constant(values: readonly number[], type: typeof float32 | typeof int64, dims: readonly number[]): string {
    const name = `v${this.#next++}`;
    const data =
      type === float32 ? new Float32Array(values).buffer : new BigInt64Array(values.map((v) => BigInt(v))).buffer;
    const dataType = type === float32 ? FLOAT : INT64;
    const { initializer } = create(GraphProtoSchema, {
      initializer: [{ name, dataType, dims: dims.map(BigInt), rawData: new Uint8Array(data) }],
    });
    this.graph.initializer.push(...initializer);
    return name;
  }
  scalar = (value: number): string => this.constant([value], float32, []);
  axis = (value: number): string => this.constant([value], int64, [1]);
  io(kind: "input" | "output", name: string, type: number, shape: readonly number[]): void {
    const dim = shape.map((d) => ({ value: { case: "dimValue" as const, value: BigInt(d) } }));
    const value = { case: "tensorType" as const, value: { elemType: type, shape: { dim } } };
    const made = create(GraphProtoSchema, { [kind]: [{ name, type: { value } }] });
    this.graph[kind].push(...made[kind]);
  }
  bytes(): Uint8Array {
    const opsetImport = [{ domain: "", version: 17n }];
    return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, graph: this.graph, opsetImport }));
  }
}

/** The names of the value and of the gradients, in the order of `differentiate`. */
type Body = (g: Graph, w: Workload) => { value: string; grads: () => readonly string[] };
const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const shapeOf = (w: Workload, name: string): readonly number[] => w.arrays[name]?.shape ?? [];

const meanSquaredError: Body = (g, w) => {
  const d = g.node("Sub", ["input", "target"]);
  const n = size(shapeOf(w, "input"));
  return {
    value: g.node("ReduceMean", [g.node("Mul", [d, d])], { keepdims: 0 }),
    grads: () => [g.node("Mul", [d, g.scalar(2 / n)])],
  };
};
const binaryFromLogits: Body = (g, w) => {
  const n = size(shapeOf(w, "input"));
  const positive = g.node("Sub", [g.node("Relu", ["input"]), g.node("Mul", ["input", "target"])]);
  const soft = g.node("Softplus", [g.node("Neg", [g.node("Abs", ["input"])])]);
  return {
    value: g.node("ReduceMean", [g.node("Add", [positive, soft])], { keepdims: 0 }),
    grads: () => [g.node("Mul", [g.node("Sub", [g.node("Sigmoid", ["input"]), "target"]), g.scalar(1 / n)])],
  };
};
const crossEntropy: Body = (g, w) => {
  const rows = size(shapeOf(w, "target"));
  const index = g.node("Unsqueeze", ["target", g.axis(1)]);
  const logp = g.node("LogSoftmax", ["input"], { axis: 1 });
  const picked = g.node("GatherElements", [logp, index], { axis: 1 });
  return {
    value: g.node("Neg", [g.node("ReduceMean", [picked], { keepdims: 0 })]),
    grads: () => {
      const p = g.node("Softmax", ["input"], { axis: 1 });
      const own = g.node("Sub", [g.node("GatherElements", [p, index], { axis: 1 }), g.scalar(1)]);
      return [g.node("Mul", [g.node("ScatterElements", [p, index, own], { axis: 1 }), g.scalar(1 / rows)])];
    },
  };
};
const divergence: Body = (g, w) => {
  const rows = g.scalar(1 / (shapeOf(w, "input")[0] as number));
  const terms = g.node("Mul", ["target", g.node("Sub", [g.node("Log", ["target"]), "input"])]);
  return {
    value: g.node("Mul", [g.node("ReduceSum", [terms], { keepdims: 0 }), rows]),
    grads: () => [g.node("Neg", [g.node("Mul", ["target", rows])])],
  };
};
const cosine: Body = (g, w) => {
  const rows = shapeOf(w, "target")[0] as number;
  const row = (x: string): string => g.node("ReduceSum", [x, g.axis(1)], { keepdims: 0 });
  const norm = (x: string): string => g.node("Add", [row(g.node("Mul", [x, x])), g.scalar(1e-12)]);
  const [a, b] = [norm("input1"), norm("input2")];
  const root = g.node("Sqrt", [g.node("Mul", [a, b])]);
  const cos = g.node("Div", [row(g.node("Mul", ["input1", "input2"])), root]);
  const alike = g.node("Equal", ["target", g.scalar(1)]);
  const loss = g.node("Where", [alike, g.node("Sub", [g.scalar(1), cos]), g.node("Relu", [cos])]);
  return {
    value: g.node("ReduceMean", [loss], { keepdims: 0 }),
    grads: () => {
      const positive = g.node("Cast", [g.node("GreaterOrEqual", [cos, g.scalar(0)])], { to: FLOAT });
      const slope = g.node("Mul", [g.node("Where", [alike, g.scalar(-1), positive]), g.scalar(1 / rows)]);
      const column = (x: string): string => g.node("Unsqueeze", [x, g.axis(1)]);
      const side = (x: string, y: string, n: string): string =>
        g.node("Sub", [
          g.node("Mul", [y, column(g.node("Div", [slope, root]))]),
          g.node("Mul", [x, column(g.node("Div", [g.node("Mul", [slope, cos]), n]))]),
        ]);
      return [side("input1", "input2", a), side("input2", "input1", b)];
    },
  };
};

const bodies: Readonly<Record<string, Body>> = {
  MSELoss: meanSquaredError,
  BCEWithLogitsLoss: binaryFromLogits,
  CrossEntropyLoss: crossEntropy,
  KLDivLoss: divergence,
  CosineEmbeddingLoss: cosine,
};
const plain = (w: Workload): boolean => (w.large === true || w.repeat !== undefined) && w.loss in bodies;

/** The model of a workload, or undefined where nobody has written one. */
export function onnxGraph(w: Workload, measured: Measured): Uint8Array | undefined {
  const body = plain(w) ? bodies[w.loss] : undefined;
  if (!body) return undefined;
  const g = new Graph();
  for (const [name, { shape, kind }] of Object.entries(w.arrays))
    g.io("input", name, kind === "labels" ? INT64 : FLOAT, shape);
  const { value, grads } = body(g, w);
  g.io("output", value, FLOAT, []);
  if (measured === "both")
    grads().forEach((name, i) => {
      g.io("output", name, FLOAT, shapeOf(w, w.differentiate[i] as string));
    });
  return g.bytes();
}
