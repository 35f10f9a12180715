/// <reference lib="esnext.disposable" preserve="true" />
/** What a style gives its user: its losses by name, and what works on all of them. */
import type { Backend, Mode } from "./backend.ts";
import type { Calls, MakeLoss, Style } from "./callable.ts";
import { createEngine } from "./engine.ts";
import { membersOf, type PublicEntries, type PublicLoss } from "./members.ts";
import { type ValueAndGradFunction, type ValueAndGradSettings, valueAndGradOf } from "./value-and-grad.ts";

/** What a surface is made for. */
export interface SurfaceOptions<M extends Mode> {
  /** What runs the losses. With one that makes promises, every call makes one. */
  readonly backend: Backend<M>;
  /** The release whose behaviour is meant. */
  readonly profile: string;
  /** Hears of the framework's warnings, each once an instance or function. */
  readonly onWarning?: (text: string) => void;
}
/** What every surface has. `Others`: the inputs of its losses that are no predictions. */
export interface Surface<M extends Mode, Others extends string> {
  readonly profile: string;
  /** The predictions are differentiated unless told otherwise. */
  readonly valueAndGrad: ValueAndGradFunction<M, Others>;
  /** Frees what was compiled; the backend stays its owner's. */
  dispose(): void;
  [Symbol.dispose](): void;
}
/** What an adapter says of its own. */
export interface SurfaceParts<M extends Mode> {
  readonly isPrediction: Style<M>["isPrediction"];
  readonly make: MakeLoss<M>;
  /** The namespaces, and of which kind the losses in each are. */
  readonly groups: Readonly<Record<string, readonly PublicLoss["as"][]>>;
  readonly more?: object;
}

/** `Symbol.dispose`, also where the runtime has none yet. */
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** Puts a surface together. Each loss is in its namespace, and there by its own name. */
export function surfaceOf<M extends Mode>(
  { backend, profile, onWarning }: SurfaceOptions<M>,
  entries: PublicEntries,
  { isPrediction, make, groups, more }: SurfaceParts<M>,
): object {
  const engine = createEngine(backend);
  const style: Style<M> = { engine, onWarning, isPrediction };
  const dispose = () => engine.dispose();
  const surface: Record<string | symbol, unknown> = {
    profile,
    ...more,
    valueAndGrad: (loss: Calls<M>, settings?: ValueAndGradSettings<string>) => valueAndGradOf(engine, loss, settings),
    dispose,
    [DISPOSE]: dispose,
  };
  for (const [name, entry] of Object.entries(entries))
    if (entry.as === "part") surface[name] = entry.in(style, profile);
  for (const [name, kinds] of Object.entries(groups)) {
    const members = membersOf(entries, profile, style, make, kinds);
    surface[name] = members;
    Object.defineProperties(surface, Object.getOwnPropertyDescriptors(members));
  }
  return surface;
}
