/** tfjs on one of its backends: its own losses where it has them, a composition of its operations elsewhere. */
import type * as TensorFlow from "@tensorflow/tfjs";
import { type Answer, type Contender, type Missing, timed } from "../contender.ts";
import type { Workload } from "../workload.ts";

type Tf = typeof TensorFlow;
type Tensor = TensorFlow.Tensor;
type Inputs = Readonly<Record<string, Tensor>>;
type Loss = (t: Inputs) => Tensor;

/** Class cross-entropy takes one-hot labels there, along the last axis. */
const crossEntropy =
  (tf: Tf): Loss =>
  (t) => {
    const input = t["input"] as Tensor;
    const depth = input.shape[1] as number;
    const order = input.shape.map((_, i) => i).filter((i) => i !== 1);
    const logits = tf.reshape(tf.transpose(input, [...order, 1]), [-1, depth]);
    const labels = tf.oneHot(tf.reshape(t["target"] as Tensor, [-1]), depth);
    return tf.losses.softmaxCrossEntropy(labels, logits);
  };

function losses(tf: Tf, w: Workload): Loss | undefined {
  const x = (t: Inputs) => t["input"] as Tensor;
  const y = (t: Inputs) => t["target"] as Tensor;
  const rows = w.arrays["input"]?.shape[0] ?? 1;
  const table: Readonly<Record<string, Loss>> = {
    MSELoss: (t) => tf.losses.meanSquaredError(y(t), x(t)),
    L1Loss: (t) => tf.losses.absoluteDifference(y(t), x(t)),
    BCEWithLogitsLoss: (t) => tf.losses.sigmoidCrossEntropy(y(t), x(t)),
    CrossEntropyLoss: crossEntropy(tf),
    KLDivLoss: (t) => tf.div(tf.sum(tf.mul(y(t), tf.sub(tf.log(y(t)), x(t)))), rows),
    CosineEmbeddingLoss: (t) => {
      const [a, b] = [t["input1"] as Tensor, t["input2"] as Tensor];
      const norm = (v: Tensor) => tf.add(tf.sum(tf.square(v), 1), 1e-12);
      const cos = tf.div(tf.sum(tf.mul(a, b), 1), tf.sqrt(tf.mul(norm(a), norm(b))));
      return tf.mean(tf.where(tf.equal(y(t), 1), tf.sub(1, cos), tf.relu(cos)));
    },
  };
  const plain = w.large === true || w.repeat !== undefined || w.loss === "L1Loss";
  return plain ? table[w.loss] : undefined;
}

export async function tfjsContender(backend: "cpu" | "wasm"): Promise<Contender | Missing> {
  const name = `tfjs ${backend}`;
  let tf: Tf;
  try {
    tf = await import("@tensorflow/tfjs");
    if (backend === "wasm") {
      const wasm = await import("@tensorflow/tfjs-backend-wasm");
      wasm.setThreadsCount(1);
    }
    if (!(await tf.setBackend(backend))) return { name, reason: "the backend does not start" };
  } catch (error) {
    return { name, reason: `not installed (${(error as Error).message.split("\n")[0]})` };
  }
  return {
    name,
    dispose() {},
    async prepare(workload, sets, measured) {
      await tf.setBackend(backend);
      const loss = losses(tf, workload);
      if (!loss) return undefined;
      const inputs = sets.map(
        (set): Inputs =>
          Object.fromEntries(
            Object.entries(workload.arrays).map(([key, { shape }]) => {
              const data = set[key] as Float32Array | Int32Array;
              return [key, tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32")];
            }),
          ),
      );
      const call = (set: number): Answer => {
        const own = inputs[set] as Inputs;
        const wanted = workload.differentiate.map((key) => own[key] as Tensor);
        const at = (list: readonly Tensor[]): Inputs => ({
          ...own,
          ...Object.fromEntries(workload.differentiate.map((key, i) => [key, list[i] as Tensor])),
        });
        let answer: Answer = { value: Number.NaN, grads: {} };
        // tidy walks through whatever its function returns, element by element: it must not see the arrays.
        tf.tidy(() => {
          const scalar = (list: readonly Tensor[]) => loss(at(list)) as TensorFlow.Scalar;
          if (measured === "value") {
            answer = { value: scalar(wanted).dataSync()[0] as number, grads: {} };
            return;
          }
          const { value, grads } = tf.valueAndGrads((...list: Tensor[]) => scalar(list))(wanted);
          const read = grads.map((g, i) => [workload.differentiate[i] as string, g.dataSync() as Float32Array]);
          answer = { value: value.dataSync()[0] as number, grads: Object.fromEntries(read) };
        });
        return answer;
      };
      return {
        async run(set, repeat) {
          await tf.setBackend(backend);
          return timed(() => call(set), repeat);
        },
        async answer(set) {
          await tf.setBackend(backend);
          return call(set);
        },
        dispose() {
          for (const set of inputs) for (const t of Object.values(set)) t.dispose();
        },
      };
    },
  };
}
