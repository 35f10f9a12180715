import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";

const backend = createCpuBackend();
const { nn } = createTorch({ backend, profile: "torch@2.13" });
const { losses } = createKeras({ backend, profile: "keras@3.15" });

const logits = [
  [2, 1, 0],
  [0, 1, 2],
  [1, 0, 1],
];
const labels = [0, 2, -1]; // the last row is padding

// PyTorch → Keras: the options change their names, the arguments their order, and "mean" its edge cases.
const torchLoss = new nn.CrossEntropyLoss({ ignore_index: -1 })(logits, labels);
const kerasLoss = new losses.SparseCategoricalCrossentropy({ from_logits: true, ignore_class: -1 })(labels, logits);
console.log(torchLoss.item(), kerasLoss.item()); // equal; with every row ignored PyTorch gives NaN, Keras 0

// Keras → PyTorch: Keras averages the last axis before it sums, PyTorch has no such axis.
const zeros = logits.map((row) => row.map(() => 0));
const kerasSum = new losses.MeanSquaredError({ reduction: "sum" })(zeros, logits);
const torchSum = new nn.MSELoss({ reduction: "sum" })(logits, zeros);
console.log(torchSum.item(), kerasSum.item() * 3); // equal: the last axis has 3 elements
