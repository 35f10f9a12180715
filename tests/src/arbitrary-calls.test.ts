/** Arbitrary calls, as `pnpm oracle:live` makes them, where no framework is at hand: the backends against the reference. */
import type { Tensor, TypedArray } from "@isoloss/core";
import { toNumbers } from "@isoloss/core";
import fc from "fast-check";
import { type Answer, createEvaluator, readRequest } from "isoloss";
import { describe, expect, it } from "vitest";
import { kerasRequests } from "./live-keras.ts";
import { torchRequests } from "./live-torch.ts";
import { compare } from "./replay-compare.ts";
import type { RecordedAnswer, RecordedTensor } from "./replay-fixtures.ts";

const CALLS = 60;
const SEED = 7;

const recorded = ({ dtype, shape, data }: Tensor): RecordedTensor => ({
  dtype,
  shape,
  data: [...toNumbers(data as TypedArray, dtype)],
});
/** Our own answer in the place of a framework's. */
const asRecorded = (answer: Answer): RecordedAnswer =>
  "error" in answer
    ? { id: "a", error: answer.error }
    : {
        id: "a",
        value: recorded(answer.value),
        grads: Object.fromEntries(Object.entries(answer.grads).map(([name, g]) => [name, recorded(g)])),
      };

describe.each(["torch@1.7", "torch@2.13", "tf@2.3", "keras@3.15"])("arbitrary calls of %s", (profile) => {
  const broken: unknown[] = [];
  const on = (backend: string) => createEvaluator({ profile, backend, onError: (e) => broken.push(e) });
  const reference = on("reference");
  const backends = ["cpu", "cpu:js"].map(on);
  const requests = profile.startsWith("torch@") ? torchRequests : kerasRequests;
  it.each(Object.keys(requests))("%s is answered alike by every backend", async (name) => {
    const arbitrary = requests[name] as NonNullable<(typeof requests)[string]>;
    const property = fc.asyncProperty(arbitrary, async (request) => {
      const read = readRequest({ id: "a", ...request });
      const wanted = asRecorded(await reference.answer(read));
      for (const backend of backends) {
        const answer = await backend.answer(read);
        // What an adapter cannot express is refused by every backend, in the same words.
        if (wanted.error?.code === "unsupported") expect(answer).toEqual(wanted);
        else expect(compare(answer, wanted, request)).toBeUndefined();
      }
      expect(broken).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: CALLS });
  });
});
