import { ByteCursor, ByteWriter } from "../base/bytes.ts";
import { readU32 } from "../base/leb128.ts";
import type { IndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { CodeSection } from "../wasm/sections/code.ts";
import type { AppendedLayout } from "./appended.ts";
import { writeAppendedBodies } from "./appended-functions.ts";
import { type OffsetMap, OffsetMapBuilder } from "./offset-map.ts";
import { MOST_U32_BYTES, mostProbeBytes, putCheck, putSuspension, putU32 } from "./probe.ts";
import type { SiteTable } from "./site-table.ts";

/** The code section with probes, and where everything in it has come to be. */
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
  readonly #source: Uint8Array;
  readonly #code: CodeSection;
  readonly #importedFunctions: number;
  readonly #sites: SiteTable;
  readonly #layout: AppendedLayout;
  /** The payload: `#length` bytes so far. */
  #bytes: Uint8Array;
  #length: number;
  readonly #map: OffsetMapBuilder;
  readonly #branchOffsets: Uint32Array;
  readonly #insertedUpTo: Uint32Array;
  /** The next one to write a probe for. */
  #site = 0;
  /** Offset in the original from which on nothing has been written. */
  #rest: number;
  /** Instrumented minus original offset behind the last entry of the map. */
  #shift: number | undefined;

  constructor(module: WasmModule, importedFunctions: number, sites: SiteTable, layout: AppendedLayout) {
    const { bytes, code } = module;
    this.#source = bytes;
    this.#code = code;
    this.#importedFunctions = importedFunctions;
    this.#sites = sites;
    this.#layout = layout;
    this.#map = new OffsetMapBuilder(sites.count + code.count);
    this.#branchOffsets = new Uint32Array(sites.count);
    this.#insertedUpTo = new Uint32Array(sites.count);
    // A usual probe has some 16 bytes besides its spills, of which few are reloaded; more room is made when needed.
    const probes = sites.count * 20 + sites.spillLocal.length * 6;
    this.#bytes = new Uint8Array(code.end - code.start + probes + 1024);
    this.#length = putU32(this.#bytes, 0, code.count + layout.functionCount);
    this.#rest = firstEntry(bytes, code);
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
    this.#copy(this.#rest, index === 0 ? this.#rest : (this.#code.bodyEnds[index - 1] as number));
    this.#makeRoom(MOST_U32_BYTES);
    const sizeAt = this.#length;
    const written = sizeAt + MOST_U32_BYTES;
    this.#length = written;
    const firstEntry = this.#map.count;
    this.#writeBody(func, start, end);
    const size = this.#length - written;
    // The size comes first and is known last: the body moves up to it.
    const base = putU32(this.#bytes, sizeAt, size);
    this.#bytes.copyWithin(base, written, this.#length);
    this.#length = base + size;
    this.#map.move(firstEntry, base);
    this.#rest = end;
    this.#shift = this.#length - end;
  }

  finish(): RewrittenCode {
    this.#copy(this.#rest, this.#code.end);
    const end = this.#length;
    const appended = new ByteWriter();
    writeAppendedBodies(appended, this.#layout);
    this.#makeRoom(appended.length);
    this.#bytes.set(appended.view(), end);
    return {
      payload: this.#bytes.subarray(0, end + appended.length),
      map: this.#map.finish(end),
      branchOffsets: this.#branchOffsets,
      insertedUpTo: this.#insertedUpTo,
    };
  }

  /** Writes the body with its probes, without its size. Map entries count from its start for now. */
  #writeBody(func: number, start: number, end: number): void {
    const sites = this.#sites;
    const layout = this.#layout;
    const { spillStart } = sites;
    const base = this.#length;
    this.#map.add(0, start, 0);
    let copied = start;
    let inserted = 0;
    let site = this.#site;
    for (; sites.function[site] === func; site++) {
      const offset = sites.offset[site] as number;
      this.#copy(copied, offset);
      copied = offset;
      const spills = (spillStart[site + 1] as number) - (spillStart[site] as number);
      this.#makeRoom(mostProbeBytes(spills, spills));
      const probe = this.#length;
      const branch = putCheck(this.#bytes, probe, site, layout);
      this.#length = putSuspension(this.#bytes, branch, site, sites, layout);
      this.#branchOffsets[site] = branch - base;
      this.#map.add(probe - base, offset, this.#length - probe);
      inserted += this.#length - probe;
      this.#insertedUpTo[site] = inserted;
    }
    this.#site = site;
    this.#copy(copied, end);
  }

  /** The body that starts at `start` of the original will be copied with all since `#rest`. */
  #mapUnchanged(start: number): void {
    const shift = this.#length - this.#rest;
    if (shift === this.#shift) return;
    this.#shift = shift;
    this.#map.add(start + shift, start, 0);
  }

  /** Bytes `from` to `to` (exclusive) of the original. */
  #copy(from: number, to: number): void {
    const size = to - from;
    if (size === 0) return;
    this.#makeRoom(size);
    const bytes = this.#bytes;
    const source = this.#source;
    const length = this.#length;
    this.#length = length + size;
    // For a few bytes a loop is faster than making a view to copy from.
    if (size > 12) bytes.set(source.subarray(from, to), length);
    else for (let at = 0; at < size; at++) bytes[length + at] = source[from + at] as number;
  }

  #makeRoom(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** Of the first body's size, behind the count of bodies. */
function firstEntry(bytes: Uint8Array, code: CodeSection): number {
  if (code.count === 0) return code.end;
  const cursor = new ByteCursor(bytes, "code", code.start, code.end);
  readU32(cursor);
  return cursor.position;
}
