/** The published packages as tarballs: what the tests of packaging look at. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, from `src` and from `dist`. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Name, folder and manifest of every package that is published. */
export interface Published {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Lists the packages under `packages/`. */
export function published(): Published[] {
  return readdirSync(join(root, "packages")).map((entry) => {
    const folder = join(root, "packages", entry);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    return { name: String(manifest["name"]), folder, manifest };
  });
}

/** Packs the named packages as `pnpm publish` would and returns each tarball's path by the package's name. */
export function pack(names: readonly string[], destination: string): ReadonlyMap<string, string> {
  return new Map(
    published()
      .filter(({ name }) => names.includes(name))
      .map(({ name, folder, manifest }) => {
        execFileSync("pnpm", ["pack", "--pack-destination", destination], { cwd: folder, stdio: "pipe" });
        const file = `${name.replace("@", "").replace("/", "-")}-${String(manifest["version"])}.tgz`;
        return [name, join(destination, file)];
      }),
  );
}
