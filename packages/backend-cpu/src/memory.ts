/** The WebAssembly memory of one backend: its views, blocks that are given out, and one scratch area that all kernels share. */

const PAGE = 65536;
/** Large arrays of JavaScript start at 16 modulo 64: copies between equal alignments are fastest. */
const ALIGNMENT = 64;
const PHASE = 16;
/** Arrays whose addresses agree modulo 4096 evict each other: neighbours are staggered. */
const STAGGER = 1344;
/** Behind every block: kernels read whole vectors. */
const SLACK = 256;

interface Block {
  readonly address: number;
  readonly bytes: number;
}

export class Memory {
  readonly memory = new WebAssembly.Memory({ initial: 16 });
  buffer!: ArrayBuffer;
  f32!: Float32Array;
  f64!: Float64Array;
  i32!: Int32Array;
  /** Changes when the scratch area moves: addresses in it are stale then. */
  generation = 0;
  scratchAddress = 0;
  #scratchBytes = 0;
  #top = 1024;
  readonly #free: Block[] = [];
  readonly #used = new Map<number, number>();

  constructor() {
    this.#view();
  }
  #view(): void {
    const { buffer } = this.memory;
    this.buffer = buffer;
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
  }
  /**
   * The address of a new block. Growing the memory detaches every array over it: `room` is what lies free behind the block
   * when it has to grow, for what kernels take later.
   */
  allocate(size: number, room = 0): number {
    const bytes = size + SLACK;
    const fit = this.#free.findIndex((b) => b.bytes >= bytes && b.bytes <= 2 * bytes);
    if (fit >= 0) {
      const [block] = this.#free.splice(fit, 1) as [Block];
      this.#used.set(block.address, block.bytes);
      return block.address;
    }
    const address = Math.ceil(this.#top / ALIGNMENT) * ALIGNMENT + PHASE;
    const end = address + bytes;
    if (end > this.buffer.byteLength) {
      this.memory.grow(Math.ceil((end + room - this.buffer.byteLength) / PAGE));
      this.#view();
    }
    this.#top = size >= 4096 ? end + STAGGER : end;
    this.#used.set(address, bytes);
    return address;
  }
  free(address: number): void {
    const bytes = this.#used.get(address);
    if (bytes === undefined) return;
    this.#used.delete(address);
    this.#free.push({ address, bytes });
  }
  /** Makes the scratch area at least this large. */
  reserve(bytes: number): void {
    if (bytes <= this.#scratchBytes) return;
    if (this.scratchAddress) this.free(this.scratchAddress);
    this.scratchAddress = this.allocate(bytes);
    this.#scratchBytes = bytes;
    this.generation++;
  }
}
