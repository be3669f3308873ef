import type { ModuleOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import {
  BLOCK,
  CATCH,
  CATCH_ALL,
  DELEGATE,
  END,
  IF,
  LOOP,
  THROW,
  TRY,
  TRY_TABLE,
} from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { findBodyAt, readFunctionBody } from "../wasm/sections/code.ts";

/** A stretch of code `from` ≤ offset < `to` whose exceptions go to handlers of its own function. */
interface Guarded {
  readonly from: number;
  readonly to: number;
  /** Tags that a handler is for. */
  readonly tags: readonly number[];
  /** Whether there is a handler for every exception. */
  readonly all: boolean;
}

/** Whether exceptions are caught by the functions they pass, found out from the functions' code alone. */
export class CatchingFrames {
  readonly #module: WasmModule;
  readonly #guarded = new Map<number, readonly Guarded[]>();

  constructor(module: WasmModule) {
    this.#module = module;
  }

  /** The tag of the `throw` at a place; `undefined` where no `throw` is. */
  tagAt(point: ModuleOffset): number | undefined {
    const body = findBodyAt(this.#module.code, point);
    if (body === undefined) return undefined;
    const reader = new CodeReader(this.#module.bytes, point, this.#module.code.bodyEnds[body] as number);
    return reader.next() && reader.opcode === THROW ? reader.index() : undefined;
  }

  /**
   * Whether a function that stands at a call, or throws, may catch an exception of this tag. `allCatches` says whether a
   * handler for every exception counts: those of C++ only clean up and pass it on. But what is passed on may still be
   * caught by the same function, where that has a handler for the tag at all.
   */
  catches(offset: ModuleOffset, tag: number, allCatches: boolean): boolean {
    const body = findBodyAt(this.#module.code, offset);
    if (body === undefined) return false;
    let guarded = this.#guarded.get(body);
    if (!guarded) {
      guarded = this.#read(body);
      this.#guarded.set(body, guarded);
    }
    const allMayCatch = allCatches || guarded.some(({ tags }) => tags.includes(tag));
    return guarded.some(
      ({ from, to, tags, all }) =>
        offset >= from && offset < to && (tags.includes(tag) || (all && allMayCatch)),
    );
  }

  #read(body: NonNullable<ReturnType<typeof findBodyAt>>): readonly Guarded[] {
    const { bytes, code } = this.#module;
    const walk = new Walk();
    try {
      const { instructionsStart, end } = readFunctionBody(bytes, code, body);
      const reader = new CodeReader(bytes, instructionsStart, end);
      while (reader.next()) walk.add(reader);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
    return walk.guarded;
  }
}

interface Open {
  readonly from: number;
  /** Of a `try`, once its first handler begins. */
  to?: number;
  readonly tags: number[];
  all: boolean;
}

class Walk {
  readonly guarded: Guarded[] = [];
  readonly #open: (Open | undefined)[] = [];

  add(reader: CodeReader): void {
    const { opcode, offset, end } = reader;
    const innermost = this.#open.at(-1);
    switch (opcode) {
      case TRY:
        this.#open.push({ from: end, tags: [], all: false });
        break;
      case TRY_TABLE: {
        const clauses = reader.catches();
        const tags = clauses.flatMap(({ tag }) => tag ?? []);
        this.#open.push({ from: end, tags, all: clauses.some(({ tag }) => tag === undefined) });
        break;
      }
      case CATCH:
      case CATCH_ALL:
        if (!innermost) break;
        innermost.to ??= offset;
        if (opcode === CATCH_ALL) innermost.all = true;
        else innermost.tags.push(reader.index());
        break;
      case END:
      case DELEGATE: {
        const closed = this.#open.pop();
        if (!closed || (closed.tags.length === 0 && !closed.all)) break;
        this.guarded.push({ ...closed, to: closed.to ?? offset });
        break;
      }
      case BLOCK:
      case LOOP:
      case IF:
        this.#open.push(undefined);
    }
  }
}
