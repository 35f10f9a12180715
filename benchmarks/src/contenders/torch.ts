/** PyTorch in a Python process that is told what to prepare and times itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Contender, Missing } from "../contender.ts";

const script = fileURLToPath(new URL("../../torch_peer.py", import.meta.url));

/** glibc's allocator told to keep large blocks instead of returning them to the system after each call. */
export const tunedAllocator = {
  MALLOC_MMAP_THRESHOLD_: "8589934592",
  MALLOC_TRIM_THRESHOLD_: "8589934592",
  MALLOC_TOP_PAD_: "268435456",
};

interface Reply {
  readonly ms?: number;
  readonly value?: number;
  readonly version?: string;
}

/** One order, one line back. */
function conversation(child: ChildProcess): { hello: Promise<Reply>; ask(order: object): Promise<Reply> } {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async (): Promise<Reply> => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the Python process ended");
    return JSON.parse(value) as Reply;
  };
  return {
    hello: next(),
    ask(order) {
      child.stdin?.write(`${JSON.stringify(order)}\n`);
      return next();
    },
  };
}

export async function torchContender(
  name: string,
  python: string | undefined,
  { compile = false, env = {} }: { compile?: boolean; env?: Readonly<Record<string, string>> } = {},
): Promise<Contender | Missing> {
  if (python === undefined) return { name, reason: "no Python given (--python)" };
  const child = spawn(python, [script, ...(compile ? ["--compile"] : [])], {
    env: { ...process.env, ...env, OMP_NUM_THREADS: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  const { hello, ask } = conversation(child);
  try {
    const { version } = await Promise.race([hello, failed]);
    name = `${name} ${version}`;
  } catch (error) {
    return { name, reason: String(error) };
  }
  return {
    name,
    dispose() {
      child.stdin?.end();
    },
    async prepare(workload, sets, measured) {
      const folder = tmpdir();
      const file = (key: string, i: number) => join(folder, `isoloss-bench-${process.pid}-${key}-${i}.bin`);
      const arrays = Object.fromEntries(
        Object.entries(workload.arrays).map(([key, { shape }]) => {
          const files = sets.map((set, i) => {
            writeFileSync(file(key, i), new Uint8Array((set[key] as Float32Array).buffer));
            return file(key, i);
          });
          return [key, { shape, files, dtype: sets[0]?.[key] instanceof Int32Array ? "int32" : "float32" }];
        }),
      );
      const { name: title, differentiate } = workload;
      await ask({ workload: title, arrays, differentiate, measured, sets: sets.length });
      for (const { files } of Object.values(arrays)) for (const path of files) rmSync(path);
      return {
        run: async (set, repeat) => (await ask({ run: set, repeat })).ms as number,
        async answer(set) {
          const files = differentiate.map((key) => file(`grad-${key}`, set));
          const { value } = await ask({ answer: set, files });
          if (measured === "value") return { value: value as number, grads: {} };
          const read = (path: string): Float32Array => {
            const bytes = Uint8Array.from(readFileSync(path));
            rmSync(path);
            return new Float32Array(bytes.buffer);
          };
          return {
            value: value as number,
            grads: Object.fromEntries(differentiate.map((key, i) => [key, read(files[i] as string)])),
          };
        },
        dispose() {},
      };
    },
  };
}
