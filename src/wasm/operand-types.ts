import { toFuncIndex } from "../base/brand.ts";
import type { CodeReader } from "./code-reader.ts";
import { findFuncType, findTypeOfFunction, findTypeOfTag, type IndexSpaces } from "./index-spaces.ts";
import * as op from "./instructions.ts";
import type { BlockType } from "./operands.ts";
import type { FuncType } from "./sections/type.ts";
import { F32, F64, I32, I64, V128, type ValueType } from "./value-type.ts";

/** Stands for a type that is not followed: such operands cannot be taken off the stack and put back by their type. */
export const UNKNOWN_TYPE = 0;

/**
 * Types of what is on the operand stack, instruction by instruction, as validation computes them.
 *
 * Of references that instructions make, only that they are there is known. One object serves all functions:
 * `begin`, then `note` for every instruction. What is said in code that cannot be reached means nothing.
 */
export class OperandTypes {
  /** Bottom first; `depth` of them count. */
  readonly types: ValueType[] = [];
  /** Of each, the offset behind the instruction that put the value there: `local.tee` leaves it there. */
  readonly since: number[] = [];
  depth = 0;
  readonly #spaces: IndexSpaces;
  readonly #blocks: Block[] = [];
  #locals: readonly ValueType[] = [];
  #floor = 0;
  /** Behind the instruction at hand. */
  #behind = 0;

  constructor(spaces: IndexSpaces) {
    this.#spaces = spaces;
  }

  /** Begins another function. `locals`: types of its params and locals. */
  begin(type: FuncType | undefined, locals: readonly ValueType[]): void {
    this.depth = 0;
    this.#floor = 0;
    this.#locals = locals;
    this.#blocks.length = 0;
    this.#blocks.push({ height: 0, params: none, results: type?.results ?? none, isDead: false });
  }

  /** Operands from here on are those of the innermost block: no instruction in it can get at the ones below. */
  get floor(): number {
    return this.#floor;
  }

  /** Whether the place behind the noted instructions can be reached, as validation sees it. */
  get isReachable(): boolean {
    return this.#blocks.at(-1)?.isDead === false;
  }

  /** The instruction `reader` stands at. Makes no use of malformed code, and does not say so. */
  note(reader: CodeReader): void {
    const { opcode } = reader;
    this.#behind = reader.end;
    // All code of a module comes through here before it starts, most of it once: hence no iterators.
    const effect = opcode < oneByte.length ? oneByte[opcode] : effects.get(opcode);
    if (effect === undefined) {
      this.#noteOther(opcode, reader);
      return;
    }
    this.#pop(effect.pops);
    const { pushes } = effect;
    if (pushes !== undefined) this.#push(pushes === "address" ? this.#addressType(reader) : pushes);
  }

  #noteOther(opcode: number, reader: CodeReader): void {
    switch (opcode) {
      case op.LOCAL_GET:
        this.#push(this.#locals[reader.index()]);
        return;
      case op.LOCAL_TEE:
        this.#retype(this.#locals[reader.index()]);
        return;
      case op.GLOBAL_GET:
        this.#push(this.#spaces.globals[reader.index()]?.type);
        return;
      case TABLE_GET:
        this.#pop(1);
        this.#push(this.#spaces.tables[reader.index()]?.type);
        return;
      case op.CALL:
        this.#call(findTypeOfFunction(this.#spaces, toFuncIndex(reader.index())), 0);
        return;
      case op.CALL_INDIRECT:
      case op.CALL_REF:
        this.#call(findFuncType(this.#spaces, reader.index()), 1);
        return;
      case op.BLOCK:
      case op.LOOP:
      case op.TRY:
      case op.TRY_TABLE:
        this.#open(reader.blockType());
        return;
      case op.IF:
        this.#pop(1);
        this.#open(reader.blockType());
        return;
      case op.ELSE:
        this.#restart(this.#blocks.at(-1)?.params ?? none);
        return;
      case op.CATCH:
        this.#restart(findTypeOfTag(this.#spaces, reader.index())?.params ?? none);
        return;
      case op.CATCH_ALL:
        this.#restart(none);
        return;
      case op.END:
      case op.DELEGATE:
        this.#close();
        return;
      case SELECT:
      case TYPED_SELECT: {
        const type = this.types[this.depth - 2];
        this.#pop(3);
        this.#push(type);
        return;
      }
      case STRUCT_NEW: {
        const composite = this.#spaces.types[reader.index()]?.composite;
        this.#pop(composite?.kind === "struct" ? composite.fields.length : 0);
        this.#push(UNKNOWN_TYPE as ValueType);
        return;
      }
      case ARRAY_NEW_FIXED:
        this.#pop(reader.secondIndex());
        this.#push(UNKNOWN_TYPE as ValueType);
        return;
      default:
        if (op.endsControlFlow(opcode)) this.#die();
    }
  }

  #addressType(reader: CodeReader): ValueType {
    const isTable = reader.opcode === TABLE_SIZE || reader.opcode === TABLE_GROW;
    const { memories, tables } = this.#spaces;
    const of = isTable ? tables[reader.index()]?.limits : memories[reader.index()];
    return of?.addressType === "i64" ? I64 : I32;
  }

  #call(type: FuncType | undefined, more: number): void {
    this.#pop((type?.params.length ?? 0) + more);
    for (const result of type?.results ?? none) this.#push(result);
  }

  #open(blockType: BlockType): void {
    const { params, results } = this.#signatureOf(blockType);
    this.#pop(params.length);
    this.#floor = this.depth;
    this.#blocks.push({ height: this.depth, params, results, isDead: !this.isReachable });
    // The params stay where they are.
    for (const param of params) this.types[this.depth++] = param;
  }

  #signatureOf(blockType: BlockType): Pick<FuncType, "params" | "results"> {
    if (blockType === undefined) return { params: none, results: none };
    if (typeof blockType === "number") return { params: none, results: [blockType] };
    return findFuncType(this.#spaces, blockType.typeIndex) ?? { params: none, results: none };
  }

  /** Another part of the block begins: it can be reached if the block can. */
  #restart(params: readonly ValueType[]): void {
    const block = this.#blocks.at(-1);
    if (!block) return;
    this.depth = block.height;
    block.isDead = this.#blocks.at(-2)?.isDead ?? false;
    for (const param of params) this.#push(param);
  }

  #close(): void {
    const block = this.#blocks.pop();
    if (!block) return;
    this.depth = block.height;
    this.#floor = this.#blocks.at(-1)?.height ?? 0;
    for (const result of block.results) this.#push(result);
  }

  #die(): void {
    const block = this.#blocks.at(-1);
    if (!block) return;
    this.depth = block.height;
    block.isDead = true;
  }

  /** The same value, as another type. */
  #retype(type: ValueType | undefined): void {
    if (this.depth > this.floor) this.types[this.depth - 1] = type ?? (UNKNOWN_TYPE as ValueType);
  }

  #push(type: ValueType | undefined): void {
    this.since[this.depth] = this.#behind;
    this.types[this.depth++] = type ?? (UNKNOWN_TYPE as ValueType);
  }

  /** In code that cannot be reached there may be fewer: the rest is made up. */
  #pop(count: number): void {
    const depth = this.depth - count;
    this.depth = depth > this.#floor ? depth : this.#floor;
  }
}

