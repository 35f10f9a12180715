/** The report of `parity --all` as one HTML file: the table, and curves drawn by uPlot, which is in the file. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AllReport } from "./run-all.ts";
import { allHeading, allRows, summaryOf } from "./tables.ts";

const inHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
/** JSON that a script element can hold. */
const embedded = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

const style = `
:root { color-scheme: light; --line: #d8dce2; --soft: #f4f6f8; --good: #0b6b3a; --bad: #a1260d; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 80rem; color: #1c2024; background: #fff; }
h1 { font-size: 1.4rem; margin: 0.5rem 0; }
h2 { font-size: 1rem; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
label { display: block; margin: 1rem 0 0.5rem; }
input { font: inherit; padding: 0.35rem 0.5rem; border: 1px solid var(--line); border-radius: 4px; width: min(24rem, 100%); }
.table { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; max-height: 32rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; }
th, td { text-align: left; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { position: sticky; top: 0; background: var(--soft); }
td:nth-child(2) { font-family: ui-monospace, monospace; white-space: nowrap; }
@media (max-width: 45rem) { td:nth-child(2) { white-space: normal; overflow-wrap: anywhere; min-width: 8rem; } th, td { padding: 0.25rem 0.35rem; } }
.agrees { color: var(--good); } .differs { color: var(--bad); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem; margin-top: 1.5rem; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem; min-width: 0; }
figcaption { font-size: 0.8rem; color: #555; }
figure .loss, figure .gradient { min-height: 18rem; }
.u-title { font-size: 0.85rem; }
.uplot { width: 100% !important; } .u-legend { font-size: 0.75rem; }
`;

const script = `
const colours = ["#1f5fbf", "#d1495b", "#2a8c55", "#8a5cc2", "#b7791f"];
const dashes = [[], [6, 4], [2, 3], [8, 3, 2, 3], [1, 3]];
const short = (v) => (v === null ? "" : Math.abs(v) >= 1e5 || (v !== 0 && Math.abs(v) < 1e-3) ? v.toExponential(0) : String(Number(v.toPrecision(4))));
// what is constant but for rounding is drawn as a line, not as noise
const range = (_, low, high) => {
  const least = Math.max(1e-3, 1e-2 * Math.max(Math.abs(low), Math.abs(high)));
  const room = Math.max(0.05 * (high - low), (least - (high - low)) / 2);
  return [low - room, high + room];
};
const draw = (host, curve, kind, title) => {
  const series = [{ label: curve.label }, ...curve.series.map((s, i) => ({ label: s.name, stroke: colours[i % 5], width: 3 - Math.min(i, 1) * 1.25, dash: dashes[i % 5] }))];
  const width = () => Math.max(220, host.clientWidth);
  const plot = new uPlot({ title, width: width(), height: 220, scales: { x: { time: false }, y: { range } }, series, axes: [{}, { size: 64, values: (_, ticks) => ticks.map(short) }] }, [curve.x, ...curve.series.map((s) => s[kind])], host);
  new ResizeObserver(() => plot.setSize({ width: width(), height: 220 })).observe(host);
};
const show = new IntersectionObserver((entries) => {
  for (const e of entries) {
    if (!e.isIntersecting || e.target.dataset.drawn) continue;
    e.target.dataset.drawn = "1";
    const curve = curves[Number(e.target.dataset.row)];
    draw(e.target.querySelector(".loss"), curve, "loss", "loss");
    draw(e.target.querySelector(".gradient"), curve, "gradient", "gradient");
  }
}, { rootMargin: "400px" });
document.querySelectorAll("figure").forEach((f) => show.observe(f));
const filter = document.querySelector("#filter");
filter.addEventListener("input", () => {
  const word = filter.value.toLowerCase();
  document.querySelectorAll("tbody tr, figure").forEach((e) => { e.hidden = !e.textContent.toLowerCase().includes(word) });
});
`;

/** The report as a file that needs nothing beside it. */
export function allHtml(r: AllReport): string {
  const require = createRequire(import.meta.url);
  const asset = (name: string): string => readFileSync(require.resolve(`uplot/dist/${name}`), "utf8");
  const plotted = r.rows.filter((row) => row.curve);
  const rows = allRows(r).map((cells) => {
    const kind = cells[3] === "agrees" ? "agrees" : "differs";
    return `<tr>${cells.map((c, i) => `<td${i === 3 ? ` class="${kind}"` : ""}>${inHtml(c)}</td>`).join("")}</tr>`;
  });
  const figures = plotted.map(
    (row, i) =>
      `<figure data-row="${i}"><h2>${inHtml(row.profile)} ${inHtml(row.call)}</h2><div class="loss"></div><div class="gradient"></div>` +
      `<figcaption>${row.curve?.series.length} systems laid over one another, as ${inHtml(row.curve?.label ?? "")} moves</figcaption></figure>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>isoloss parity</title><style>${asset("uPlot.min.css")}${style}</style></head>
<body><h1>Parity</h1><p>${inHtml(summaryOf(r))}. Differences are the largest found: in units in the last place of float32, and relatively.</p>
<label>Show only <input id="filter" placeholder="a release or a loss"></label>
<div class="table"><table><thead><tr>${allHeading.map((h) => `<th>${h}</th>`).join("")}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>
<div class="plots">
${figures.join("\n")}
</div>
<script>${asset("uPlot.iife.min.js").replaceAll("</script", "<\\/script")}</script>
<script>const curves = ${embedded(plotted.map((row) => row.curve))};${script}</script>
</body></html>
`;
}
