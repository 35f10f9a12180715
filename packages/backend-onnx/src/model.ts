/** Builds ONNX models: nodes with generated names, shared initializers, and the bytes of the file. Knows no program. */
import { create, toBinary } from "@bufbuild/protobuf";
import type { DType } from "@isoloss/core";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
} from "onnx-buf";

/** The name of a value in the graph. */
export type Name = string;
export type Attribute = number | readonly number[] | string | { readonly float: number };
/** An extent is a number, or the name of a symbolic one. */
export type Dimension = number | string;

const elementType: Readonly<Record<DType, TensorProto_DataType>> = {
  float64: TensorProto_DataType.DOUBLE,
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  bfloat16: TensorProto_DataType.BFLOAT16,
  int64: TensorProto_DataType.INT64,
  int32: TensorProto_DataType.INT32,
  int16: TensorProto_DataType.INT16,
  int8: TensorProto_DataType.INT8,
  uint8: TensorProto_DataType.UINT8,
  bool: TensorProto_DataType.BOOL,
};
/** The number by which ONNX calls a dtype, as `Cast` wants it. */
export const typeNumber = (dtype: DType): number => elementType[dtype];

/** The version of the file format that first carries an operator set. */
const irVersion = (opset: number): bigint => (opset >= 21 ? 10n : opset >= 19 ? 9n : opset >= 15 ? 8n : 7n);

function attributeProto(name: string, value: Attribute) {
  const { INT, INTS, STRING, FLOAT } = AttributeProto_AttributeType;
  if (typeof value === "number") return create(AttributeProtoSchema, { name, type: INT, i: BigInt(value) });
  if (typeof value === "string")
    return create(AttributeProtoSchema, { name, type: STRING, s: Uint8Array.from(value, (c) => c.charCodeAt(0)) });
  if ("float" in value) return create(AttributeProtoSchema, { name, type: FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: INTS, ints: value.map(BigInt) });
}

/** Numbers as the little-endian bytes of an initializer. Types without an encoding here are reached by `Cast`. */
function rawData(values: readonly number[], dtype: DType): Uint8Array<ArrayBuffer> {
  const width = { float64: 8, float32: 4, int64: 8, int32: 4, bool: 1 }[dtype as string];
  if (width === undefined) throw new TypeError(`no initializer of dtype ${dtype}: cast one of a wider type`);
  const view = new DataView(new ArrayBuffer(values.length * width));
  values.forEach((x, i) => {
    if (dtype === "float64") view.setFloat64(i * 8, x, true);
    else if (dtype === "float32") view.setFloat32(i * 4, x, true);
    else if (dtype === "int64") view.setBigInt64(i * 8, BigInt(x), true);
    else if (dtype === "int32") view.setInt32(i * 4, x, true);
    else view.setUint8(i, x);
  });
  return new Uint8Array(view.buffer);
}

const dimension = (d: Dimension) => ({
  value:
    typeof d === "number" ? { case: "dimValue" as const, value: BigInt(d) } : { case: "dimParam" as const, value: d },
});
/** `dims` undefined: a shape that the file does not state. */
const valueInfo = (name: string, dtype: DType, dims: readonly Dimension[] | undefined) => ({
  name,
  type: {
    value: {
      case: "tensorType" as const,
      value: {
        elemType: elementType[dtype],
        ...(dims && { shape: { dim: dims.map(dimension) } }),
      },
    },
  },
});

const key = (...parts: readonly unknown[]): string =>
  JSON.stringify(parts, (_, v: unknown) =>
    typeof v === "number" && (Object.is(v, -0) || !Number.isFinite(v)) ? `#${Object.is(v, -0) ? "-0" : v}` : v,
  );

/** A graph in the making. Equal nodes and equal initializers are made once. */
export class ModelBuilder {
  readonly opset: number;
  readonly #graph: GraphProto = create(GraphProtoSchema, { name: "isoloss" });
  readonly #known = new Map<string, Name>();
  /** The names that results have instead of their first. */
  readonly #results = new Map<Name, Name>();
  #next = 0;

  constructor(opset: number) {
    this.opset = opset;
  }

  /** A node of the default operator set with one result. */
  node(opType: string, inputs: readonly Name[], attributes: Readonly<Record<string, Attribute>> = {}): Name {
    const line = key(opType, inputs, attributes);
    const same = this.#known.get(line);
    if (same !== undefined) return same;
    const name = `_${this.#next++}`;
    this.#append(opType, inputs, name, attributes);
    this.#known.set(line, name);
    return name;
  }

  #append(
    opType: string,
    inputs: readonly Name[],
    output: Name,
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    const { node } = create(GraphProtoSchema, {
      node: [{ opType, name: `${opType}_${output}`, input: [...inputs], output: [output], attribute }],
    });
    this.#graph.node.push(...node);
  }

  /** A constant tensor. */
  initializer(values: readonly number[], dtype: DType, dims: readonly number[]): Name {
    const line = key("initializer", values, dtype, dims);
    const same = this.#known.get(line);
    if (same !== undefined) return same;
    const name = `_c${this.#next++}`;
    this.namedInitializer(name, values, dtype, dims);
    this.#known.set(line, name);
    return name;
  }

  /** A constant tensor under a name that readers of the file shall see. */
  namedInitializer(name: Name, values: readonly number[], dtype: DType, dims: readonly number[]): void {
    const { initializer } = create(GraphProtoSchema, {
      initializer: [{ name, dataType: elementType[dtype], dims: dims.map(BigInt), rawData: rawData(values, dtype) }],
    });
    this.#graph.initializer.push(...initializer);
  }

  /** An input of the graph; asking twice for one name is one input. */
  input(name: Name, dtype: DType, dims: readonly Dimension[]): Name {
    if (!this.#graph.input.some((i) => i.name === name))
      this.#graph.input.push(...create(GraphProtoSchema, { input: [valueInfo(name, dtype, dims)] }).input);
    return name;
  }

  /** Makes `value` a result of the graph under the name `name`. All other nodes have been made by then. */
  output(name: Name, value: Name, dtype: DType, dims?: readonly Dimension[]): void {
    const result = this.#results.get(value);
    const producer = this.#graph.node.some((n) => n.output[0] === value);
    if (producer) {
      this.#rename(value, name);
      this.#results.set(value, name);
    } else {
      const copied = result ?? value;
      // On GPUs there is no Identity of booleans.
      if (dtype === "bool") this.#append("And", [copied, copied], name, {});
      else this.#append("Identity", [copied], name, {});
    }
    this.#graph.output.push(...create(GraphProtoSchema, { output: [valueInfo(name, dtype, dims)] }).output);
  }

  #rename(from: Name, to: Name): void {
    for (const n of this.#graph.node) {
      n.input = n.input.map((i) => (i === from ? to : i));
      n.output = n.output.map((o) => (o === from ? to : o));
    }
  }

  /** The operator types of the graph, in order. */
  get operators(): readonly string[] {
    return this.#graph.node.map((n) => n.opType);
  }

  /** The model as the bytes of an .onnx file. */
  encode(metadata: Readonly<Record<string, string>> = {}, docString = ""): Uint8Array<ArrayBuffer> {
    const used = new Set(this.#graph.node.flatMap((n) => n.input));
    this.#graph.initializer = this.#graph.initializer.filter((i) => used.has(i.name));
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: irVersion(this.opset),
        producerName: "isoloss",
        opsetImport: [{ domain: "", version: BigInt(this.opset) }],
        graph: this.#graph,
        docString,
        metadataProps: Object.entries(metadata).map(([k, value]) => ({ key: k, value })),
      }),
    );
  }
}
