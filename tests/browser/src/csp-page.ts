/** A loss with its gradient on the CPU backend: runs in the test's page, and in one whose policy forbids code from data. */
import { createCpuBackend } from "@isoloss/backend-cpu";
import { constant, grad, input, logSoftmax, mean, neg, pick, program } from "@isoloss/core";

export interface Report {
  readonly engine: string;
  readonly outputs: readonly (readonly number[])[];
  /** What the policy of the page forbids. */
  readonly forbidden: readonly string[];
}

export function report(): Report {
  const [N, C] = [37, 10];
  const x = input("x", ["0", "C"], "float32");
  const loss = mean(neg(pick(logSoftmax(x, "C"), "C", input("label", ["0"], "int32"))), "0");
  const p = program([loss, ...grad(loss, [x], constant(1, "float32"))], ["0", "C"]);
  const logits = Float32Array.from({ length: N * C }, (_, i) => 4 * Math.sin(7 * i));
  const labels = Int32Array.from({ length: N }, (_, i) => (3 * i) % C);
  const backend = createCpuBackend();
  const feeds = p.inputs.map((port) => (port.name === "x" ? logits : labels));
  const outputs = backend.compile(p).run(feeds, [N, C], p.parameters);
  return { engine: backend.engine, outputs: outputs.map((o) => Array.from(o as Float32Array)), forbidden: forbidden() };
}

function forbidden(): string[] {
  const attempts: Readonly<Record<string, () => unknown>> = {
    eval: () => new Function("return 1")(),
    wasm: () => new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
  };
  return Object.entries(attempts).flatMap(([name, attempt]) => {
    try {
      attempt();
      return [];
    } catch {
      return [name];
    }
  });
}
