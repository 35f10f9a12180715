/** A WebAssembly assembler: functions of named instructions, encoded to a module. */
import { type Instruction, instructions } from "./instructions.ts";

export const types = { i32: 0x7f, v128: 0x7b } as const;
export type Type = keyof typeof types;
/** The index of a local variable. */
export type Local = number;

/** Appends a number, seven bits a byte. */
function unsigned(n: number, out: number[]): void {
  let rest = n >>> 0;
  for (; rest > 127; rest >>>= 7) out.push((rest & 127) | 128);
  out.push(rest);
}
function signed(n: number, out: number[]): void {
  let rest = n | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) out.push((rest & 127) | 128);
  out.push(rest & 127);
}
const byte = (n: number, out: number[]): void => void out.push(n);
const counted = (n: number, ...bytes: readonly (readonly number[])[]): number[] => {
  const out: number[] = [];
  unsigned(n, out);
  return out.concat(...bytes);
};

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
    const body: number[] = [];
    unsigned(this.locals.length, body);
    for (const t of this.locals) body.push(1, types[t]);
    let number = unsigned;
    // V8 replaces a long loop while it runs, which takes it longer than the loop: not so a short function.
    this.list.forEach((x) => {
      if (typeof x === "number") number(x, body);
      else {
        body.push(...instructions[x]);
        number = x === "i32.const" ? signed : x === "v128.const" ? byte : unsigned;
      }
    });
    body.push(0x0b);
    return counted(body.length, body);
  }
}

const section = (id: number, items: readonly (readonly number[])[]): number[] => {
  const body = counted(items.length, ...items);
  return [id].concat(counted(body.length, body));
};
const text = (s: string): number[] => [s.length, ...Array.from(s, (c) => c.charCodeAt(0))];

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
