/** A system of this project as a contestant: its call, on a backend. */
import { isLossError, type LossError } from "@isoloss/core";
import { evaluate } from "../call/evaluate.ts";
import type { CallEvaluator, Outcome, Tensors } from "../evaluate.ts";
import { type LossCall, lossCall, type System } from "../system.ts";
import type { Values } from "../tensor-expression.ts";
import { type Contestant, sameRole } from "./contestant.ts";

/** What answers a plain call: a backend of this project, or a framework elsewhere. */
export type Answers = CallEvaluator["run"];

/** The tensors that a system's call receives, of tensors that have other names; expressions are computed. */
export function argumentsOf(system: System, tensors: Tensors): Tensors {
  const { call, inputs, text } = system;
  const names = Object.keys(tensors);
  const out: Record<string, Values> = {};
  const applied = Object.keys(inputs).length > 0; // a text that names its tensors names all that it passes
  for (const name of [...Object.keys(call.contract.inputs), ...call.open]) {
    const written = inputs[name];
    const role = sameRole(name, names);
    if (written) {
      const known = (e: { kind: string; name?: string }) => {
        if (e.kind !== "name") return undefined;
        const own = sameRole(e.name as string, names);
        return own === undefined ? undefined : tensors[own];
      };
      const value = evaluate(written, tensors, text, known as Parameters<typeof evaluate>[3]);
      if (typeof value === "number") out[name] = filled(tensors, value);
      else if (!Array.isArray(value)) out[name] = value as Values;
    } else if (role !== undefined && !(applied && call.contract.inputs[name]?.optional))
      out[name] = tensors[role] as Values;
  }
  return out;
}
/** A number where a tensor stands: one for each row of the first tensor. */
const filled = (tensors: Tensors, x: number): Values => {
  const [first] = Object.values(tensors);
  const shape = first ? first.shape.slice(0, Math.max(1, first.shape.length - 1)) : [];
  return { dtype: "float32", shape, data: Array(shape.reduce((a, b) => a * b, 1)).fill(x) };
};

/** Whether the call's arguments are tensors as they come, so that their gradients are the system's. */
const plain = (system: System): boolean => Object.values(system.inputs).every((e) => e.kind === "name");

/** The arithmetic around a call, applied to its answer; gradients scale with it. */
function finish(system: System, outcome: Outcome, tensors: Tensors, names: readonly string[]): Outcome {
  if (outcome.refusal) return outcome;
  const own = Object.fromEntries(
    Object.entries(outcome.grads).flatMap(([name, g]) => {
      const written = system.inputs[name];
      const to = sameRole(written?.kind === "name" ? written.name : name, names);
      return to === undefined ? [] : [[to, g] as const];
    }),
  );
  if (!system.around) return { value: outcome.value, grads: own };
  const { expression, call } = system.around;
  const at = (value: Values): Values =>
    evaluate(expression, tensors, system.text, (e) => (e === call ? value : undefined)) as Values;
  const zero = at({ dtype: "float32", shape: [], data: [0] }).data[0] as number;
  const one = at({ dtype: "float32", shape: [], data: [1] }).data[0] as number;
  const grads = Object.entries(own).map(([n, g]) => [n, { ...g, data: g.data.map((x) => (one - zero) * x) }]);
  return { value: { ...at(outcome.value), dtype: outcome.value.dtype }, grads: Object.fromEntries(grads) as Tensors };
}

/** The same call with reduction "none", if the record has it. */
function unreducedCall(call: LossCall): LossCall | undefined {
  if (!("reduction" in call.contract.options) || call.given["reduction"] === "none") return undefined;
  try {
    return lossCall(call.profile, call.name, { ...call.given, reduction: "none" }, call.open);
  } catch (e) {
    if (isLossError(e)) return undefined;
    throw e;
  }
}

/** A system as a contestant. `where`: what answers its calls, for its name. */
export function systemContestant(system: System, answers: Answers, where: string): Contestant {
  const make = (s: System, name: string): Contestant => ({
    name,
    async answer(tensors, gradients) {
      try {
        const given = argumentsOf(s, tensors);
        const wanted = plain(s) ? wantedOf(s, given, gradients) : [];
        return finish(s, await answers(s.call, given, wanted), tensors, Object.keys(tensors));
      } catch (e) {
        if (e instanceof TypeError) return { refusal: new Error(e.message) as LossError };
        throw e;
      }
    },
  });
  const unreduced = system.around ? undefined : unreducedCall(system.call);
  const name = `${system.call.profile} ${system.text.replace(/^\S+@\S+\s+/, "")} (${where})`;
  return { ...make(system, name), unreduced: unreduced && make({ ...system, call: unreduced }, name) };
}

/** The call's names for the tensors to differentiate, as far as its framework differentiates them. */
function wantedOf({ call, inputs }: System, given: Tensors, gradients: readonly string[]): string[] {
  return Object.keys(call.contract.inputs).filter((name) => {
    const written = inputs[name];
    const meant = written?.kind === "name" ? written.name : name;
    return given[name] && /float/.test(given[name].dtype) && gradients.some((g) => sameRole(meant, [g]) !== undefined);
  });
}
