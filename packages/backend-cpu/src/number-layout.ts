/** How floating-point numbers lie in 32-bit words, little-endian as wherever WebAssembly is: what powers of two and logarithms are taken from. */
export const layouts = {
  float32: {
    /** 1.5·2²³ and the exponent's bias: a sum with it has the nearest integer, biased, in its low bits. */
    magic: 12582912 + 127,
    /** Bits of the fraction, and those of them in the high word. */
    fraction: 23,
    inHighWord: 0x7fffff,
    /** The high word of √½. */
    half: 0x3f3504f3,
  },
  float64: {
    magic: 6755399441055744 + 1023, // 1.5·2⁵²
    fraction: 52,
    inHighWord: 0xfffff,
    half: 0x3fe6a09e,
  },
} as const;

/** What both engines compute in. */
export type Type = keyof typeof layouts;
