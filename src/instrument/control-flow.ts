import { MalformedError } from "../base/errors.ts";
import type { CodeReader } from "../wasm/code-reader.ts";
import {
  allInstructions,
  BLOCK,
  BR,
  BR_IF,
  BR_ON_CAST,
  BR_ON_CAST_FAIL,
  BR_ON_NON_NULL,
  BR_ON_NULL,
  BR_TABLE,
  CATCH,
  CATCH_ALL,
  DELEGATE,
  ELSE,
  END,
  endsControlFlow,
  IF,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
  TRY,
  TRY_TABLE,
} from "../wasm/instructions.ts";

// What an event says; its low four bits. The other bits are an argument.
export const GET = 0;
export const SET = 1;
export const SITE = 2;
/** Argument: the label. */
export const JUMP = 3;
/** Argument: the label. */
export const BRANCH = 4;
/** Argument: where in `lists` a count and the labels are. */
export const SWITCH = 5;
/** Leaves the function, or to a handler. */
export const EXIT = 6;
/** A block begins. Argument: 1 for an if. */
export const OPEN = 7;
export const OTHERWISE = 8;
/** A handler begins. Argument: 1 for the first of its try. */
export const HANDLER = 9;
/** A block, an if, or a try that catches nothing itself ends. */
export const CLOSE = 10;
/** Argument: number of the loop. */
export const CLOSE_LOOP = 11;
/** A try with handlers ends. */
export const CLOSE_TRY = 12;
/** Argument: where in `lists` a count and the labels of its catch clauses are. */
export const CLOSE_TRY_TABLE = 13;

/** Width of the kind in an event. */
export const KIND_BITS = 4;

/** By first byte: whether `ControlFlow.note` has anything to note about an instruction. All others may be left out. */
export const CONCERNS_FLOW: Uint8Array = new Uint8Array(256);
for (const { opcode } of allInstructions()) {
  const byte = opcode > 0xff ? opcode >>> 16 : opcode;
  if (concernsFlow(opcode)) CONCERNS_FLOW[byte] = 1;
}

function concernsFlow(opcode: number): boolean {
  switch (opcode) {
    case LOCAL_GET:
    case LOCAL_SET:
    case LOCAL_TEE:
    case BLOCK:
    case LOOP:
    case IF:
    case ELSE:
    case END:
    case TRY:
    case CATCH:
    case CATCH_ALL:
    case DELEGATE:
    case TRY_TABLE:
    case BR_IF:
    case BR_ON_NULL:
    case BR_ON_NON_NULL:
    case BR_ON_CAST:
    case BR_ON_CAST_FAIL:
      return true;
    default:
      return endsControlFlow(opcode);
  }
}

/**
 * What one function body does with its locals and its control, instruction by instruction, in a form that can
 * be read backwards; and, on the way there, whether the place reached can be reached at run time.
 *
 * One object serves all functions: `begin`, then `note` for every instruction.
 */
export class ControlFlow {
  /** The first `length` are valid. */
  events: Int32Array = new Int32Array(4096);
  length = 0;
  /** Vectors of labels that events refer to. */
  readonly lists: number[] = [];
  loopCount = 0;
  siteCount = 0;
  /** Events that join or copy whole sets of locals. */
  joinCount = 0;
  maxDepth = 0;
  /** Whether the place behind the noted instructions is reachable, as validation sees it. */
  isReachable = true;

  /** Open blocks, the function itself first. */
  readonly #blocks: number[] = [];
  readonly #arguments: number[] = [];
  /** How many blocks were open where the code became unreachable. */
  #unreachableDepth = 0;
  readonly #labels: number[] = [];
  #localCount = 0;

  /** Begins another function. `localCount`: its params and locals. */
  begin(localCount: number): void {
    this.#localCount = localCount;
    this.length = 0;
    this.lists.length = 0;
    this.loopCount = 0;
    this.siteCount = 0;
    this.joinCount = 0;
    this.maxDepth = 1;
    this.isReachable = true;
    this.#blocks.length = 0;
    this.#arguments.length = 0;
    this.#open(BLOCK, 0);
    this.length = 0;
  }

  /** Blocks open now, the function among them; 0 behind its last `end`. */
  get depth(): number {
    return this.#blocks.length;
  }

  /** A site stands before the instruction noted next. */
  site(): void {
    this.#push(SITE, 0);
    this.siteCount++;
  }

