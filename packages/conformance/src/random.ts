/** A small deterministic generator (mulberry32): a failure is reproduced by its seed. */
export interface Random {
  /** In [0, 1). */
  unit(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
  of<T>(list: readonly T[]): T;
}

export function random(seed: number): Random {
  let a = seed >>> 0;
  const unit = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(unit() * n);
  return { unit, below, of: (list) => list[below(list.length)] as never };
}

/** A seed from a name, so that a case has the same values wherever it runs and whatever other cases there are. */
export function seedOf(name: string): number {
  let h = 2166136261; // FNV-1a
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 16777619);
  return h >>> 0;
}
