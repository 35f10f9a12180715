/** Code that a Markdown page shows and that is a file here: "```ts file=tests/src/x.ts". */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const text = (path: string): string => readFileSync(join(root, path), "utf8");

/** The embedded files of a page: what it shows, and what the file has. */
export function embedded(page: string): { file: string; shown: string; source: string }[] {
  return [...text(page).matchAll(/^```ts file=(\S+)\n(.*?)^```$/gms)].map(([, file = "", shown = ""]) => ({
    file,
    shown,
    source: text(file),
  }));
}
