/** Names as users write them: in a framework's own snake_case or in camelCase, and what an unknown one may have meant. */
import { LossError } from "./errors.ts";

/** "label_smoothing" → "labelSmoothing". */
export type Camel<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S;
/** An options object whose names may be spelled either way. */
export type Spelled<O extends object> = O & {
  readonly [K in keyof O as K extends string ? Camel<K> : never]?: O[K];
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The known name that a spelling means; the spelling itself where it means none. */
export function spelled(name: string, known: (name: string) => boolean): string {
  if (known(name)) return name;
  const own = snake(name);
  return known(own) ? own : name;
}

/** An options object in the framework's own spelling. Refuses a name that is given in both. */
export function inOwnWords(given: object, known: (name: string) => boolean): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const word = spelled(name, known);
    if (Object.hasOwn(own, word)) throw new LossError("option", `'${word}' is given twice, also as '${name}'`);
    own[word] = value;
  }
  return own;
}

/** Options of a fixed set of names. Refuses any other. */
export function onlyOptions<O extends object>(given: Spelled<O>, names: readonly (keyof O & string)[]): O {
  const own = inOwnWords(given, (name) => (names as readonly string[]).includes(name));
  refuseUnknown(own, names, "unexpected option");
  return own as O;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++)
    row = row.reduce<number[]>((next, _, j) => {
      if (j === 0) return [i];
      const replace = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] as number) + 1, (next[j - 1] as number) + 1));
      return next;
    }, []);
  return row[b.length] as number;
}
/** The name that was meant, if one is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const furthest = (k: string): number => Math.max(2, Math.floor(k.length / 3));
  const near = known
    .filter((k) => Math.abs(k.length - name.length) <= furthest(k))
    .map((k) => ({ k, d: distance(name.toLowerCase(), k.toLowerCase()) }))
    .filter(({ d, k }) => d <= furthest(k))
    .sort((a, b) => a.d - b.d)[0];
  return near ? ` Did you mean '${near.k}'?` : "";
}

/** Refuses a name that is not known. `what`: of what kind it is; `hint` may know more of it. */
export function refuseUnknown(
  given: object,
  known: readonly string[],
  what: string,
  hint: (name: string) => string = () => "",
): void {
  for (const name of Object.keys(given))
    if (!known.includes(name))
      throw new LossError("option", `${what} '${name}'.${hint(name) || didYouMean(name, known)}`);
}
