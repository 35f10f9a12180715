/** The sources in which a system's text may be read: its call with the tensors left open, one for each form. */
import { formsOf, tensorOptions } from "./forms.ts";
import type { Source } from "./probes.ts";
import type { LossCall, System } from "./system.ts";

/** The sources in which a system may be read: one for each form of its call. */
export function sourcesOfSystem({ call, inputs }: System): Source[] {
  const fixed = Object.fromEntries(
    Object.entries(inputs).flatMap(([name, e]) => {
      if (e.kind === "literal" && typeof e.value === "number") return [[name, e.value] as const];
      if (e.kind === "negate" && e.of.kind === "literal" && typeof e.of.value === "number")
        return [[name, -e.of.value] as const];
      return [];
    }),
  );
  const given = Object.keys(inputs);
  return formsOf(call, given)
    .filter((form) => form.labels.every((name) => fixed[name] === undefined))
    .map((form) => ({ call: opened(call), form, fixed }));
}
/** The call with its tensors left open: what is said of it holds for all tensors of their shapes. */
function opened(call: LossCall): LossCall {
  const names = Object.keys(tensorOptions(call));
  const given = Object.fromEntries(Object.entries(call.given).filter(([n]) => !names.includes(n)));
  return { ...call, given, open: [...call.open, ...names] };
}
