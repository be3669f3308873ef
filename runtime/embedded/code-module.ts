import { ByteWriter } from "../../src/base/bytes.ts";
import { writeS32, writeS64, writeU32, writeU64 } from "../../src/base/leb128.ts";
import type { GuestCode, GuestInstruction, GuestNumber } from "../../src/target/guest-code.ts";
import { type Limits, writeLimits } from "../../src/wasm/limits.ts";
import { writeModule } from "../../src/wasm/module-writer.ts";
import { writeName } from "../../src/wasm/name-string.ts";

/** Where code finds what it reads, as export names of the instrumented module. */
export interface CodeSlots {
  readonly memory: { readonly name: string; readonly type: Limits } | undefined;
  /** The exported global that holds a local of the frame at the site. */
  local(index: number, type: GuestNumber): string | undefined;
  global(index: number, type: GuestNumber): CodeGlobal | undefined;
}

export interface CodeGlobal {
  readonly name: string;
  readonly mutable: boolean;
}

/** Thrown for code that reads what is not there, or in another type than it has. */
export class NoSuchSlot extends Error {
  override readonly name = "NoSuchSlot";
}

/** Functions of the debugger that are called where code cannot go on, in the order imported. */
const failures = ["null", "overflow"];

/**
 * Builds one Wasm module of many pieces of code, each an exported function without parameters, `0`, `1`, … in the order
 * added. V8 compiles it like any other, so that a condition costs what it would cost in the guest itself.
 *
 * It imports from `guest` what it reads, by export name, and from `debugger` the functions `null` and `overflow`, which are
 * called, and must throw, at a null pointer and where a number does not fit.
 */
export class CodeModule {
  readonly #functions: { readonly type: GuestNumber; readonly body: Uint8Array }[] = [];
  readonly #globals = new Map<
    string,
    { readonly index: number; readonly type: GuestNumber; readonly mutable: boolean }
  >();
  #memory: CodeSlots["memory"];

  /** Adds code; answers the number of its function. @throws {NoSuchSlot}, and nothing has been added then. */
  add(code: GuestCode, type: GuestNumber, slots: CodeSlots): number {
    const writer = new CodeWriter({
      global: (name, of, mutable) => this.#globalIndex(name, of, mutable),
      slots,
    });
    writer.write(code);
    if (writer.readsMemory) this.#memory = slots.memory;
    return this.#functions.push({ type, body: writer.body() }) - 1;
  }

  get isEmpty(): boolean {
    return this.#functions.length === 0;
  }

