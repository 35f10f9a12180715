/** What a style gives its user: its losses by name, and what works on all of them. */
import type { Mode } from "./backend.ts";
import type { Calls, Style } from "./callable.ts";
import { DISPOSE, type PublicEntries } from "./members.ts";
import { type ValueAndGradSettings, valueAndGradOf } from "./value-and-grad.ts";

/** Puts a surface together. `groups`: its losses under the names of their namespaces; each is also there by its own name. */
export function surfaceOf<M extends Mode>(
  entries: PublicEntries,
  profile: string,
  style: Style<M>,
  groups: Readonly<Record<string, object>>,
  more: object = {},
): object {
  const { engine } = style;
  const dispose = () => engine.dispose();
  const surface: Record<string | symbol, unknown> = {
    profile,
    ...groups,
    ...more,
    valueAndGrad: (loss: Calls<M>, settings?: ValueAndGradSettings<string>) => valueAndGradOf(engine, loss, settings),
    dispose,
    [DISPOSE]: dispose,
  };
  for (const [name, entry] of Object.entries(entries))
    if (entry.as === "part") surface[name] = entry.in(style, profile);
  for (const members of Object.values(groups))
    Object.defineProperties(surface, Object.getOwnPropertyDescriptors(members));
  return surface;
}
