/** Finds a Chromium for the browser tests, or installs one, and says which. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** WebGPU also where there is no GPU: then it is SwiftShader. */
export const flags: readonly string[] = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-webgpu",
];

/** The path of a Chromium: that of CHROMIUM_PATH, an installed one, or Playwright's, which is fetched if need be. */
export function findChromium(): string {
  const own = chromium.executablePath();
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && !existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist`);
  const found = [named, ...installed, own].find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) {
    console.log(`Browser tests run in ${found}`);
    return found;
  }
  console.log(`No Chromium here: installing Playwright's into ${dirname(own)}`);
  const cli = join(dirname(createRequire(import.meta.url).resolve("playwright/package.json")), "cli.js");
  spawnSync(process.execPath, [cli, "install", "chromium", "--no-shell"], { stdio: "inherit" });
  if (!existsSync(own))
    throw new Error(
      "no Chromium was found and none could be installed: set CHROMIUM_PATH to one, the browser tests need it",
    );
  return own;
}