  /** The module's bytes. */
  bytes(): Uint8Array<ArrayBuffer> {
    const types = section((writer) => {
      writeU32(writer, 5);
      writer.copy(Uint8Array.of(0x60, 0, 0));
      for (const type of numbers) writer.copy(Uint8Array.of(0x60, 0, 1, valueTypes[type]));
    });
    const imports = section((writer) => this.#writeImports(writer));
    const functions = section((writer) => {
      writeU32(writer, this.#functions.length);
      for (const { type } of this.#functions) writer.u8(numbers.indexOf(type) + 1);
    });
    const exports = section((writer) => {
      writeU32(writer, this.#functions.length);
      this.#functions.forEach((_, index) => {
        writeName(writer, String(index));
        writer.u8(0);
        writeU32(writer, index + failures.length);
      });
    });
    const code = section((writer) => {
      writeU32(writer, this.#functions.length);
      for (const { body } of this.#functions) {
        writeU32(writer, body.length);
        writer.copy(body);
      }
    });
    return writeModule(new Uint8Array(0), [
      { kind: "standard", section: "type", payload: types },
      { kind: "standard", section: "import", payload: imports },
      { kind: "standard", section: "function", payload: functions },
      { kind: "standard", section: "export", payload: exports },
      { kind: "standard", section: "code", payload: code },
    ]);
  }

  #writeImports(writer: ByteWriter): void {
    writeU32(writer, failures.length + (this.#memory ? 1 : 0) + this.#globals.size);
    for (const failure of failures) {
      writeName(writer, "debugger");
      writeName(writer, failure);
      writer.copy(Uint8Array.of(0, 0));
    }
    if (this.#memory) {
      writeName(writer, "guest");
      writeName(writer, this.#memory.name);
      writer.u8(2);
      // Of the size, only what a shared memory has to say: any memory is at least this large.
      const { maximum, ...rest } = this.#memory.type;
      writeLimits(writer, {
        ...rest,
        minimum: 0n,
        ...(rest.shared && maximum !== undefined ? { maximum } : {}),
      });
    }
    for (const [name, { type, mutable }] of this.#globals) {
      writeName(writer, "guest");
      writeName(writer, name);
      writer.copy(Uint8Array.of(3, valueTypes[type], mutable ? 1 : 0));
    }
  }

  #globalIndex(name: string, type: GuestNumber, mutable: boolean): number {
    const known = this.#globals.get(name);
    if (known) {
      if (known.type !== type) throw new NoSuchSlot();
      return known.index;
    }
    const index = this.#globals.size;
    this.#globals.set(name, { index, type, mutable });
    return index;
  }
}

interface CodeContext {
  readonly slots: CodeSlots;
  global(name: string, type: GuestNumber, mutable: boolean): number;
}

/** Writes one function's body. Its locals are scratch space, each used once. */
class CodeWriter {
  readonly #context: CodeContext;
  readonly #writer = new ByteWriter();
  readonly #locals: GuestNumber[] = [];
  readsMemory = false;

  constructor(context: CodeContext) {
    this.#context = context;
  }

  body(): Uint8Array {
    const whole = new ByteWriter();
    writeU32(whole, this.#locals.length);
    for (const type of this.#locals) whole.copy(Uint8Array.of(1, valueTypes[type]));
    whole.append(this.#writer);
    whole.u8(0x0b);
    return whole.view();
  }

  write(code: GuestCode): void {
    const writer = this.#writer;
    switch (code.op) {
      case "const":
        this.#constant(code.type, code.value);
        return;
      case "local":
      case "global":
        this.#slot(code);
        return;
      case "load": {
        if (!this.#context.slots.memory) throw new NoSuchSlot();
        this.readsMemory = true;
        this.write(code.address);
        writer.u8(loadOpcode(code));
        writeU32(writer, 0);
        writeU64(writer, BigInt(code.offset));
        return;
      }
      case "apply":
        for (const operand of code.operands) this.write(operand);
        for (const byte of opcodes[code.instruction]) writer.u8(byte);
        return;
      case "divide":
        this.#divide(code);
        return;
      case "truncate":
        this.#truncate(code.value);
        return;
      case "if":
        this.write(code.condition);
        this.#if(code.type);
        this.write(code.whenTrue);
        writer.u8(0x05);
        this.write(code.whenFalse);
        writer.u8(0x0b);
        return;
      case "non-null": {
        this.write(code.value);
        const value = this.#tee(code.type);
        writer.u8(code.type === "i32" ? 0x45 : 0x50);
        writer.copy(Uint8Array.of(0x04, 0x40, 0x10, 0x00, 0x00, 0x0b));
        this.#get(value);
        return;
      }
      case "within": {
        this.write(code.value);
        const value = this.#tee("i64");
        this.#constant("i64", code.least);
        writer.u8(0x53);
        this.#get(value);
        this.#constant("i64", code.greatest);
        // or, if, call, end
        writer.copy(Uint8Array.of(0x55, 0x72, 0x04, 0x40, 0x10, failures.indexOf("overflow"), 0x0b));
        this.#get(value);
        return;
      }
    }
  }

  #constant(type: GuestNumber, value: number | bigint): void {
    const writer = this.#writer;
    if (type === "i32") {
      writer.u8(0x41);
      writeS32(writer, Number(BigInt.asIntN(32, BigInt(value))));
    } else if (type === "i64") {
      writer.u8(0x42);
      writeS64(writer, BigInt.asIntN(64, BigInt(value)));
    } else if (type === "f32") {
      writer.u8(0x43);
      writer.f32(Number(value));
    } else {
      writer.u8(0x44);
      writer.f64(Number(value));
    }
  }

  #slot({ op, type, index }: Extract<GuestCode, { op: "local" | "global" }>): void {
    const { slots, global } = this.#context;
    const local = op === "local" ? slots.local(index, type) : undefined;
    const slot = op === "local" ? local && { name: local, mutable: true } : slots.global(index, type);
    if (!slot) throw new NoSuchSlot();
    this.#writer.u8(0x23);
    writeU32(this.#writer, global(slot.name, type, slot.mutable));
  }

  /** Processors divide the least number by −1; Wasm traps there. */
  #divide({ type, left, right }: Extract<GuestCode, { op: "divide" }>): void {
    const writer = this.#writer;
    this.write(left);
    const dividend = this.#set(type);
    this.write(right);
    const divisor = this.#tee(type);
    this.#constant(type, -1);
    writer.u8(type === "i32" ? 0x46 : 0x51);
    this.#if(type);
    this.#constant(type, 0);
    this.#get(dividend);
    writer.u8(type === "i32" ? 0x6b : 0x7d);
    writer.u8(0x05);
    this.#get(dividend);
    this.#get(divisor);
    writer.u8(type === "i32" ? 0x6d : 0x7f);
    writer.u8(0x0b);
  }

  #truncate(code: GuestCode): void {
    const writer = this.#writer;
    this.write(code);
    const value = this.#tee("f64");
    // What is left after multiples of 2⁶⁴ is exact; of infinities nothing is, and that has no integer part.
    this.#get(value);
    this.#constant("f64", 2 ** -64);
    writer.copy(Uint8Array.of(0xa2, 0x9d));
    this.#constant("f64", 2 ** 64);
    writer.copy(Uint8Array.of(0xa2, 0xa1, 0x22));
    writeU32(writer, value);
    this.#constant("f64", -(2 ** 63));
    writer.u8(0x63);
    this.#if("i64");
    this.#get(value);
    this.#constant("f64", 2 ** 64);
    writer.copy(Uint8Array.of(0xa0, 0xfc, 0x07, 0x05));
    this.#get(value);
    this.#constant("f64", 2 ** 63);
    writer.u8(0x63);
    this.#if("i64");
    this.#get(value);
    writer.copy(Uint8Array.of(0xfc, 0x06, 0x05));
    this.#get(value);
    writer.copy(Uint8Array.of(0xfc, 0x07, 0x0b, 0x0b));
  }

  #if(type: GuestNumber): void {
    this.#writer.copy(Uint8Array.of(0x04, valueTypes[type]));
  }

  #tee(type: GuestNumber): number {
    return this.#store(0x22, type);
  }

  #set(type: GuestNumber): number {
    return this.#store(0x21, type);
  }

  #store(opcode: number, type: GuestNumber): number {
    const local = this.#locals.push(type) - 1;
    this.#writer.u8(opcode);
    writeU32(this.#writer, local);
    return local;
  }

  #get(local: number): void {
    this.#writer.u8(0x20);
    writeU32(this.#writer, local);
  }
}

function section(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.view();
}

const numbers = ["i32", "i64", "f32", "f64"] as const;
const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;

function loadOpcode({ type, size, sign }: Extract<GuestCode, { op: "load" }>): number {
  if (type === "f32") return 0x2a;
  if (type === "f64") return 0x2b;
  const signed = sign === "signed";
  if (type === "i32") return size === 1 ? (signed ? 0x2c : 0x2d) : size === 2 ? (signed ? 0x2e : 0x2f) : 0x28;
  if (size === 1) return signed ? 0x30 : 0x31;
  if (size === 2) return signed ? 0x32 : 0x33;
  return size === 4 ? (signed ? 0x34 : 0x35) : 0x29;
}

/** Source: core specification, binary format, "Numeric Instructions". */
const opcodes: Readonly<Record<GuestInstruction, readonly number[]>> = {
  "i32.eqz": [0x45],
  "i32.eq": [0x46],
  "i32.ne": [0x47],
  "i32.lt_s": [0x48],
  "i32.lt_u": [0x49],
  "i32.gt_s": [0x4a],
  "i32.gt_u": [0x4b],
  "i32.le_s": [0x4c],
  "i32.le_u": [0x4d],
  "i32.ge_s": [0x4e],
  "i32.ge_u": [0x4f],
  "i64.eqz": [0x50],
  "i64.eq": [0x51],
  "i64.ne": [0x52],
  "i64.lt_s": [0x53],
  "i64.lt_u": [0x54],
  "i64.gt_s": [0x55],
  "i64.gt_u": [0x56],
  "i64.le_s": [0x57],
  "i64.le_u": [0x58],
  "i64.ge_s": [0x59],
  "i64.ge_u": [0x5a],
  "f64.eq": [0x61],
  "f64.ne": [0x62],
  "f64.lt": [0x63],
  "f64.gt": [0x64],
  "f64.le": [0x65],
  "f64.ge": [0x66],
  "i32.add": [0x6a],
  "i32.sub": [0x6b],
  "i32.mul": [0x6c],
  "i32.div_u": [0x6e],
  "i32.rem_s": [0x6f],
  "i32.rem_u": [0x70],
  "i32.and": [0x71],
  "i32.or": [0x72],
  "i32.xor": [0x73],
  "i32.shl": [0x74],
  "i32.shr_s": [0x75],
  "i32.shr_u": [0x76],
  "i64.add": [0x7c],
  "i64.sub": [0x7d],
  "i64.mul": [0x7e],
  "i64.div_u": [0x80],
  "i64.rem_s": [0x81],
  "i64.rem_u": [0x82],
  "i64.and": [0x83],
  "i64.or": [0x84],
  "i64.xor": [0x85],
  "i64.shl": [0x86],
  "i64.shr_s": [0x87],
  "i64.shr_u": [0x88],
  "f32.neg": [0x8c],
  "f64.neg": [0x9a],
  "f64.add": [0xa0],
  "f64.sub": [0xa1],
  "f64.mul": [0xa2],
  "f64.div": [0xa3],
  "i32.wrap_i64": [0xa7],
  "i64.extend_i32_s": [0xac],
  "i64.extend_i32_u": [0xad],
  "f32.demote_f64": [0xb6],
  "f64.convert_i32_s": [0xb7],
  "f64.convert_i32_u": [0xb8],
  "f64.convert_i64_s": [0xb9],
  "f64.convert_i64_u": [0xba],
  "f64.promote_f32": [0xbb],
  "i32.extend8_s": [0xc0],
  "i32.extend16_s": [0xc1],
};