interface Block {
  /** Depth of the stack below the block's params. */
  readonly height: number;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Whether the place reached in it cannot be reached. */
  isDead: boolean;
}

/** What an instruction does to the stack, whatever comes before it. */
interface Effect {
  readonly pops: number;
  readonly pushes: ValueType | "address" | undefined;
}

const none: readonly ValueType[] = [];

const opcodeOf = (mnemonic: string): number => op.findOpcode(mnemonic) ?? -1;
const TABLE_GET = opcodeOf("table.get");
const TABLE_SIZE = opcodeOf("table.size");
const TABLE_GROW = opcodeOf("table.grow");
const SELECT = opcodeOf("select");
const TYPED_SELECT = 0x1c;
const STRUCT_NEW = opcodeOf("struct.new");
const ARRAY_NEW_FIXED = opcodeOf("array.new_fixed");

const NUMBERS: Readonly<Record<string, ValueType>> = { i32: I32, i64: I64, f32: F32, f64: F64, v128: V128 };

/** Of instructions whose signatures the table leaves open: how many operands they take, and what they leave (? is unknown). */
const OTHERS = `
drop 1 | local.set 1 | global.set 1 | table.set 2 | table.grow 2 = address | table.fill 3 | br_if 1
ref.null 0 = ? | ref.is_null 1 = i32 | ref.func 0 = ? | ref.eq 2 = i32 | ref.as_non_null 1 = ?
br_on_null 1 = ? | br_on_non_null 1 | br_on_cast 1 = ? | br_on_cast_fail 1 = ?
struct.new_default 0 = ? | struct.get 1 = ? | struct.get_s 1 = i32 | struct.get_u 1 = i32 | struct.set 2
array.new 2 = ? | array.new_default 1 = ? | array.new_data 2 = ? | array.new_elem 2 = ?
array.get 2 = ? | array.get_s 2 = i32 | array.get_u 2 = i32 | array.set 3 | array.len 1 = i32
array.fill 4 | array.copy 5 | array.init_data 4 | array.init_elem 4
ref.test 1 = i32 | ref.cast 1 = ? | any.convert_extern 1 = ? | extern.convert_any 1 = ?
ref.i31 1 = ? | i31.get_s 1 = i32 | i31.get_u 1 = i32
`;

const effects = new Map<number, Effect>();
for (const { opcode, signature } of op.allInstructions()) {
  if (!signature) continue;
  const [result, ...more] = signature.results;
  if (more.length > 0) throw new Error(`opcode ${opcode} has ${signature.results.length} results`);
  effects.set(opcode, {
    pops: signature.params.length,
    pushes: result === undefined ? undefined : resultOf(result),
  });
}
for (const entry of OTHERS.split(/[|\n]/)) {
  const [mnemonic = "", pops, , result] = entry.trim().split(" ");
  if (mnemonic === "") continue;
  const effect = { pops: Number(pops), pushes: result === undefined ? undefined : resultOf(result) };
  for (const { opcode } of formsOf(mnemonic)) effects.set(opcode, effect);
}
/** Those of opcodes of one byte. */
const oneByte = Array.from({ length: 0x100 }, (_, opcode) => effects.get(opcode));

function resultOf(name: string): ValueType | "address" {
  return name === "address" || name === "address2" || name === "size"
    ? "address"
    : (NUMBERS[name] ?? (UNKNOWN_TYPE as ValueType));
}

/** `ref.test` and `ref.cast` are two instructions each. */
function* formsOf(mnemonic: string): Iterable<op.InstructionInfo> {
  for (const info of op.allInstructions()) if (info.mnemonic === mnemonic) yield info;
}
