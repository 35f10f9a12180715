/** Tables: drawn on a terminal, plain text with tabs in between when piped. */
import Table from "cli-table3";

export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  drawn = process.stdout.isTTY === true,
): string {
  if (!drawn) return [head, ...rows].map((r) => r.join("\t")).join("\n");
  const table = new Table({ head: [...head], wordWrap: true });
  table.push(...rows.map((r) => [...r]));
  return table.toString();
}
