/** Finds a Chromium for the browser tests, or installs one, and says which. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
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
  // Leaks are measured after a collection.
  "--js-flags=--expose-gc",
  "--enable-precise-memory-info",
];

const first = (paths: readonly (string | undefined)[]): string | undefined =>
  paths.find((path) => path !== undefined && existsSync(path));

/** Installs the distribution's Chromium where the system can (Debian as root), or fetches Playwright's. */
function install(own: string): void {
  const isDebian = process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (isDebian) {
    console.log("No Chromium here: installing Debian's with apt-get");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]])
      spawnSync("apt-get", ["-q", ...args], { stdio: ["ignore", "ignore", "inherit"], env });
    if (first(installed)) return;
  }
  console.log(`No Chromium here: installing Playwright's into ${dirname(own)}`);
  const cli = join(dirname(createRequire(import.meta.url).resolve("playwright/package.json")), "cli.js");
  spawnSync(process.execPath, [cli, "install", "chromium", "--no-shell"], { stdio: "inherit" });
}

/**
 * For Vulkan in Node: the loader and the SwiftShader that lie beside a Chromium on Linux, as environment variables for a
 * process to be started with. None where they do not lie there, or where the environment says already which driver to take.
 */
export function vulkanBeside(executable: string): Readonly<Record<string, string>> {
  const { VK_ICD_FILENAMES: chosen, LD_LIBRARY_PATH: libraries } = process.env;
  const folders = [dirname(executable), "/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];
  const driver = first(folders.map((folder) => join(folder, "vk_swiftshader_icd.json")));
  if (process.platform !== "linux" || chosen !== undefined || driver === undefined) return {};
  return { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: [dirname(driver), libraries ?? ""].join(delimiter) };
}

/** The path of a Chromium: that of CHROMIUM_PATH, or an installed one; one is installed if need be. */
export function findChromium(): string {
  const own = chromium.executablePath();
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && !existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist`);
  const candidates = [named, ...installed, own];
  if (!first(candidates)) install(own);
  const found = first(candidates);
  if (found === undefined)
    throw new Error(
      "no Chromium was found and none could be installed: set CHROMIUM_PATH to one, the browser tests need it",
    );
  console.log(`Browser tests run in ${found}`);
  return found;
}
