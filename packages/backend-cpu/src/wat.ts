/** Functions of the assembler in the WebAssembly text format. */
import type { Fn } from "./assembler.ts";

/** A function, an instruction a line. */
export function functionText({ name, parameters, locals, list }: Fn): string {
  const lines: string[] = [`(func $${name}${" (param i32)".repeat(parameters)}`];
  if (locals.length) lines.push(`  (local ${locals.join(" ")})`);
  let depth = 1;
  for (const word of list) {
    if (typeof word === "number") {
      lines.push(`${lines.pop()} ${word}`);
      continue;
    }
    if (word === "end" || word === "else") depth--;
    lines.push("  ".repeat(depth) + word);
    if (word === "block" || word === "loop" || word === "if" || word === "else") depth++;
  }
  return `${lines.join("\n")})`;
}
