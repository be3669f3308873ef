import type { CodeReader } from "../wasm/code-reader.ts";
import { accessSizeBytes } from "../wasm/disassemble.ts";
import type { IndexSpaces } from "../wasm/index-spaces.ts";
import { allInstructions, instructionInfo, type Opcode, type OperandType } from "../wasm/instructions.ts";
import { F32, F64, I32, I64, V128, type ValueType } from "../wasm/value-type.ts";
import type { SiteTable } from "./site-table.ts";

/** What an instruction that writes to a memory does with its operands. */
export interface StoreShape {
  /**
   * `plain`: always writes `widthBytes`. `exchange`: writes only if what is there, which it leaves on the operand stack,
   * is what its second operand says. `bulk`: writes as many bytes as its last operand says.
   */
  readonly kind: "plain" | "exchange" | "bulk";
  /** Bytes; 0 for `bulk`. */
  readonly widthBytes: number;
  /** Operands, the last on top. The first is the address. */
  readonly operands: readonly OperandType[];
}

/** A store at its place: its shape, and all that depends on the module. */
export interface Store {
  readonly shape: StoreShape;
  /** Index of the memory that is written to. */
  readonly memory: number;
  /** Whether that memory's addresses have 64 bits. */
  readonly is64: boolean;
  /** Added to the address; bytes. */
  readonly offset: bigint;
  readonly operands: readonly ValueType[];
}

/** What an instruction writes, or `undefined` for one that writes to no memory. `memory.grow` adds zeros where there was nothing. */
export const findStore = (opcode: Opcode): StoreShape | undefined => shapes.get(opcode);

/** By first byte: whether some instruction that begins with it is a store. */
export const MAY_STORE: Uint8Array = new Uint8Array(256);

const shapes = new Map<Opcode, StoreShape>();
for (const { opcode, mnemonic, signature } of allInstructions()) {
  const shape = signature && shapeOf(mnemonic, signature.params);
  if (!shape) continue;
  shapes.set(opcode, shape);
  MAY_STORE[opcode > 0xff ? opcode >>> 16 : opcode] = 1;
}

function shapeOf(mnemonic: string, operands: readonly OperandType[]): StoreShape | undefined {
  if (/^memory\.(?:fill|copy|init)$/.test(mnemonic)) return { kind: "bulk", widthBytes: 0, operands };
  if (!/^(?:[if](?:32|64)|v128)\.(?:atomic\.)?(?:store|rmw)/.test(mnemonic)) return undefined;
  const kind = mnemonic.includes("cmpxchg") ? "exchange" : "plain";
  return { kind, widthBytes: accessSizeBytes(mnemonic), operands };
}

/** The store that `reader` stands at. @throws {MalformedError} when its immediates are malformed. */
function readStore(reader: CodeReader, shape: StoreShape, spaces: IndexSpaces): Store {
  const [first, second] = memoriesOf(reader, shape);
  const isWide = (memory: number): boolean => spaces.memories[memory]?.addressType === "i64";
  const is64 = isWide(first);
  const address = (wide: boolean): ValueType => (wide ? I64 : I32);
  const types: Readonly<Record<OperandType, ValueType>> = {
    i32: I32,
    i64: I64,
    f32: F32,
    f64: F64,
    v128: V128,
    address: address(is64),
    address2: address(isWide(second)),
    size: address(is64 && isWide(second)),
  };
  return {
    shape,
    memory: first,
    is64,
    offset: shape.kind === "bulk" ? 0n : reader.memarg().offset,
    operands: shape.operands.map((type) => types[type]),
  };
}

/** The memory written to, and the other one that the instruction names, if it does. */
function memoriesOf(reader: CodeReader, shape: StoreShape): readonly [number, number] {
  if (shape.kind !== "bulk") {
    const { memory } = reader.memarg();
    return [memory, memory];
  }
  const immediates = instructionInfo(reader.opcode)?.immediates ?? [];
  // `memory.init` names its segment first.
  if (immediates[0] !== "memory") return [reader.secondIndex(), 0];
  return immediates[1] === "memory" ? [reader.index(), reader.secondIndex()] : [reader.index(), 0];
}

/** A store (or what writes the stack pointer), and where the instruction ends. */
export interface PlacedStore {
  readonly store: Store | undefined;
  readonly end: number;
}

/**
 * The stores of a function, and what is checked like them, by their row in `table`, of which `first` is the first.
 *
 * @param end Of the function's body.
 */
export function placedStores(
  { function: functions, offset: offsets }: SiteTable,
  first: number,
  func: number,
  reader: CodeReader,
  end: number,
  spaces: IndexSpaces,
): ReadonlyMap<number, PlacedStore> {
  const found = new Map<number, PlacedStore>();
  for (let row = first; functions[row] === func; row++) {
    reader.reset(offsets[row] as number, end);
    reader.next();
    const shape = findStore(reader.opcode);
    const store = shape && readStore(reader, shape, spaces);
    found.set(row, { end: reader.end, store });
  }
  return found;
}
