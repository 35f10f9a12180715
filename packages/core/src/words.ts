/** Names in two spellings: a framework's own snake_case, and the camelCase that JavaScript expects. */
import { refuseUnknown } from "./contract.ts";
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
