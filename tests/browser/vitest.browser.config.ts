/** The tests that run inside Chromium: `pnpm --filter @isoloss/tests-browser test:browser`. */
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { findChromium, flags } from "./chromium.ts";

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ["@isoloss/source", "module", "browser", "development|production"] },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  test: {
    include: ["src/**/*.test.ts"],
    testTimeout: 60_000,
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: findChromium(), args: [...flags] } }),
      instances: [{ browser: "chromium" }],
    },
  },
});
