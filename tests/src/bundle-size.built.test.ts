/** What a page pays: the built packages, bundled for a browser, minified and gzipped, each against its budget. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** Bytes. Frozen at what was measured, with little room: a change that needs more says why in its commit. */
const budgets: Readonly<Record<string, { readonly code: string; readonly budget: number }>> = {
  "one loss: createTorchWith, CrossEntropyLoss, the CPU backend": {
    code: `import { createTorchWith, CrossEntropyLoss } from "@isoloss/adapter-torch-style";
      import { createCpuBackend } from "@isoloss/backend-cpu";
      console.log(createTorchWith({ backend: createCpuBackend(), profile: "torch@2" }, { CrossEntropyLoss }));`,
    budget: 43_750,
  },
  "one loss: createTorchWith, CrossEntropyLoss, WebAssembly alone": {
    code: `import { createTorchWith, CrossEntropyLoss } from "@isoloss/adapter-torch-style";
      import { createWasmBackend } from "@isoloss/backend-cpu";
      console.log(createTorchWith({ backend: createWasmBackend(), profile: "torch@2" }, { CrossEntropyLoss }));`,
    budget: 39_900,
  },
  "every loss of PyTorch, the CPU backend": {
    code: `import { createTorch } from "@isoloss/adapter-torch-style";
      import { createCpuBackend } from "@isoloss/backend-cpu";
      console.log(createTorch({ backend: createCpuBackend(), profile: "torch@2" }));`,
    budget: 53_650,
  },
  "one loss: createKerasWith, BinaryCrossentropy, the CPU backend": {
    code: `import { BinaryCrossentropy, createKerasWith } from "@isoloss/adapter-keras-style";
      import { createCpuBackend } from "@isoloss/backend-cpu";
      console.log(createKerasWith({ backend: createCpuBackend(), profile: "keras@3" }, { BinaryCrossentropy }));`,
    budget: 41_950,
  },
  "every loss of Keras, the CPU backend": {
    code: `import { createKeras } from "@isoloss/adapter-keras-style";
      import { createCpuBackend } from "@isoloss/backend-cpu";
      console.log(createKeras({ backend: createCpuBackend(), profile: "keras@3" }));`,
    budget: 51_500,
  },
  "core and the adapter for one loss of PyTorch: MSELoss": {
    code: `import { createTorchWith, MSELoss } from "@isoloss/adapter-torch-style"; console.log(createTorchWith, MSELoss);`,
    budget: 16_800,
  },
  "core and the adapter for one loss of Keras: BinaryCrossentropy": {
    code: `import { BinaryCrossentropy, createKerasWith } from "@isoloss/adapter-keras-style"; console.log(createKerasWith, BinaryCrossentropy);`,
    budget: 17_400,
  },
  "the CPU backend with the core it needs": {
    code: `import { createCpuBackend } from "@isoloss/backend-cpu"; console.log(createCpuBackend());`,
    budget: 26_950,
  },
  "createWasmBackend with the core it needs": {
    code: `import { createWasmBackend } from "@isoloss/backend-cpu"; console.log(createWasmBackend());`,
    budget: 22_950,
  },
  "createJsBackend with the core it needs": {
    code: `import { createJsBackend } from "@isoloss/backend-cpu"; console.log(createJsBackend());`,
    budget: 7_300,
  },
};

async function bundled(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(import.meta.dirname, "..") },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

describe("bundle size", () => {
  it.each(Object.entries(budgets))("%s", async (_, { code, budget }) => {
    const size = gzipSync(await bundled(code), { level: 9 }).length;
    expect(size).toBeGreaterThan(budget * 0.9); // a bundle that shrank so much holds something else, or the budget is stale
    expect(size).toBeLessThanOrEqual(budget);
  });
  it("one loss brings no record, no row and no definition of another", async () => {
    const code = `import { createTorchWith, CrossEntropyLoss } from "@isoloss/adapter-torch-style"; console.log(createTorchWith, CrossEntropyLoss);`;
    const text = await bundled(code);
    expect(text).toContain('"CrossEntropyLoss"');
    expect(text.match(/"NLLLoss"|"negative-log-likelihood"|"combination"/g)).toBeNull();
  });
});
