/** A WebAssembly assembler: functions of named instructions, encoded to a module. */
import { type Instruction, instructions } from "./instructions.ts";

export const types = { i32: 0x7f, v128: 0x7b } as const;
export type Type = keyof typeof types;
/** The index of a local variable. */
export type Local = number;

function unsigned(n: number, out: number[]): void {
  let rest = n >>> 0;
  do {
    const low = rest & 127;
    rest >>>= 7;
    out.push(rest ? low | 128 : low);
  } while (rest);
}
function signed(n: number, out: number[]): void {
  for (let rest = n | 0; ; rest >>= 7) {
    const low = rest & 127;
    const next = rest >> 7;
    if ((next === 0 && !(low & 64)) || (next === -1 && low & 64)) {
      out.push(low);
      return;
    }
    out.push(low | 128);
  }
}

/** Numbers that follow an instruction in a function's list; an address without an offset has 0. */
export const immediates = {
  none: 0,
  index: 1,
  memory: 1,
  "memory-lane": 2,
  lane: 1,
  bytes: 16,
  integer: 1,
  block: 0,
} as const;

/** One function. Instructions are appended; locals are made as they are asked for. */
export class Fn {
  /** Names, each followed by its immediates: one flat list, since a module is thousands of them and made while someone waits. */
  readonly list: (Instruction | number)[] = [];
  readonly locals: Type[] = [];
  readonly name: string;
  readonly parameters: number;
  constructor(name: string, parameters: number) {
    this.name = name;
    this.parameters = parameters;
  }
  local(type: Type): Local {
    return this.parameters + this.locals.push(type) - 1;
  }
  /** Appends an instruction with its immediates. */
  op(name: Instruction, ...values: readonly number[]): this {
    this.list.push(name, ...values);
    for (let k = values.length; k < immediates[instructions[name].immediate]; k++) this.list.push(0);
    return this;
  }
  get(l: Local): this {
    this.list.push("local.get", l);
    return this;
  }
  set(l: Local): this {
    this.list.push("local.set", l);
    return this;
  }
  i32(n: number): this {
    this.list.push("i32.const", n);
    return this;
  }
  /** A new local that takes what lies on the stack. */
  keep(type: Type): Local {
    const l = this.local(type);
    this.set(l);
    return l;
  }
  /** Appends an instruction on locals. */
  on(name: Instruction, ...operands: readonly Local[]): this {
    for (const l of operands) this.get(l);
    return this.op(name);
  }
  /** The same, whose result is a new vector. */
  vector(name: Instruction, ...operands: readonly Local[]): Local {
    return this.on(name, ...operands).keep("v128");
  }
  /** The same, whose result is a new i32. */
  int(name: Instruction, ...operands: readonly Local[]): Local {
    return this.on(name, ...operands).keep("i32");
  }
  /** A new vector from memory. */
  load(from: Local, offset = 0): Local {
    return this.get(from).op("v128.load", offset).keep("v128");
  }
  store(to: Local, v: Local, offset = 0): this {
    return this.get(to).get(v).op("v128.store", offset);
  }
  /** Leaves the bytes of two vectors that `bytes` names: those of the second from 16 on. */
  shuffle(a: Local, b: Local, bytes: readonly number[]): this {
    return this.get(a)
      .get(b)
      .op("i8x16.shuffle", ...bytes);
  }
  copy(from: Local, to: Local): this {
    return this.get(from).set(to);
  }
  /** Adds a number to a local. */
  bump(l: Local, by: number): this {
    return this.get(l).i32(by).op("i32.add").set(l);
  }
  /** Repeats while `condition` leaves a nonzero i32; inside, label 0 is the next turn and 1 the way out. */
  while(condition: () => void, body: () => void): this {
    this.op("block").op("loop");
    condition();
    this.op("i32.eqz").op("br_if", 1);
    body();
    return this.op("br", 0).op("end").op("end");
  }
  if(body: () => void, otherwise?: () => void): this {
    this.op("if");
    body();
    if (otherwise) {
      this.op("else");
      otherwise();
    }
    return this.op("end");
  }

  bytes(): number[] {
    const groups: [number, Type][] = [];
    for (const t of this.locals) {
      const last = groups.at(-1);
      if (last?.[1] === t) last[0]++;
      else groups.push([1, t]);
    }
    const body: number[] = [];
    unsigned(groups.length, body);
    for (const [n, t] of groups) {
      unsigned(n, body);
      body.push(types[t]);
    }
    for (let i = 0; i < this.list.length; ) i = encode(this.list, i, body);
    body.push(0x0b);
    const size: number[] = [];
    unsigned(body.length, size);
    return size.concat(body);
  }
}

/** Encodes the instruction at `i`; the index of the next one. */
function encode(list: readonly (Instruction | number)[], i: number, out: number[]): number {
  const { prefix, opcode, immediate } = instructions[list[i] as Instruction];
  const value = list[i + 1] as number;
  if (prefix === undefined) out.push(opcode);
  else {
    out.push(prefix);
    unsigned(opcode, out);
  }
  switch (immediate) {
    case "index":
      unsigned(value, out);
      break;
    case "integer":
      signed(value, out);
      break;
    case "block":
      out.push(0x40);
      break;
    case "memory":
    case "memory-lane":
      out.push(0); // no alignment is promised
      unsigned(value, out);
      if (immediate === "memory-lane") out.push(list[i + 2] as number);
      break;
    case "lane":
    case "bytes":
      for (let k = 1; k <= immediates[immediate]; k++) out.push(list[i + k] as number);
      break;
    case "none":
      break;
  }
  return i + 1 + immediates[immediate];
}

const section = (id: number, items: readonly (readonly number[])[]): number[] => {
  const count: number[] = [];
  unsigned(items.length, count);
  const body = count.concat(...items);
  const head = [id];
  unsigned(body.length, head);
  return head.concat(body);
};
const text = (s: string): number[] => [s.length, ...[...s].map((c) => c.charCodeAt(0))];

/** A module over one imported memory that exports every function under its name. Parameters are i32, results there are none. */
export function moduleBytes(functions: readonly Fn[]): Uint8Array<ArrayBuffer> {
  const parts = [
    section(
      1,
      functions.map((f) => [0x60, f.parameters, ...Array<number>(f.parameters).fill(types.i32), 0]),
    ),
    section(2, [[...text("env"), ...text("memory"), 2, 0, 1]]),
    section(
      3,
      functions.map((_, i) => [i]),
    ),
    section(
      7,
      functions.map((f, i) => [...text(f.name), 0, i]),
    ),
    section(
      10,
      functions.map((f) => f.bytes()),
    ),
  ];
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(...parts));
}
