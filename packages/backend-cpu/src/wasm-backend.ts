/** `createWasmBackend`: programs as WebAssembly SIMD, without the engine in JavaScript unless it is handed in. */
import { type Program, UnsupportedError } from "@isoloss/core";
import { scheduled } from "./compile.ts";
import { type CpuBackend, type CpuKernel, common, type EngineOptions } from "./cpu-backend.ts";
import { defaultTuning } from "./geometry.ts";
import { Memory } from "./memory.ts";
import { bufferOf } from "./resident.ts";
import { transposeModule } from "./transpose.ts";
import { type Machine, onFallback, wasmKernel } from "./wasm-kernel.ts";

export interface WasmBackendOptions extends EngineOptions {
  /** Runs the programs that the compiler refuses, and calls of nothing: `jsEngine`. Without it those are refused. */
  readonly fallback?: (program: Program) => CpuKernel;
}

function machineOf({ tuning, fallback }: WasmBackendOptions): Machine {
  try {
    const memory = new Memory();
    return { memory, tuning: { ...defaultTuning, ...tuning }, transposes: memory.link(transposeModule()), fallback };
  } catch (error) {
    throw new UnsupportedError(`cpu: WebAssembly is refused here: ${String(error)}`);
  }
}

/** Each owns its memory: nothing is shared between two of them. */
export function createWasmBackend(options: WasmBackendOptions = {}): CpuBackend {
  const machine = machineOf(options);
  const { memory } = machine;
  return {
    ...common,
    name: "cpu",
    engine: "wasm",
    alloc: (dtype, shape) => bufferOf("cpu", dtype, shape, memory),
    get memoryBytes() {
      return memory.buffer.byteLength;
    },
    compile(program) {
      const found = scheduled(program);
      return typeof found === "string" ? onFallback(machine, program, found) : wasmKernel(machine, program, found);
    },
  };
}
