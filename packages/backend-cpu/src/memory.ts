/** The WebAssembly memory of one backend: its views, blocks that are given out, and one scratch area that all kernels share. */

const PAGE = 65536;
/** Large arrays of JavaScript start at 16 modulo 64: copies between equal alignments are fastest. */
const ALIGNMENT = 64;
const PHASE = 16;
/** Arrays whose addresses agree modulo 4096 evict each other: large neighbours are staggered. */
const STAGGER = 1344;
const LARGE = 4096;
/** Behind every block: kernels read whole vectors. */
const SLACK = 256;

export type Functions = Readonly<Record<string, (...args: number[]) => void>>;

/** Bytes from `start` to `end`. */
interface Range {
  start: number;
  end: number;
}
const aligned = (start: number): number => Math.ceil((start - PHASE) / ALIGNMENT) * ALIGNMENT + PHASE;

export class Memory {
  readonly #memory = new WebAssembly.Memory({ initial: 16 });
  buffer!: ArrayBuffer;
  /** Views, by dtype. */
  float32!: Float32Array;
  float64!: Float64Array;
  int32!: Int32Array;
  scratchAddress = 0;
  #scratchBytes = 0;
  /** In order of address, never touching each other. */
  #free: Range[] = [];
  readonly #used = new Map<number, Range>();

  constructor() {
    this.#view();
    this.#release({ start: PHASE, end: this.buffer.byteLength });
  }
  #view(): void {
    const { buffer } = this.#memory;
    this.buffer = buffer;
    this.float32 = new Float32Array(buffer);
    this.float64 = new Float64Array(buffer);
    this.int32 = new Int32Array(buffer);
  }
  /** The functions of a module over this memory. */
  link(bytes: Uint8Array<ArrayBuffer>): Functions {
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    return exports as Functions; // the DOM's types know less of exports
  }
  /**
   * The address of a new block. Growing the memory detaches every array over it: `room` is what lies free behind the block
   * when it has to grow, for what kernels take later.
   */
  allocate(size: number, room = 0): number {
    const bytes = size + SLACK;
    const place = ({ start }: Range): number => aligned(size >= LARGE ? start + STAGGER : start);
    const range = this.#free.find((r) => place(r) + bytes <= r.end);
    if (!range) {
      const end = this.buffer.byteLength;
      const last = this.#free.at(-1);
      const missing = place({ start: last?.end === end ? last.start : end, end }) + bytes + room - end;
      this.#memory.grow(Math.ceil(missing / PAGE));
      this.#view();
      this.#release({ start: end, end: this.buffer.byteLength });
      return this.allocate(size);
    }
    const address = place(range);
    const end = address + bytes;
    this.#used.set(address, { start: range.start, end });
    range.start = end;
    return address;
  }
  free(address: number): void {
    const block = this.#used.get(address);
    this.#used.delete(address);
    if (block) this.#release(block);
  }
  #release(range: Range): void {
    const all = [...this.#free, range].sort((a, b) => a.start - b.start);
    this.#free = [];
    for (const r of all) {
      const last = this.#free.at(-1);
      if (last?.end === r.start) last.end = r.end;
      else this.#free.push(r);
    }
  }
  /** Makes the scratch area at least this large. The old one goes last: where memory is refused, older kernels still have it. */
  reserve(bytes: number): void {
    if (bytes <= this.#scratchBytes) return;
    const address = this.allocate(bytes);
    this.free(this.scratchAddress);
    this.scratchAddress = address;
    this.#scratchBytes = bytes;
  }
}
