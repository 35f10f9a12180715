/** Tensors whose data JavaScript cannot read, and gradients that stay where kernels run. */
import { describe, expect, it } from "vitest";
import { entropy } from "./entropy.test.support.ts";
import {
  type Backend,
  type BackendBuffer,
  CALLABLE,
  createCallable,
  createEngine,
  type DType,
  storage,
  type TypedArray,
  valueAndGradOf,
  volumeOf,
} from "./index.ts";
import { createReferenceBackend } from "./reference.ts";

/** What lies on the GPU of the fake below. */
class Room implements BackendBuffer {
  readonly backend = "fake";
  readonly data = undefined;
  readonly length: number;
  readonly dtype: DType;
  content: TypedArray;
  constructor(dtype: DType, content: TypedArray) {
    this.dtype = dtype;
    this.content = content;
    this.length = content.length;
  }
  read = async () => this.content;
  write(data: TypedArray) {
    this.content = data;
  }
  dispose() {}
}
/** A tensor of a library, which throws where its data is asked for. */
const far = (type: DType, content: TypedArray, dims: readonly number[]) => ({
  type,
  dims,
  location: "gpu-buffer",
  content,
  get data(): TypedArray {
    throw new Error("The data is not on CPU");
  },
});

const reference = createReferenceBackend();
const fake = (validate?: "read"): Backend<"async"> => ({
  ...reference,
  name: "fake",
  mode: "async",
  validate,
  async compile(program) {
    const kernel = await reference.compile(program);
    const here = (f: unknown) => (f as Room).content ?? f;
    return {
      dispose() {},
      async run(feeds, extents, parameters, outputs = []) {
        const results = kernel.run(feeds.map(here), extents, parameters);
        return results.map((r, i) => {
          (outputs[i] as Room | undefined)?.write(r as TypedArray);
          return outputs[i] ?? r;
        });
      },
    };
  },
  alloc: (dtype, shape) => new Room(dtype, new storage[dtype](volumeOf(shape))),
  adopt(tensor) {
    const { type, content } = tensor as ReturnType<typeof far>;
    return { data: new Room(type, content) };
  },
});

function call(backend: Backend, settings = {}) {
  const engine = createEngine(backend);
  const style = { engine, isPrediction: (name: string) => name === "input", onWarning: undefined };
  const entry = { entry: "Entropy", contract: entropy, as: "class", hint: () => "" } as const;
  return valueAndGradOf(engine, { [CALLABLE]: createCallable(style, entry, "Entropy") }, settings);
}
const zeros = () => new Float32Array(4);
const gradient = [-0.25, 0.25, 0.25, -0.25];

describe("a tensor whose data JavaScript cannot read", () => {
  it("goes to the backend that adopts it, also after a call with data that it can", async () => {
    const run = call(fake());
    await run({ data: zeros(), dims: [2, 2], type: "float32" }, Int32Array.of(0, 0));
    const { value, grads } = await run(far("float32", zeros(), [2, 2]), far("int32", Int32Array.of(0, 1), [2]));
    expect(value.item()).toBeCloseTo(Math.log(2), 6);
    expect(grads["input"]?.data).toEqual(Float32Array.from(gradient));
  });
  it("is refused by a backend that cannot, with the way out", () => {
    expect(() => call(reference)(far("float32", zeros(), [2, 2]), [0, 1])).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringMatching(/^input:.*gpu-buffer.*adopt/) }),
    );
  });
  it("must have the type that is needed, and a type that is known", async () => {
    const labels = far("int64", BigInt64Array.of(0n, 1n), [2]);
    await expect(call(fake())(zeros2(), labels)).rejects.toThrow(/int64 buffer.*needed as int32/);
    const text = Object.assign(far("int32", Int32Array.of(0), [1]), { type: "string" });
    await expect(call(fake())(zeros2(), text)).rejects.toThrow(/target: unsupported dtype "string"/);
  });
  it("has its class indices checked where the backend reads them back, and only there", async () => {
    const labels = far("int32", Int32Array.of(0, 2), [2]);
    await expect(call(fake("read"))(zeros2(), labels)).rejects.toThrow(
      expect.objectContaining({ code: "index-out-of-range", message: expect.stringContaining("2 at element 1") }),
    );
    const { value } = await call(fake())(zeros2(), labels);
    expect(value.item()).toBeNaN();
  });
});
const zeros2 = () => ({ data: zeros(), shape: [2, 2] });

describe("output: gpu", () => {
  it("leaves gradients in buffers of the backend", async () => {
    const { value, grads } = await call(fake(), { output: "gpu" })(zeros2(), Int32Array.of(0, 1));
    expect(value.item()).toBeCloseTo(Math.log(2), 6);
    const room = grads["input"]?.data as Room;
    expect(room).toBeInstanceOf(Room);
    expect([...(await room.read())]).toEqual(gradient);
  });
  it("frees the buffers that it made where the run fails, and not the caller's", async () => {
    const disposed: BackendBuffer[] = [];
    const room = (dtype: DType, shape: readonly number[]): BackendBuffer => {
      const buffer = new Room(dtype, new storage[dtype](volumeOf(shape)));
      return Object.assign(buffer, { dispose: () => void disposed.push(buffer) });
    };
    const failing = (run: () => Promise<never>): Backend<"async"> => ({
      ...fake(),
      alloc: room,
      compile: async () => ({ dispose() {}, run }),
    });
    const lost = failing(() => Promise.reject(new Error("the device is lost")));
    await expect(call(lost, { output: "gpu" })(zeros2(), [0, 1])).rejects.toThrow(/device is lost/);
    expect(disposed).toHaveLength(1);
    const thrown = failing(() => {
      throw new Error("at once");
    });
    await expect(call(thrown, { output: "gpu" })(zeros2(), [0, 1])).rejects.toThrow(/at once/);
    expect(disposed).toHaveLength(2);
    const own = room("float32", [2, 2]);
    await expect(call(lost, { out: { input: own } })(zeros2(), [0, 1])).rejects.toThrow(/device is lost/);
    expect(disposed).not.toContain(own);
  });
  it("is refused by a backend that has no such place", () => {
    expect(() => call(reference, { output: "gpu" })(zeros2(), [0, 1])).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("onnx:webgpu") }),
    );
  });
});
