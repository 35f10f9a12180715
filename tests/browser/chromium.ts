/** Finds a Chromium for the browser tests, or installs one, and says which. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { chromium } from "playwright";

const usual = [
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

const first = (paths: readonly string[]): string | undefined => paths.find((path) => existsSync(path));

/** Runs a command until it succeeds: the archives of a distribution, and networks, have bad moments. */
async function insist(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string | undefined> {
  let problem: string | undefined;
  for (const pause of [5, 20, undefined]) {
    const { status, error, stderr } = spawnSync(command, args, {
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    if (status === 0) return undefined;
    const said = error?.message ?? stderr.trim().split("\n").slice(-3).join("; ");
    problem = `${[command, ...args].join(" ")}: ${said || `exit status ${status}`}`;
    console.log(problem);
    if (pause !== undefined) await setTimeout(1000 * pause);
  }
  return problem;
}

/** Installs the distribution's Chromium where the system can (Debian as root), else fetches Playwright's. Gives what went wrong. */
async function install(own: string): Promise<string[]> {
  const problems: (string | undefined)[] = [];
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("No Chromium here: installing Debian's with apt-get");
    const apt = (...args: readonly string[]) =>
      insist("apt-get", ["-q", ...args], { DEBIAN_FRONTEND: "noninteractive" });
    // Old lists may know the package still, so what counts is whether it can be installed.
    const update = await apt("update");
    const installed = await apt("install", "-y", "--no-install-recommends", "chromium");
    if (installed === undefined) return [];
    problems.push(update, installed);
  }
  console.log(`No Chromium here: installing Playwright's into ${dirname(own)}`);
  const cli = join(dirname(createRequire(import.meta.url).resolve("playwright/package.json")), "cli.js");
  problems.push(await insist(process.execPath, [cli, "install", "chromium", "--no-shell"]));
  return problems.filter((p) => p !== undefined);
}

/** The version of a browser, once it has been started and has told it. */
async function versionOf(executablePath: string): Promise<string> {
  const browser = await chromium.launch({ executablePath, args: [...flags] });
  const version = browser.version();
  await browser.close();
  return version;
}

/** The path of a Chromium that starts: that of CHROMIUM_PATH, or an installed one; one is installed if need be. */
export async function findChromium(): Promise<string> {
  const own = chromium.executablePath();
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && !existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist`);
  const candidates = named === undefined ? [...usual, own] : [named];
  const problems = first(candidates) ? [] : await install(own);
  for (const path of candidates.filter((candidate) => existsSync(candidate)))
    try {
      console.log(`Browser tests run in ${path}, version ${await versionOf(path)}`);
      return path;
    } catch (e) {
      problems.push(`${path} does not start: ${(e as Error).message.split("\n").slice(0, 3).join(" ")}`);
    }
  throw new Error(
    `the browser tests need a Chromium: set CHROMIUM_PATH to one. None could be found and started:\n${problems.join("\n")}`,
  );
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
  return {
    VK_ICD_FILENAMES: driver,
    LD_LIBRARY_PATH: [dirname(driver), ...(libraries ? [libraries] : [])].join(delimiter),
  };
}
