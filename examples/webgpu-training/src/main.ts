/** The page: trains and shows the loss. */
import * as ort from "onnxruntime-web/webgpu";
import { train } from "./train.ts";

const log = document.querySelector("#log") as HTMLElement;
const { accuracy } = await train({
  ort,
  steps: 100,
  onStep: (step, loss) => {
    if (step % 10 === 0) log.textContent += `step ${step}: loss ${loss.toFixed(4)}\n`;
  },
});
log.textContent += `accuracy ${(100 * accuracy).toFixed(1)} %\n`;
