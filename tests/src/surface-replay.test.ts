/** The surfaces against `isoloss eval`: every seventeenth recorded request, called as a user calls it, has the same answer. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { type Calls, isLossError, type TensorLike, type TensorValue, toNumbers } from "@isoloss/core";
import { createEvaluator, readRequest } from "isoloss";
import { describe, expect, it } from "vitest";
import { type RecordedRequest, type RecordedTensor, requestsOf } from "./replay-fixtures.ts";

const backend = createCpuBackend({ engine: "js" });
const evaluator = createEvaluator({ backend: "cpu:js" });
const every = 17;

const words: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };
const isTensor = (x: unknown): x is RecordedTensor => typeof x === "object" && x !== null && "data" in x;
const number = (x: number | string | boolean): number | bigint | boolean =>
  typeof x === "string" ? (words[x] ?? BigInt(x)) : x;
/** A recorded argument as a user writes it. */
const written = (x: unknown): unknown =>
  isTensor(x) ? { ...x, data: x.data.map(number) } : typeof x === "string" && x in words ? words[x] : x;
const all = (o: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(o).map(([name, x]) => [name, written(x)]));

/** What a style answers: numbers, or the code of its refusal. */
type Numbers = { readonly dtype: string; readonly shape: readonly number[]; readonly numbers: readonly number[] };
type Answer =
  | { readonly value: Numbers; readonly grads: Readonly<Record<string, Numbers>> }
  | { readonly code: string };
const numbersOf = (t: TensorValue): Numbers => ({
  dtype: t.dtype,
  shape: t.shape,
  numbers: [...toNumbers(t.data as Float32Array, t.dtype)],
});

type Named = (named: object) => TensorValue;
interface Surface {
  /** The loss of a request, made with its options where it is a class. */
  loss(request: RecordedRequest, options: object): Named & Calls<"sync">;
  gradients(
    loss: Calls<"sync">,
    wrt: readonly string[],
    upstream: TensorLike | undefined,
  ): (named: object) => {
    readonly value: TensorValue;
    readonly grads: Readonly<Record<string, TensorValue>>;
  };
}
function torchSurface(): Surface {
  const torch = createTorch({ backend, profile: "torch@2.13" });
  const members = { ...torch.nn, ...torch.F } as unknown as Record<string, unknown>;
  return surfaceOf(members, torch.valueAndGrad as never);
}
function kerasSurface(): Surface {
  const keras = createKeras({ backend, profile: "keras@3.15" });
  return surfaceOf(keras.losses as unknown as Record<string, unknown>, keras.valueAndGrad as never);
}
function surfaceOf(
  members: Readonly<Record<string, unknown>>,
  valueAndGrad: (loss: Calls<"sync">, settings: object) => ReturnType<Surface["gradients"]>,
): Surface {
  return {
    loss: ({ loss }, options) => {
      const member = members[loss] as (new (o: object) => Named & Calls<"sync">) & Named & Calls<"sync">;
      return /^[A-Z]/.test(loss) && loss.toUpperCase() !== loss ? new member(options) : member;
    },
    gradients: (loss, wrt, upstream) => valueAndGrad(loss, { wrt, ...(upstream !== undefined && { upstream }) }),
  };
}

function answer(surface: Surface, request: RecordedRequest, given: readonly string[]): Answer {
  try {
    const options = all(request.options);
    const loss = surface.loss(request, options);
    const isClass = /^[A-Z]/.test(request.loss) && request.loss.toUpperCase() !== request.loss;
    const named = { ...all(request.inputs), ...(isClass ? {} : options) };
    if (given.length === 0) return { value: numbersOf(loss(named)), grads: {} };
    const upstream = written(request.upstream ?? undefined) as TensorLike | undefined;
    const { value, grads } = surface.gradients(loss, given, upstream)(named);
    return {
      value: numbersOf(value),
      grads: Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, numbersOf(g)])),
    };
  } catch (e) {
    if (isLossError(e)) return { code: e.code };
    throw e;
  }
}

/** Requests that say something of a surface: tensors for inputs (a bare number is a tensor there, and Python's number in eval). */
const askable = ({ inputs = {} }: RecordedRequest): boolean =>
  Object.values(inputs).every((x) => x === null || isTensor(x));

describe.each([
  ["torch@2.13", torchSurface],
  ["keras@3.15", kerasSurface],
] as const)("%s", (profile, make) => {
  it("answers through its surface what eval answers", async () => {
    const surface = make();
    const requests = requestsOf(profile).filter((request, i) => i % every === 0 && askable(request));
    const differences: string[] = [];
    for (const request of requests) {
      const evaluated = await evaluator.answer(readRequest({ ...request, profile }));
      if ("error" in evaluated && evaluated.error.code === "unknown-loss") continue;
      const expected: Answer =
        "error" in evaluated
          ? { code: evaluated.error.code }
          : {
              value: numbersOf(evaluated.value as TensorValue),
              grads: Object.fromEntries(
                Object.entries(evaluated.grads).map(([name, g]) => [name, numbersOf(g as TensorValue)]),
              ),
            };
      // Where the framework's gradient is None, eval leaves it out and the surface refuses to promise it: ask for the others.
      const given = "error" in evaluated ? (request.grad ?? []) : Object.keys(evaluated.grads);
      const got = answer(surface, request, given);
      try {
        expect(got).toEqual(expected);
      } catch {
        differences.push(`${request.id}: ${JSON.stringify(got)} — ${JSON.stringify(expected)}`);
      }
    }
    expect(requests.length).toBeGreaterThan(100);
    expect(differences.slice(0, 10), `${differences.length} of ${requests.length}`).toEqual([]);
  }, 120_000);
});
