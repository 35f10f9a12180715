/** What every root script needs first: pnpm of the pinned version and the installed packages, without anything but Node and npm. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, ".cache");
const stamp = join(root, "node_modules", ".isoloss-setup");
const windows = process.platform === "win32";

/** Runs a command in the root and returns its exit status; the command's output is the terminal's. */
export function run(command, args, { env = {}, quiet = false } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...environment, ...env },
    stdio: ["ignore", quiet ? "ignore" : "inherit", "inherit"],
    shell: windows,
  });
  if (error) throw error;
  return status ?? 1;
}

/** Runs a command and ends this process with the command's status when it fails. */
export function must(command, args, options) {
  const status = run(command, args, options);
  if (status !== 0) process.exit(status);
}

/** Finds or fetches pnpm, then installs what the lockfile says unless that is what is installed already. */
export function prepare() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    console.error(`isoloss needs Node 20 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  useLocalPnpm();
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Installing the packages of the lockfile …");
  must("pnpm", ["install", "--frozen-lockfile", "--reporter=append-only"], { quiet: true });
  writeFileSync(stamp, wanted);
}

/** Environment of every command: local commands on the path, no telemetry, no question that waits for an answer. */
const environment = {
  CI: process.env.CI ?? "true",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
};

/** Puts pnpm of the pinned version in front of the path: turbo calls it by name. */
function useLocalPnpm() {
  const pin = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;
  const version = pin.split("@")[1];
  const found = spawnSync("pnpm", ["--version"], { cwd: root, encoding: "utf8", shell: windows });
  if (found.status === 0 && found.stdout.trim() === version) return;
  const prefix = join(cache, `pnpm-${version}`);
  const bin = join(prefix, "node_modules", ".bin");
  environment.PATH = [bin, environment.PATH].join(delimiter);
  if (existsSync(join(bin, windows ? "pnpm.cmd" : "pnpm"))) return;
  console.log(`Fetching ${pin} into .cache …`);
  mkdirSync(prefix, { recursive: true });
  must("npm", ["install", "--prefix", prefix, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", pin]);
}

/** A digest of everything that decides what is installed. */
function fingerprint() {
  const folders = ["packages", "examples"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  const manifests = [".", "tests", "tests/browser", "benchmarks", ...folders]
    .map((folder) => join(root, folder, "package.json"))
    .filter((file) => existsSync(file));
  const hash = createHash("sha256").update(process.version);
  for (const file of [join(root, "pnpm-lock.yaml"), join(root, "pnpm-workspace.yaml"), ...manifests]) {
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}
