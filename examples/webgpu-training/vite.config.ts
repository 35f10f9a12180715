/** Serves the example from the sources of this repository. */
import { defineConfig } from "vite";

export default defineConfig({
  resolve: { conditions: ["@isoloss/source", "module", "browser", "development|production"] },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
});
