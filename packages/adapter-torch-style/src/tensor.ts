/** Tensors in PyTorch's way: free views of a caller's array, and the tape that `backward` follows. */
import {
  andThen,
  type DType,
  type Eventually,
  type Feed,
  fromNumbers,
  isFloat,
  LossError,
  type Mode,
  onlyOptions,
  type Spelled,
  sameShape,
  showShape,
  type TensorLike,
  type TensorObject,
  type Tensor as TensorOfCore,
  TensorValue,
  type TypedArray,
  toNumbers,
  toTensor,
  UnsupportedError,
  volumeOf,
} from "@isoloss/core";

/** How a tensor came to be. */
export interface Origin {
  readonly parents: readonly Tensor[];
  /** The gradients of the parents from the tensor's own; `undefined` stands for ones, and for no gradient. */
  backward(upstream: TensorOfCore | undefined): Gradients | Promise<Gradients>;
  /** What `backward` needs and was kept when the tensor was made; null once it was let go. */
  saved?: readonly unknown[] | null;
}
type Gradients = readonly (TensorOfCore | undefined)[];

export interface TensorOptions {
  readonly shape?: readonly number[] | undefined;
  readonly dtype?: DType | undefined;
  readonly requires_grad?: boolean | undefined;
}
export interface BackwardOptions {
  /** Keeps what a second `backward` needs. */
  readonly retain_graph?: boolean | undefined;
}

/** A tensor of PyTorch, over a caller's array: what shares its data with another is a view, and costs nothing. */
export class Tensor<M extends Mode = Mode> extends TensorValue {
  /** The gradients that `backward` left here, added up. Set it to null before the next step. */
  grad: Tensor<M> | null = null;
  readonly #origin: Origin | undefined;
  #requiresGrad = false;

