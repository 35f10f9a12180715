/** Names as users write them: in a framework's own snake_case or in camelCase, and what an unknown one may have meant. */
import { LossError } from "./errors.ts";

/** "label_smoothing" → "labelSmoothing". */
export type Camel<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S;
/** An options object whose names may be spelled either way. */
export type Spelled<O extends object> = O & {
  readonly [K in keyof O as K extends string ? Camel<K> : never]?: O[K];
};

const snake = (name: string): string => name.replace(/[A-Z]/g, "_$&").toLowerCase();

/** The known name that a spelling means; the spelling itself where it means none. */
export function spelled(name: string, known: (name: string) => boolean): string {
  const own = snake(name);
  return !known(name) && known(own) ? own : name;
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

/** How many letters must be put in, left out or replaced to make one word of another: one row of the table at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const letter of a.split("")) {
    const above = row;
    row = [(above[0] as number) + 1];
    for (let j = 0; j < b.length; j++)
      row.push(
        Math.min((above[j] as number) + Number(letter !== b[j]), (above[j + 1] as number) + 1, (row[j] as number) + 1),
      );
  }
  return row[b.length] as number;
}
/** The name that was meant, if one is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = known
    .map((k) => ({ k, d: distance(name.toLowerCase(), k.toLowerCase()) }))
    .filter(({ d, k }) => d <= Math.max(2, k.length / 3))
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
