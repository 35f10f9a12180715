/** `toTfjs`: a loss of any style, on any synchronous backend, as a loss of TensorFlow.js with its exact gradient. */
import {
  CALLABLE,
  type Callable,
  type Calls,
  LossError,
  type Request,
  type Result,
  readArguments,
  type TensorLike,
  type TensorValue,
} from "@isoloss/core";

/** What is used of a tensor of tfjs. */
export interface TfTensor {
  readonly shape: number[];
  readonly dtype: string;
  dataSync(): ArrayLike<number>;
}
// biome-ignore lint/suspicious/noExplicitAny: tfjs' signatures name its own classes, which no structural type can fit
type Anything = any;
/** What is used of tfjs, by shape: `import * as tf from "@tensorflow/tfjs"` fits. */
export interface TensorFlow<T extends TfTensor> {
  customGrad(f: Anything): (...args: Anything[]) => Anything;
  tensor(values: Float32Array, shape: Anything, dtype: "float32"): T;
  mul(a: Anything, b: Anything): Anything;
}
/** A loss in the order of tfjs and Keras, whatever the order of its framework. */
export type TfLoss<T extends TfTensor> = (yTrue: T, yPred: T) => T;

/**
 * A loss for `model.compile({ loss })`, `tf.grad` and `tf.variableGrads`: computed by isoloss' backend, its gradient with
 * respect to the prediction given to tfjs. Takes losses of one prediction and one target; tfjs asks for gradients
 * synchronously, so the backend has to be synchronous too.
 */
export function toTfjs<T extends TfTensor>(tf: TensorFlow<T>, loss: Calls<"sync">): TfLoss<T> {
  const callable = loss[CALLABLE];
  const [prediction, target] = pairOf(callable);
  const toTf = ({ data, shape, dtype }: TensorValue): T => {
    if (dtype !== "float32" || !(data instanceof Float32Array))
      throw new LossError("dtype", `${callable.title}: tfjs has no ${dtype}`);
    return tf.tensor(data, [...shape], "float32");
  };

  return (yTrue, yPred) => {
    const call = (yPredHere: T, upstream?: T): Result => {
      const inputs = { [prediction]: readable(yPredHere), [target]: readable(yTrue) };
      const request: Request = { ...readArguments(callable, [inputs]), gradients: [prediction] };
      const seed = upstream && { dtype: "float32" as const, shape: upstream.shape, data: floats(upstream) };
      const settled = callable.site.settle({ ...request, upstream: seed });
      for (const text of settled.plan.warnings) callable.warn(text);
      const result = settled.run({ ...request, upstream: seed }) as Result | Promise<Result>;
      if (result instanceof Promise)
        throw new LossError("unsupported", `${callable.title}: tfjs needs a synchronous backend, such as the CPU's`);
      return result;
    };
    const differentiable = tf.customGrad((yPredHere: T) => {
      const { value, grads } = call(yPredHere);
      const gradient = grads[prediction] as TensorValue;
      const isScalar = value?.shape.length === 0;
      const gradFunc = (dy: T): T =>
        isScalar ? tf.mul(toTf(gradient), dy) : toTf(call(yPredHere, dy).grads[prediction] as TensorValue);
      return { value: toTf(value as TensorValue), gradFunc };
    });
    return differentiable(yPred) as T;
  };
}

function pairOf({ title, names, predictions, entry }: Callable<"sync">): readonly [string, string] {
  const required = names.filter((name) => !entry.contract.inputs[name]?.optional);
  const [prediction, ...more] = required.filter((name) => predictions.includes(name));
  const [target, ...others] = required.filter((name) => !predictions.includes(name));
  if (prediction === undefined || target === undefined || more.length + others.length > 0)
    throw new LossError(
      "option",
      `${title} takes (${required.join(", ")}): tfjs gives a loss one prediction and one target`,
    );
  return [prediction, target];
}

const floats = (tensor: TfTensor): Float32Array => Float32Array.from(tensor.dataSync());
/** Integers go without a type: they are class indices where the loss reads such. */
function readable(tensor: TfTensor): TensorLike {
  const { shape, dtype } = tensor;
  const data = tensor.dataSync();
  return dtype === "int32" ? { data, shape } : { data, shape, dtype };
}
