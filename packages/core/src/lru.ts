/** A bounded cache that drops what was used longest ago, and tells it goodbye. */

export class Lru<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #limit: number;
  readonly #onDrop: (value: V) => void;
  readonly #spare: (value: V) => boolean;
  /** `spare`: whether a value that would be dropped was used in a way that the cache did not see; asked once a use. */
  constructor(limit: number, onDrop: (value: V) => void = () => {}, spare: (value: V) => boolean = () => false) {
    this.#limit = Math.max(1, limit);
    this.#onDrop = onDrop;
    this.#spare = spare;
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }
  set(key: K, value: V): V {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const [oldest, candidate] of this.#entries) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldest);
      if (candidate === value || this.#spare(candidate)) this.#entries.set(oldest, candidate);
      else this.#onDrop(candidate);
    }
    return value;
  }
  delete(key: K): void {
    this.#entries.delete(key);
  }
  clear(): void {
    for (const value of this.#entries.values()) this.#onDrop(value);
    this.#entries.clear();
  }
}
