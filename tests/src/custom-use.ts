import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { focal } from "./custom-focal.ts";

const backend = createCpuBackend();
const torch = createTorch({ backend, profile: "torch@2.13" });
const keras = createKeras({ backend, profile: "keras@3.15" });

// A class and a function, as PyTorch has them.
const { Loss: FocalLoss, loss: focal_loss } = torch.custom(focal);
const logits = torch.tensor(Float32Array.of(2, 0, 0, 0, 0, 1), { shape: [2, 3], requires_grad: true });
const labels = Int32Array.of(0, 2);
const loss = new FocalLoss({ gamma: 1.5 })(logits, labels);
loss.backward();
export const torchStyle = {
  loss: loss.item(),
  gradient: logits.grad?.tolist(),
  rows: focal_loss(logits, labels, { gamma: 1.5, reduction: "none" }).tolist(),
};

// The same in Keras's words, with a weight for each sample.
const { Loss: Focal } = keras.custom(focal);
const criterion = new Focal({ gamma: 1.5 });
const { value, grads } = keras.valueAndGrad(criterion)(logits, labels, { sample_weight: [1, 2] });
export const kerasStyle = { loss: value.item(), gradient: grads.logits.tolist() };
