import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";

const backend = createCpuBackend();
const data = Float32Array.of(2, 1, 0, 0, 1, 2); // two rows of three logits
const labels = Int32Array.of(0, 2);

// PyTorch's words, as PyTorch 2.13 computes them.
const { nn, tensor, valueAndGrad } = createTorch({ backend, profile: "torch@2.13" });
const logits = tensor(data, { shape: [2, 3], requires_grad: true });
const criterion = new nn.CrossEntropyLoss({ label_smoothing: 0.1 });
const loss = criterion(logits, labels);
loss.backward();
console.log(loss.item(), logits.grad?.tolist());

// Value and gradient in one call, written to your own array.
const input = new Float32Array(6);
const { value } = valueAndGrad(criterion, { out: { input } })(logits, labels);
console.log(value.item(), input);

// Keras's words, as Keras 3.15 computes them.
const { losses } = createKeras({ backend, profile: "keras@3.15" });
const sparse = new losses.SparseCategoricalCrossentropy({ from_logits: true });
console.log(sparse(labels, logits).item(), sparse(labels, logits, { sample_weight: [1, 0] }).item());
