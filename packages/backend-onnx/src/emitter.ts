/**
 * What a lowering writes with. Inside the graph every tensor has all axes of the program, those that it lacks with extent
 * 1 (scalars may have none), so that operands meet without a reshape and labels never leave the GPU for one.
 */
import { type Axis, type DType, isFloat, storage } from "@isoloss/core";
import { type Attribute, type ModelBuilder, type Name, typeNumber } from "./model.ts";
import type { Capabilities, Carrier } from "./providers.ts";

/** Where the numbers come from that a program leaves open: inputs of the graph, or `Shape` of its inputs. */
export interface Sizes {
  extent(axis: Axis, dtype: DType): Name;
  /** The int64 vector of extents over all axes, 1 for those that are not in `axes`. */
  shape(axes: readonly Axis[]): Name;
  parameter(slot: number, dtype: DType): Name;
  input(port: string): Name;
}

export class Emitter {
  readonly provider: Capabilities;
  readonly model: ModelBuilder;
  readonly #axes: readonly Axis[];
  readonly #sizes: Sizes;
  constructor(model: ModelBuilder, provider: Capabilities, axes: readonly Axis[], sizes: Sizes) {
    this.model = model;
    this.provider = provider;
    this.#axes = axes;
    this.#sizes = sizes;
  }
  carrier(dtype: DType): Carrier<DType> {
    return this.provider.carriers[dtype] as Carrier<DType>;
  }
  /** The dtype in which values of `dtype` are computed. */
  compute(dtype: DType): DType {
    return this.carrier(dtype).compute;
  }
  position(axis: Axis): number {
    return this.#axes.indexOf(axis);
  }

  node(operator: string, inputs: readonly Name[], attributes?: Readonly<Record<string, Attribute>>): Name {
    return this.model.node(operator, inputs, attributes);
  }
  /** A number, in a type of the graph. */
  scalar(value: number, dtype: DType): Name {
    return this.model.initializer([value], dtype, []);
  }
  vector(values: readonly number[]): Name {
    return this.model.initializer(values, "int64", [values.length]);
  }
  /** A constant of a program: a value of `dtype` in the type that carries it. */
  constant(value: number, dtype: DType): Name {
    return this.scalar(value, this.compute(dtype));
  }
  input(port: string): Name {
    return this.#sizes.input(port);
  }
  parameter(slot: number, dtype: DType): Name {
    return this.#sizes.parameter(slot, this.compute(dtype));
  }
  extent(axis: Axis, dtype: DType): Name {
    return this.#sizes.extent(axis, this.compute(dtype));
  }

  /** The shape that lays a vector along one axis. */
  along(axis: Axis): Name {
    return this.vector(this.#axes.map((a) => (a === axis ? -1 : 1)));
  }
  expand(x: Name, axes: readonly Axis[]): Name {
    return this.node("Expand", [x, this.#sizes.shape(axes)]);
  }
  reduce(operator: "ReduceSum" | "ReduceMax", x: Name, over: readonly Axis[]): Name {
    const axes = over.map((a) => this.position(a)).sort((a, b) => a - b);
    const asInput = operator === "ReduceSum" || this.model.opset >= 18;
    return asInput
      ? this.node(operator, [x, this.vector(axes)], { keepdims: 1 })
      : this.node(operator, [x], { axes, keepdims: 1 });
  }

  /** A value in another type of the graph. */
  cast(x: Name, from: DType, to: DType): Name {
    return from === to ? x : this.node("Cast", [x], { to: typeNumber(to) });
  }
  /** A value of one dtype as one of another, not yet rounded. Halves are reached through float32, as everywhere. */
  convert(x: Name, from: DType, to: DType): Name {
    // Not every provider casts every type to bool.
    if (to === "bool" && from !== "bool")
      return this.node("Not", [this.node("Equal", [x, this.scalar(0, this.compute(from))])]);
    const [given, wanted] = [this.compute(from), this.compute(to)];
    const inside = isFloat(given) && !isFloat(wanted) ? this.#within(x, given, wanted) : x;
    return this.cast(inside, given, wanted);
  }
  /** Cast of what an integer cannot hold is not defined: it becomes the smallest. */
  #within(x: Name, from: DType, to: DType): Name {
    const limit = 2 ** (8 * storage[to].BYTES_PER_ELEMENT - 1);
    const fits = this.node("Less", [this.node("Abs", [x]), this.scalar(limit, from)]);
    return this.node("Where", [fits, x, this.scalar(-limit, from)]);
  }
  /** A value in its carrier, rounded to the dtype. */
  round(x: Name, dtype: DType): Name {
    const { compute, rounding } = this.carrier(dtype);
    if (rounding === "cast") return this.cast(this.cast(x, compute, dtype), dtype, compute);
    return rounding === "wrap" ? this.#wrap(x, dtype, compute) : x;
  }
  /** x modulo 2ʷ; signed: between −2ʷ⁻¹ and 2ʷ⁻¹. */
  #wrap(x: Name, dtype: DType, compute: DType): Name {
    const modulus = 2 ** (8 * storage[dtype].BYTES_PER_ELEMENT);
    const shift = this.scalar(dtype === "uint8" ? 0 : modulus / 2, compute);
    const wrapped = this.node("Mod", [this.node("Add", [x, shift]), this.scalar(modulus, compute)]);
    return this.node("Sub", [wrapped, shift]);
  }
}