  /**
   * The instruction `reader` stands at.
   *
   * @throws {MalformedError} `bad-structure` for an `end`, `else` or handler without its block; `bad-index` for a
   * label that names no block and a local there is not.
   */
  note(reader: CodeReader): void {
    const { opcode } = reader;
    switch (opcode) {
      case LOCAL_GET:
        this.#push(GET, this.#checkedLocal(reader));
        return;
      case LOCAL_SET:
      case LOCAL_TEE:
        this.#push(SET, this.#checkedLocal(reader));
        return;
      case BLOCK:
      case IF:
      case TRY:
        this.#open(opcode, 0);
        return;
      case LOOP:
        this.#open(opcode, this.loopCount++);
        return;
      case TRY_TABLE:
        reader.catchLabels(this.#labels);
        this.#open(opcode, this.#list(reader));
        return;
      case ELSE:
        this.#continueBlock(reader);
        this.#pushJoin(OTHERWISE, 0);
        return;
      case CATCH:
      case CATCH_ALL:
        this.#continueBlock(reader);
        this.#pushJoin(HANDLER, this.#isFirstHandler() ? 1 : 0);
        return;
      case END:
      case DELEGATE:
        this.#close(reader);
        return;
      case BR_IF:
      case BR_ON_NULL:
      case BR_ON_NON_NULL:
        this.#pushJoin(BRANCH, this.#checkedLabel(reader.index(), reader));
        return;
      case BR_ON_CAST:
      case BR_ON_CAST_FAIL:
        // The label stands behind a byte of flags.
        this.#pushJoin(BRANCH, this.#checkedLabel(reader.castLabel(), reader));
        return;
      case BR:
        this.#pushJoin(JUMP, this.#checkedLabel(reader.index(), reader));
        break;
      case BR_TABLE:
        reader.labels(this.#labels);
        this.#pushJoin(SWITCH, this.#list(reader));
        break;
      default:
        if (!endsControlFlow(opcode)) return;
        this.#pushJoin(EXIT, 0);
    }
    if (this.isReachable) {
      this.isReachable = false;
      this.#unreachableDepth = this.#blocks.length;
    }
  }

  #open(opcode: number, argument: number): void {
    this.#blocks.push(opcode);
    this.#arguments.push(argument);
    this.maxDepth = Math.max(this.maxDepth, this.#blocks.length);
    this.#pushJoin(OPEN, opcode === IF ? 1 : 0);
  }

  #close(reader: CodeReader): void {
    this.#continueBlock(reader);
    const opcode = this.#blocks.pop();
    const argument = this.#arguments.pop() ?? 0;
    if (opcode === LOOP) this.#pushJoin(CLOSE_LOOP, argument);
    else if (opcode === TRY_TABLE) this.#pushJoin(CLOSE_TRY_TABLE, argument);
    else if (opcode === TRY && argument > 0) this.#pushJoin(CLOSE_TRY, 0);
    else this.#pushJoin(CLOSE, 0);
  }

  /** What comes next is reachable if the block is, whatever came before. */
  #continueBlock(reader: CodeReader): void {
    if (this.#blocks.length === 0)
      throw malformed(reader, "bad-structure", `${reader.mnemonic} outside of any block`);
    if (this.#unreachableDepth === this.#blocks.length) {
      this.isReachable = true;
      this.#unreachableDepth = 0;
    }
  }

  /** Counts a try's handlers in its argument. */
  #isFirstHandler(): boolean {
    const last = this.#blocks.length - 1;
    const handlers = this.#arguments[last] ?? 0;
    this.#arguments[last] = handlers + 1;
    return handlers === 0;
  }

  /** Keeps `#labels`; answers where. */
  #list(reader: CodeReader): number {
    const at = this.lists.length;
    this.lists.push(this.#labels.length);
    for (const label of this.#labels) this.lists.push(this.#checkedLabel(label, reader));
    this.joinCount += this.#labels.length;
    return at;
  }

  #checkedLocal(reader: CodeReader): number {
    const local = reader.index();
    if (local >= this.#localCount) throw malformed(reader, "bad-index", `there is no local ${local}`);
    return local;
  }

  #checkedLabel(label: number, reader: CodeReader): number {
    if (label >= this.#blocks.length) throw malformed(reader, "bad-index", `label ${label} names no block`);
    return label;
  }

  #pushJoin(kind: number, argument: number): void {
    this.joinCount++;
    this.#push(kind, argument);
  }

  #push(kind: number, argument: number): void {
    if (this.length === this.events.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.events);
      this.events = larger;
    }
    this.events[this.length++] = (argument << KIND_BITS) | kind;
  }
}

function malformed(reader: CodeReader, code: "bad-structure" | "bad-index", detail: string): MalformedError {
  return new MalformedError(code, "code", reader.offset, detail);
}
