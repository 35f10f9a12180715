/** The WebAssembly instructions that the compiler uses: their bytes up to the numbers that follow. */

type Bytes = readonly number[];
/** Behind their prefix opcodes are LEB128: those from 128 to 255 take a second byte, which is 1. */
const vector = (opcode: number, ...more: readonly number[]): Bytes => [
  0xfd,
  ...(opcode < 128 ? [opcode] : [opcode, 1]),
  ...more,
];
/** Of vectors of some types, whose instructions lie side by side in the same order. */
function alike<T extends string, N extends string>(
  types: Readonly<Record<T, number>>,
  offsets: Readonly<Record<N, number>>,
): Readonly<Record<`${T}.${N}`, Bytes>> {
  const list = Object.entries<number>(types).flatMap(([type, first]) =>
    Object.entries<number>(offsets).map(([name, offset]) => [`${type}.${name}`, vector(first + offset)]),
  );
  return Object.fromEntries(list) as Record<`${T}.${N}`, Bytes>;
}
/** A block without a result; an address of which no alignment is promised. */
const EMPTY = 0x40;
const UNALIGNED = 0;

export const instructions = {
  block: [0x02, EMPTY],
  loop: [0x03, EMPTY],
  if: [0x04, EMPTY],
  else: [0x05],
  end: [0x0b],
  br: [0x0c],
  br_if: [0x0d],
  call: [0x10],
  select: [0x1b],
  "local.get": [0x20],
  "local.set": [0x21],
  "i32.load": [0x28, UNALIGNED],
  "i64.load": [0x29, UNALIGNED],
  "i32.store": [0x36, UNALIGNED],
  "i64.store": [0x37, UNALIGNED],
  "f32.store": [0x38, UNALIGNED],
  "f64.store": [0x39, UNALIGNED],
  "i32.const": [0x41],
  "i32.eqz": [0x45],
  "i32.lt_s": [0x48],
  "i32.lt_u": [0x49],
  "i32.gt_s": [0x4a],
  "i32.ge_s": [0x4e],
  "i32.add": [0x6a],
  "i32.sub": [0x6b],
  "i32.mul": [0x6c],
  "i32.and": [0x71],
  "i32.shr_u": [0x76],
  "f64.add": [0xa0],
  "i64.extend_i32_s": [0xac],
  "f32.demote_f64": [0xb6],
  "v128.load": vector(0x00, UNALIGNED),
  "v128.load32_splat": vector(0x09, UNALIGNED),
  "v128.load64_splat": vector(0x0a, UNALIGNED),
  "v128.store": vector(0x0b, UNALIGNED),
  "v128.const": vector(0x0c),
  "i8x16.shuffle": vector(0x0d),
  ...alike({ i32x4: 0x11, i64x2: 0x12 }, { splat: 0 }),
  "i32x4.extract_lane": vector(0x1b),
  "f64x2.extract_lane": vector(0x21),
  ...alike({ i32x4: 0x37 }, { eq: 0, lt_s: 2, gt_s: 4, gt_u: 5, le_s: 6 }),
  ...alike({ f32x4: 0x41, f64x2: 0x47 }, { eq: 0, ne: 1, lt: 2, gt: 3, le: 4 }),
  ...alike({ v128: 0x4d }, { not: 0, and: 1, andnot: 2, or: 3, xor: 4, bitselect: 5, any_true: 6 }),
  "v128.load32_lane": vector(0x56, UNALIGNED),
  "v128.load64_lane": vector(0x57, UNALIGNED),
  "v128.store32_lane": vector(0x5a, UNALIGNED),
  "v128.store64_lane": vector(0x5b, UNALIGNED),
  "f64x2.promote_low_f32x4": vector(0x5f),
  ...alike({ f32x4: 0x69, f64x2: 0x7a }, { trunc: 0 }),
  ...alike({ i32x4: 0xab, i64x2: 0xcb }, { shl: 0, shr_s: 1, add: 3, sub: 6 }),
  "i32x4.max_u": vector(0xb9),
  ...alike({ i64x2: 0xd6 }, { eq: 0, lt_s: 2, gt_s: 3, le_s: 4 }),
  ...alike({ f32x4: 0xe0, f64x2: 0xec }, { sqrt: 3, add: 4, sub: 5, mul: 6, div: 7, max: 9, pmin: 10, pmax: 11 }),
  "f32x4.convert_i32x4_s": vector(0xfa),
} as const satisfies Record<string, Bytes>;

export type Instruction = keyof typeof instructions;
