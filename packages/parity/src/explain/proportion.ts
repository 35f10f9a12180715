/** Whether one system is the other times a number, plus a number. */
import type { Difference, Side } from "./explanation.ts";

/** One factor and one offset between the values, on nearly every input. */
export function proportion(
  a: Side,
  b: Side,
  va: readonly (number[] | undefined)[],
  vb: readonly (number[] | undefined)[],
): Difference[] {
  const pairs = va.flatMap((v, i) => {
    const w = vb[i];
    return v?.length === 1 && w?.length === 1 && Number.isFinite(v[0]) && Number.isFinite(w[0])
      ? [[v[0] as number, w[0] as number] as const]
      : [];
  });
  const fits = (k: number, c: number): number =>
    pairs.filter(([x, y]) => Math.abs(x - (k * y + c)) <= 1e-3 * Math.max(1e-3, Math.abs(x))).length;
  const [p, q] = pairs.filter(([, y]) => Math.abs(y) > 1e-4);
  if (!p || !q || pairs.length < 4) return [];
  const slope = (p[0] - q[0]) / (p[1] - q[1]);
  const rounded = (x: number): number => Number(x.toPrecision(3));
  const candidates = [
    { k: p[0] / p[1], c: 0 },
    { k: rounded(slope), c: Math.round(p[0] - slope * p[1]) },
  ];
  const found = candidates.find(({ k, c }) => Number.isFinite(k) && k !== 0 && fits(k, c) >= 0.8 * pairs.length);
  if (!found || (Math.abs(found.k - 1) < 1e-3 && found.c === 0)) return [];
  const { k, c } = found;
  const factor = Math.abs(k - 1) < 1e-3 ? "" : `${Number(k.toPrecision(5))} * `;
  return [
    {
      aspect: k < 0 ? "sign" : "scale",
      text: `${a.label} = ${c === 0 ? "" : `${c} + `}${factor}${b.label} on ${fits(k, c)} of ${pairs.length} inputs`,
      where: "values of both graphs",
      share: fits(k, c) / pairs.length,
    },
  ];
}
