// Ten lines of a user's own: compiled and run in an empty folder where the packed tarballs are installed.
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";

const { nn, tensor } = createTorch({ backend: createCpuBackend(), profile: "torch@2.13" });
const logits = tensor(Float32Array.of(2, 1, 0, 0, 1, 2), { shape: [2, 3], requires_grad: true });
const loss = new nn.CrossEntropyLoss({ label_smoothing: 0.1 })(logits, Int32Array.of(0, 2));
loss.backward();
const places = (_: string, x: unknown) => (typeof x === "number" ? Number(x.toFixed(5)) : x);
console.log(JSON.stringify({ loss: loss.item(), gradient: logits.grad?.tolist() }, places));
