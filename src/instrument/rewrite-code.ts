import { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readU32, writeU32 } from "../base/leb128.ts";
import type { IndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { CodeSection } from "../wasm/sections/code.ts";
import type { AppendedLayout } from "./appended.ts";
import { writeAppendedBodies } from "./appended-functions.ts";
import { Column } from "./columns.ts";
import type { OffsetMap } from "./offset-map.ts";
import { writeProbe } from "./probe.ts";
import type { SiteTable } from "./site-table.ts";

export interface RewrittenCode {
  /** Of the code section. */
  readonly payload: Uint8Array;
  /** Its `instrumented` and `end` count from the start of the payload. */
  readonly map: OffsetMap;
  /** By site: where the `if` of its probe is, in bytes from the start of its function's body. */
  readonly branchOffsets: Uint32Array;
  /** By site: bytes that it and the sites before it in its function insert. */
  readonly insertedUpTo: Uint32Array;
}

/** The code section with a probe at every site and the appended functions behind the module's own. */
export function rewriteCode(
  module: WasmModule,
  spaces: IndexSpaces,
  sites: SiteTable,
  layout: AppendedLayout,
): RewrittenCode {
  const rewriter = new CodeRewriter(module, spaces.imported.functions, sites, layout);
  for (let body = 0; body < module.code.count; body++) rewriter.addBody(body);
  return rewriter.finish();
}

/** Writes the code section body by body; those without sites together, as they are. */
class CodeRewriter {
  readonly #bytes: Uint8Array;
  readonly #code: CodeSection;
  readonly #importedFunctions: number;
  readonly #sites: SiteTable;
  readonly #layout: AppendedLayout;
  readonly #payload: ByteWriter;
  /** The body being written. */
  readonly #body = new ByteWriter(1 << 16);
  // Columns of the map.
  readonly #instrumented = new Column();
  readonly #original = new Column();
  readonly #inserted = new Column();
  readonly #branchOffsets: Uint32Array;
  readonly #insertedUpTo: Uint32Array;
  /** The next one to write a probe for. */
  #site = 0;
  /** Offset in the original from which on nothing has been written. */
  #rest: number;
  /** Instrumented minus original offset behind the last entry of the map. */
  #shift: number | undefined;

  constructor(module: WasmModule, importedFunctions: number, sites: SiteTable, layout: AppendedLayout) {
    this.#bytes = module.bytes;
    this.#code = module.code;
    this.#importedFunctions = importedFunctions;
    this.#sites = sites;
    this.#layout = layout;
    this.#branchOffsets = new Uint32Array(sites.count);
    this.#insertedUpTo = new Uint32Array(sites.count);
    const { start, end, count } = this.#code;
    this.#payload = new ByteWriter(end - start + sites.count * 24 + sites.spillLocal.length * 10 + 1024);
    writeU32(this.#payload, count + layout.functionCount);
    this.#rest = firstEntry(module.bytes, this.#code);
  }

  /** `index` counts defined functions; bodies are added in order. */
  addBody(index: number): void {
    const start = this.#code.bodyStarts[index] as number;
    const end = this.#code.bodyEnds[index] as number;
    const func = index + this.#importedFunctions;
    if (this.#sites.function[this.#site] !== func) {
      this.#mapUnchanged(start);
      return;
    }
    const sizeStart = index === 0 ? this.#rest : (this.#code.bodyEnds[index - 1] as number);
    this.#payload.copy(this.#bytes, this.#rest, sizeStart);
    const firstEntry = this.#instrumented.length;
    this.#writeBody(func, start, end);
    writeU32(this.#payload, this.#body.length);
    const base = this.#payload.length;
    for (let entry = firstEntry; entry < this.#instrumented.length; entry++) {
      this.#instrumented.set(entry, this.#instrumented.at(entry) + base);
    }
    this.#payload.append(this.#body);
    this.#rest = end;
    this.#shift = this.#payload.length - end;
  }

  finish(): RewrittenCode {
    this.#payload.copy(this.#bytes, this.#rest, this.#code.end);
    const end = this.#payload.length;
    writeAppendedBodies(this.#payload, this.#layout);
    return {
      payload: this.#payload.view(),
      map: {
        instrumented: this.#instrumented.toArray(),
        original: this.#original.toArray(),
        inserted: this.#inserted.toArray(),
        end,
      },
      branchOffsets: this.#branchOffsets,
      insertedUpTo: this.#insertedUpTo,
    };
  }

  /** Puts the body with its probes into `#body`; map entries count from its start for now. */
  #writeBody(func: number, start: number, end: number): void {
    const sites = this.#sites;
    const body = this.#body;
    body.clear();
    this.#addToMap(0, start, 0);
    let copied = start;
    let inserted = 0;
    for (; sites.function[this.#site] === func; this.#site++) {
      const offset = sites.offset[this.#site] as number;
      body.copy(this.#bytes, copied, offset);
      copied = offset;
      const probe = body.length;
      this.#branchOffsets[this.#site] = writeProbe(body, this.#site, sites, this.#layout);
      this.#addToMap(probe, offset, body.length - probe);
      inserted += body.length - probe;
      this.#insertedUpTo[this.#site] = inserted;
    }
    body.copy(this.#bytes, copied, end);
  }

  /** The body that starts at `start` of the original will be copied with all since `#rest`. */
  #mapUnchanged(start: number): void {
    const shift = this.#payload.length - this.#rest;
    if (shift === this.#shift) return;
    this.#shift = shift;
    this.#addToMap(start + shift, start, 0);
  }

  #addToMap(instrumented: number, original: number, inserted: number): void {
    this.#instrumented.push(instrumented);
    this.#original.push(original);
    this.#inserted.push(inserted);
  }
}

/** Of the first body's size, behind the count of bodies. */
function firstEntry(bytes: Uint8Array, code: CodeSection): number {
  if (code.count === 0) return code.end;
  const cursor = new ByteCursor(bytes, "code", code.start, code.end);
  readU32(cursor);
  return cursor.position;
}
