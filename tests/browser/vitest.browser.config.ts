/** The tests that need a Chromium: `pnpm --filter @isoloss/tests-browser test:browser`. */
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { findChromium, flags, vulkanBeside } from "./chromium.ts";

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };
const executablePath = await findChromium();
const conditions = (environment: "browser" | "node") => ({
  conditions: ["@isoloss/source", "module", environment, "development|production"],
});

export default defineConfig({
  root: import.meta.dirname,
  test: {
    fileParallelism: false,
    projects: [
      {
        resolve: conditions("browser"),
        optimizeDeps: { exclude: ["onnxruntime-web"] },
        test: {
          name: "chromium",
          include: [process.env["ISOLOSS_MEASURE"] ? "measure/**/*.test.ts" : "src/**/*.test.ts"],
          ...timeouts,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath, args: [...flags] } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        resolve: conditions("node"),
        ssr: { resolve: conditions("node") },
        test: {
          name: "node",
          include: ["native/**/*.test.ts"],
          ...timeouts,
          pool: "forks",
          env: vulkanBeside(executablePath),
        },
      },
    ],
  },
});
