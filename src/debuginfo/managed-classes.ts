import { BR_TABLE, CALL, END, I32_CONST, LOCAL_GET, RETURN } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readerOf } from "./function-reader.ts";

/** A field of an object, as the code that reads it sees it. */
export interface ManagedField {
  readonly name: string;
  /** Bytes from where references to the object lead. */
  readonly offset: number;
  readonly type: FieldType;
  /** Whether the collector follows it: it is a reference to another object. */
  readonly isReference: boolean;
}

/** What a load instruction makes of memory: `f64`, `i32` of 8 bits without a sign. */
export interface FieldType {
  readonly bytes: number;
  readonly kind: "signed" | "unsigned" | "float";
}

type Names = ReadonlyMap<number, string>;

/**
 * Names of classes by their ids: the collector's function branches by id to the function that follows the references of a
 * class, which is called after it; constructors of the others ask for memory with their id.
 */
export function readVisitedClasses(
  module: WasmModule,
  names: Names,
  imported: number,
): ReadonlyMap<number, string> {
  const classes = new Map<number, string>(builtinClasses);
  for (const [func, name] of names) {
    if (name.endsWith("#constructor")) {
      const id = constructedId(module, names, func, imported);
      if (id !== undefined && !classes.has(id)) classes.set(id, name.slice(0, -"#constructor".length));
    }
    if (name === "~lib/rt/__visit_members") addVisited(module, names, func, imported, classes);
  }
  return classes;
}

/** Source: AssemblyScript's compiler, which numbers these first. */
const builtinClasses: readonly (readonly [number, string])[] = [
  [0, "Object"],
  [1, "ArrayBuffer"],
  [2, "String"],
];

function addVisited(
  module: WasmModule,
  names: Names,
  func: number,
  imported: number,
  classes: Map<number, string>,
): void {
  const reader = readerOf(module, func, imported);
  const labels: number[] = [];
  if (!reader) return;
  while (reader.next()) {
    if (reader.opcode !== BR_TABLE) continue;
    reader.labels(labels);
    break;
  }
  // Each label is the end of one block further out, with what is done for its classes behind it.
  let ends = 0;
  let isAnswered = false;
  while (reader.next()) {
    const { opcode } = reader;
    if (opcode === END) {
      ends++;
      isAnswered = false;
    } else if (opcode === RETURN) {
      isAnswered = true;
    } else if (opcode === CALL && !isAnswered) {
      const [, name] = /^(.*)~visit$/.exec(names.get(reader.index()) ?? "") ?? [];
      if (name === undefined) continue;
      for (const [id, label] of labels.slice(0, -1).entries()) if (label === ends - 1) classes.set(id, name);
    }
  }
}

/** The class a constructor makes an object of: `i32.const size`, `i32.const id`, `call __new`. */
function constructedId(module: WasmModule, names: Names, func: number, imported: number): number | undefined {
  const reader = readerOf(module, func, imported);
  let last: number | undefined;
  let isSized = false;
  while (reader?.next()) {
    if (reader.opcode === I32_CONST) {
      isSized = last !== undefined;
      last = reader.i32();
      continue;
    }
    const makes = reader.opcode === CALL && /\/__new$/.test(names.get(reader.index()) ?? "");
    if (makes && isSized) return last;
    last = undefined;
    isSized = false;
  }
  return undefined;
}

/** The class that another one extends: its constructor hands the object on to the constructor of that. */
export function readBaseClass(
  module: WasmModule,
  names: Names,
  imported: number,
  className: string,
): string | undefined {
  for (const [func, name] of names) {
    if (name !== `${className}#constructor`) continue;
    const reader = readerOf(module, func, imported);
    while (reader?.next()) {
      const callee = reader.opcode === CALL ? (names.get(reader.index()) ?? "") : "";
      if (callee.endsWith("#constructor") && callee !== name) return callee.slice(0, -"#constructor".length);
    }
  }
  return undefined;
}

/** Fields of a class by its accessors: `local.get 0`, a load, and nothing more. */
export function readFields(
  module: WasmModule,
  names: Names,
  imported: number,
  className: string,
): readonly ManagedField[] {
  const fields: ManagedField[] = [];
  const references = new Set<number>();
  for (const [func, name] of names) {
    if (!name.startsWith(className)) continue;
    if (name === `${className}~visit`) {
      for (const offset of loadedOffsets(module, func, imported)) references.add(offset);
    }
    const [, field] = name.startsWith(`${className}#get:`) ? [0, name.slice(className.length + 5)] : [];
    const load = field === undefined ? undefined : accessorLoad(module, func, imported);
    if (field !== undefined && load) fields.push({ name: field, ...load, isReference: false });
  }
  return fields
    .map((field) => ({ ...field, isReference: references.has(field.offset) && field.type.bytes === 4 }))
    .sort((a, b) => a.offset - b.offset);
}

function accessorLoad(
  module: WasmModule,
  func: number,
  imported: number,
): { readonly offset: number; readonly type: FieldType } | undefined {
  const reader = readerOf(module, func, imported);
  const opcodes: number[] = [];
  let offset = 0;
  while (reader?.next() && opcodes.length < 4) {
    if (opcodes.length === 0 && reader.opcode === LOCAL_GET && reader.index() !== 0) return undefined;
    if (opcodes.length === 1 && loads.has(reader.opcode)) offset = Number(reader.memarg().offset);
    opcodes.push(reader.opcode);
  }
  const type = loads.get(opcodes[1] ?? -1);
  const isAccessor = opcodes.length === 3 && opcodes[0] === LOCAL_GET && opcodes[2] === END;
  return type && isAccessor ? { offset, type } : undefined;
}

/** Offsets of what a function loads from the object it is given, all of 32 bits. */
function loadedOffsets(module: WasmModule, func: number, imported: number): readonly number[] {
  const reader = readerOf(module, func, imported);
  const offsets: number[] = [];
  let isObject = false;
  while (reader?.next()) {
    if (isObject && reader.opcode === I32_LOAD) offsets.push(Number(reader.memarg().offset));
    isObject = reader.opcode === LOCAL_GET && reader.index() === 0;
  }
  return offsets;
}

const I32_LOAD = 0x28;
const type = (bytes: number, kind: FieldType["kind"]): FieldType => ({ bytes, kind });

/** Source: core specification, "Memory Instructions" of the binary format. */
const loads: ReadonlyMap<number, FieldType> = new Map([
  [I32_LOAD, type(4, "signed")],
  [0x29, type(8, "signed")],
  [0x2a, type(4, "float")],
  [0x2b, type(8, "float")],
  [0x2c, type(1, "signed")],
  [0x2d, type(1, "unsigned")],
  [0x2e, type(2, "signed")],
  [0x2f, type(2, "unsigned")],
]);
