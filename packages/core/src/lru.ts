/** A bounded cache that drops what was not used for longest, and tells it goodbye. */

interface Entry<V> {
  readonly value: V;
  /** Whether it was used since it was put in, or since it was last spared for that. */
  used: boolean;
}

export class Lru<K, V> {
  readonly #entries = new Map<K, Entry<V>>();
  readonly #limit: number;
  readonly #onDrop: (value: V) => void;
  constructor(limit: number, onDrop: (value: V) => void = () => {}) {
    this.#limit = Math.max(1, limit);
    this.#onDrop = onDrop;
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry) entry.used = true;
    return entry?.value;
  }
  set(key: K, value: V): V {
    const own = { value, used: false };
    this.#entries.set(key, own);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldest);
      if (entry === own || entry.used) {
        entry.used = false;
        this.#entries.set(oldest, entry);
      } else this.#onDrop(entry.value);
    }
    return value;
  }
  delete(key: K): void {
    this.#entries.delete(key);
  }
  clear(): void {
    for (const { value } of this.#entries.values()) this.#onDrop(value);
    this.#entries.clear();
  }
}