  constructor({ dtype, shape, data }: TensorOfCore, origin?: Origin) {
    super(dtype, shape, data);
    this.#origin = origin;
  }
  get requires_grad(): boolean {
    return this.#requiresGrad || (this.#origin?.parents.some((p) => p.requires_grad) ?? false);
  }
  set requires_grad(wanted: boolean) {
    if (this.#origin) throw new LossError("gradient", "you can only change requires_grad flags of leaf variables.");
    if (wanted && !isFloat(this.dtype))
      throw new LossError("dtype", `only Tensors of floating point dtype can require gradients, not ${this.dtype}`);
    this.#requiresGrad = wanted;
  }
  /** Whether it was made by its user, not by a loss or as a view of a tensor that requires a gradient. */
  get is_leaf(): boolean {
    return !this.#origin;
  }

  /** The same data in another shape; one size may be −1. */
  view(...shape: readonly number[] | readonly [readonly number[]]): Tensor<M> {
    const asked = shape.flat();
    const size = volumeOf(this.shape);
    const rest = volumeOf(asked.filter((n) => n !== -1));
    const found = asked.map((n) => (n === -1 ? size / rest : n));
    const fits = asked.indexOf(-1) === asked.lastIndexOf(-1) && found.every((n) => Number.isInteger(n) && n >= 0);
    if (!fits || volumeOf(found) !== size)
      throw new LossError("shape", `shape '${showShape(asked)}' is invalid for input of size ${size}`);
    return this.#derived(found, this.data, (g) => ({ ...g, shape: this.shape }));
  }
  reshape(...shape: readonly number[] | readonly [readonly number[]]): Tensor<M> {
    return this.view(...shape);
  }
  /** The dimensions from `start_dim` to `end_dim` as one. */
  flatten(start_dim = 0, end_dim = -1): Tensor<M> {
    const { shape } = this;
    if (shape.length === 0) return this.view(1);
    const start = fromStart(start_dim, shape.length);
    const end = fromStart(end_dim, shape.length);
    if (start < 0 || end >= shape.length || start > end)
      throw new LossError("shape", `flatten(${start_dim}, ${end_dim}) of a tensor of shape ${showShape(shape)}`);
    return this.view([...shape.slice(0, start), volumeOf(shape.slice(start, end + 1)), ...shape.slice(end + 1)]);
  }
  /** Rows `start` to `end` of the first dimension, as `x[start:end]`; negative ones count from its end. */
  slice(start = 0, end?: number): Tensor<M> {
    const [rows, ...rest] = this.shape;
    if (rows === undefined) throw new LossError("shape", "slice() cannot be applied to a 0-dim tensor.");
    const at = (i: number): number => Math.min(Math.max(fromStart(i, rows), 0), rows);
    const first = at(start);
    const last = Math.max(at(end ?? rows), first);
    const step = volumeOf(rest);
    const { data } = this;
    if (!ArrayBuffer.isView(data))
      throw new UnsupportedError(`rows of an array that ${data.backend} holds: slice it before it is written there`);
    const part = data.subarray(first * step, last * step) as TypedArray;
    return this.#derived([last - first, ...rest], part, (g) => {
      const whole = fromNumbers(new Float64Array(rows * step), this.dtype) as Float32Array;
      whole.set(g.data as Float32Array, first * step);
      return { dtype: this.dtype, shape: this.shape, data: whole };
    });
  }
  /** The same data, through which no gradient flows. */
  detach(): Tensor<M> {
    return new Tensor(this);
  }
  #derived(shape: readonly number[], data: Feed, back: (g: TensorOfCore) => TensorOfCore): Tensor<M> {
    const type = { dtype: this.dtype, shape, data };
    if (!this.requires_grad) return new Tensor(type);
    return new Tensor(type, { parents: [this], backward: (g) => [back(g ?? ones(type))] });
  }

  /**
   * Adds the gradient of this tensor to `grad` of every tensor that requires one and that this was computed from, whose
   * data must still be what it was then. `gradient` flows in; a tensor of one element needs none.
   */
  backward(gradient?: TensorLike | null, options: Spelled<BackwardOptions> = {}): Eventually<M, void> {
    const { retain_graph = false } = onlyOptions<BackwardOptions>(options, ["retain_graph"]);
    const order = this.#graph();
    const pending = new Map<Tensor, TensorOfCore | undefined>([[this, this.#seed(gradient)]]);
    const step = (tensor: Tensor): void | Promise<void> => {
      if (!pending.has(tensor)) return; // no gradient came this way
      const own = pending.get(tensor);
      const origin = tensor.#origin;
      if (!origin) {
        tensor.grad = new Tensor(added(tensor.grad, own ?? ones(tensor)));
        return;
      }
      return andThen(origin.backward(own), (gradients) => {
        if (!retain_graph && origin.saved) origin.saved = null;
        origin.parents.forEach((parent, k) => {
          const g = gradients[k];
          if (g && parent.requires_grad) pending.set(parent, added(pending.get(parent), g));
        });
      });
    };
    const each = (past: void | Promise<void>, tensor: Tensor) => andThen(past, () => step(tensor)) as typeof past;
    return order.reduce(each, undefined) as ReturnType<typeof step> as Eventually<M, void>;
  }

  /** The gradient that flows in, checked; undefined where it is one. */
  #seed(gradient: TensorLike | null | undefined): TensorOfCore | undefined {
    if (!this.requires_grad)
      throw new LossError("gradient", "element 0 of tensors does not require grad and does not have a grad_fn");
    if (gradient === undefined || gradient === null) {
      if (volumeOf(this.shape) !== 1)
        throw new LossError(
          "gradient",
          `grad can be implicitly created only for scalar outputs; this one has shape ${showShape(this.shape)}`,
        );
      return undefined;
    }
    const seed = toTensor(gradient, "gradient", { numbers: this.dtype });
    if (!sameShape(seed.shape, this.shape))
      throw new LossError(
        "shape",
        `Mismatch in shape: grad_output[0] has a shape of ${showShape(seed.shape)} and output[0] has a shape of ${showShape(this.shape)}.`,
      );
    return seed;
  }

  /** What this tensor was computed from, each behind all that was computed from it. */
  #graph(): Tensor[] {
    const order = new Set<Tensor>();
    const visit = (tensor: Tensor): void => {
      if (order.has(tensor) || !tensor.requires_grad) return;
      if (tensor.#origin?.saved === null)
        throw new LossError(
          "gradient",
          "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). " +
            "Specify retain_graph=True if you need to backward through the graph a second time: loss.backward(null, { retain_graph: true }).",
        );
      for (const parent of tensor.#origin?.parents ?? []) visit(parent);
      order.add(tensor);
    };
    visit(this);
    return [...order].reverse();
  }
}

/** A place counted from the start; a negative one counts from the end. */
const fromStart = (i: number, count: number): number => (i < 0 ? i + count : i);

const ones = ({ dtype, shape }: Pick<TensorOfCore, "dtype" | "shape">): TensorOfCore => ({
  dtype,
  shape,
  data: fromNumbers(new Float64Array(volumeOf(shape)).fill(1), dtype),
});

/** a + b, of one dtype and shape; b where there is no a yet. */
function added(a: TensorOfCore | null | undefined, b: TensorOfCore): TensorOfCore {
  if (!a) return b;
  const { dtype, shape } = a;
  const y = toNumbers(b.data as TypedArray, b.dtype);
  const sum = toNumbers(a.data as TypedArray, dtype).map((x, i) => x + (y[i] as number));
  return { dtype, shape, data: fromNumbers(sum, dtype) };
}

/** Makes a tensor over data: in place where it is a typed array. Integers without a dtype are int64, as PyTorch's are. */
export function tensor<M extends Mode>(data: TensorLike, options: Spelled<TensorOptions> = {}): Tensor<M> {
  const {
    shape,
    dtype,
    requires_grad = false,
  } = onlyOptions<TensorOptions>(options, ["shape", "dtype", "requires_grad"]);
  const isBare = Array.isArray(data) || ArrayBuffer.isView(data);
  const own = isBare ? { data, shape, dtype } : typeof data === "object" ? data : { data: [data], shape: [], dtype };
  const read = toTensor(own as TensorObject, "data", {
    labels: !Array.isArray((own as TensorObject).data),
    numbers: dtype,
  });
  if (shape && !sameShape(shape, read.shape))
    throw new LossError("shape", `data: its shape is ${showShape(read.shape)}, not ${showShape(shape)}`);
  const made = new Tensor<M>(read);
  if (requires_grad) made.requires_grad = true;
  return made;
}
