/** Functions of the assembler in the WebAssembly text format. */
import { type Fn, immediates } from "./assembler.ts";
import { type Instruction, instructions } from "./instructions.ts";

/** A function, an instruction a line. */
export function functionText({ name, parameters, locals, list }: Fn): string {
  const lines: string[] = [`(func $${name}${" (param i32)".repeat(parameters)}`];
  if (locals.length) lines.push(`  (local ${locals.join(" ")})`);
  let depth = 1;
  for (let i = 0; i < list.length; ) {
    const instruction = list[i] as Instruction;
    const next = i + 1 + immediates[instructions[instruction].immediate];
    if (instruction === "end" || instruction === "else") depth--;
    lines.push(`${"  ".repeat(depth)}${list.slice(i, next).join(" ")}`);
    i = next;
    if (instruction === "block" || instruction === "loop" || instruction === "if" || instruction === "else") depth++;
  }
  return `${lines.join("\n")})`;
}
