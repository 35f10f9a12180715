/** Tables: drawn on a terminal, as wide as it is at most; plain text with tabs in between when piped. */
import Table from "cli-table3";

const NARROWEST = 8;
const widest = (list: readonly number[]): number => list.indexOf(Math.max(...list));

/** The widths of columns, borders included, that fit into a terminal: the widest give first. */
function widthsFor(rows: readonly (readonly string[])[], columns: number): number[] {
  const count = Math.max(...rows.map((r) => r.length));
  const widths = Array.from({ length: count }, (_, i) => 2 + Math.max(...rows.map((r) => (r[i] ?? "").length)));
  const total = (): number => widths.reduce((a, b) => a + b, count + 1);
  while (total() > columns && Math.max(...widths) > NARROWEST) {
    const i = widest(widths);
    widths[i] = (widths[i] as number) - 1;
  }
  return widths;
}

export interface Terminal {
  /** Whether the table is drawn. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { isTTY, columns = 80 }: Terminal = process.stdout,
): string {
  if (isTTY !== true) return [head, ...rows].map((r) => r.join("\t")).join("\n");
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colWidths: widthsFor([head, ...rows], columns),
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  table.push(...rows.map((r) => [...r]));
  return table.toString();
}
