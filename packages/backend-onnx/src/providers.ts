/** What each execution provider of ONNX Runtime can do. The lowering asks these records and never a provider's name. */
import type { DType } from "@isoloss/core";
import type { OrtType } from "./runtime.ts";

/** How values of one dtype travel and in which type a provider computes them. */
export interface Carrier<W extends DType = OrtType> {
  /** The type of the tensors that carry it in and out; where it is not the dtype, JavaScript converts. */
  readonly wire: W;
  /** The dtype of its values inside the graph. */
  readonly compute: DType;
  /**
   * How a result becomes a value of the dtype: it is one already; by `Cast` to the dtype and back; by wrapping around (the
   * optimizer of ONNX Runtime turns casts float → int32 → uint8 into float → uint8, which saturates); by JavaScript, when
   * it leaves the graph; or never, so that the dtype can only be read, compared and selected.
   */
  readonly rounding: "native" | "cast" | "wrap" | "outside" | "never";
}

/** What the lowering asks. */
export interface Capabilities<W extends DType = DType> {
  readonly carriers: Readonly<Record<DType, Carrier<W> | undefined>>;
  /** Operators without a kernel there. */
  readonly lacks: ReadonlySet<string>;
  /** Log of 0, of negative numbers and of NaN is −∞, NaN and NaN. */
  readonly specialLogarithms: boolean;
  /** Sums over outer axes add in float64, as contributing/numerics.md has it, and not in the type of the operand. */
  readonly wideSums: boolean;
  /** Class indices may lie where nobody can check them before a run. */
  readonly unseenIndices: boolean;
}

/** What running asks besides. */
export interface Provider extends Capabilities<OrtType> {
  /** The second half of the backend's name. */
  readonly label: string;
  /** Any number of sessions may be created, run and released at once. */
  readonly concurrent: boolean;
  /** Sessions share a GPU device, which goes with the last of them. */
  readonly device: boolean;
  /** Tensors may stay in GPU buffers. */
  readonly buffers: boolean;
  /** The provider that runs calls with an extent of 0, where this one refuses to reduce nothing. */
  readonly whenEmpty?: string;
  /** Session options beside the provider itself. */
  readonly session: Readonly<Record<string, unknown>>;
  /** What it is where a build of the runtime leaves kernels out, which shows when a session is created. */
  readonly reduced?: Provider;
  /** What it is in onnxruntime-node. */
  readonly native?: Provider;
}

const native = (dtype: OrtType): Carrier => ({ wire: dtype, compute: dtype, rounding: "native" });
const half = <W extends DType>(wire: W): Carrier<W> => ({ wire, compute: "float32", rounding: "cast" });
const narrow = <W extends DType>(wire: W): Carrier<W> => ({ wire, compute: "int32", rounding: "wrap" });
const outside = (wire: OrtType, compute: DType): Carrier => ({ wire, compute, rounding: "outside" });

/** Any runtime: what the ONNX specification says, with the arithmetic that every runtime has on the CPU. */
export const specification: Capabilities = {
  carriers: {
    float64: native("float64"),
    float32: native("float32"),
    float16: half("float16"),
    bfloat16: half("bfloat16"),
    int64: native("int64"),
    int32: native("int32"),
    int16: narrow("int16"),
    int8: narrow("int8"),
    uint8: narrow("uint8"),
    bool: native("bool"),
  },
  lacks: new Set(),
  specialLogarithms: true,
  wideSums: true,
  unseenIndices: true,
};

/** ONNX Runtime's CPU kernels, in WebAssembly or native: they lack arithmetic in halves and in small integers. */
const cpu = {
  carriers: {
    float64: native("float64"),
    float32: native("float32"),
    float16: half("float16"),
    bfloat16: half("float32"), // no such tensor in JavaScript
    int64: native("int64"),
    int32: native("int32"),
    int16: narrow("int16"),
    int8: narrow("int8"),
    uint8: narrow("uint8"),
    bool: native("bool"),
  },
  lacks: new Set<string>(),
  specialLogarithms: true,
  wideSums: true,
  unseenIndices: false,
  concurrent: true,
  device: false,
  buffers: false,
  session: {},
} satisfies Omit<Provider, "label">;

/** The CPU kernels in the `/webgpu` bundle of onnxruntime-web: none for float64 and bfloat16. */
const reduced: Provider = {
  ...cpu,
  label: "wasm",
  carriers: { ...cpu.carriers, float64: undefined, bfloat16: outside("float32", "float32") },
  wideSums: false,
};

/** Both of ONNX Runtime's WebGPU providers: in the browser, and the one that onnxruntime-node brings along. */
const webgpu = {
  label: "webgpu",
  carriers: {
    float64: undefined,
    float32: native("float32"),
    float16: outside("float32", "float32"), // few devices have shader-f16
    bfloat16: outside("float32", "float32"),
    int64: { wire: "int32", compute: "int32", rounding: "never" }, // labels, almost always
    int32: native("int32"),
    int16: outside("int32", "int32"),
    int8: outside("int32", "int32"),
    uint8: outside("int32", "int32"),
    bool: native("bool"),
  },
  lacks: new Set(["Sign", "Or"]),
  specialLogarithms: false,
  wideSums: false,
  unseenIndices: true,
  concurrent: false,
  device: true,
  // A node without a kernel on the GPU fails when the session is created, instead of copying back and forth.
  session: { extra: { session: { disable_cpu_ep_fallback: "1" } } },
} satisfies Omit<Provider, "buffers">;

/** By the name under which ONNX Runtime knows them. */
export const providers: Readonly<Record<string, Provider>> = {
  wasm: { ...cpu, label: "wasm", reduced },
  cpu: { ...cpu, label: "node" },
  webgpu: {
    ...webgpu,
    buffers: true,
    whenEmpty: "wasm",
    native: { ...webgpu, buffers: false, whenEmpty: "cpu" }, // its device is not JavaScript's
  },
};
