import { ByteWriter } from "../../src/base/bytes.ts";
import { writeU32 } from "../../src/base/leb128.ts";
import type { SiteRequests } from "../../src/instrument/site-requests.ts";
import { readIndexSpaces } from "../../src/wasm/index-spaces.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { appendEntries, writeEditedModule } from "../../src/wasm/module-writer.ts";

/** A module with code added that nobody calls, and where the statements of that code are. */
export interface WithDeadCode {
  readonly module: WasmModule;
  /** Statements of the guest's own functions and of the added ones. */
  readonly sites: SiteRequests;
  /** Index of the first added function. */
  readonly firstDeadFunction: number;
}

/** Adds copies of all functions, at their end, until the copies have so many statements. */
export function withDeadCode(module: WasmModule, sites: SiteRequests, statements: number): WithDeadCode {
  const copies = Math.ceil(statements / sites.offset.length);
  const { code, functions } = module;
  const types = new ByteWriter();
  const bodies = new ByteWriter();
  for (let copy = 0; copy < copies; copy++) {
    for (let body = 0; body < code.count; body++) {
      const start = code.bodyStarts[body] as number;
      const end = code.bodyEnds[body] as number;
      writeU32(types, functions[body] as number);
      writeU32(bodies, end - start);
      bodies.copy(module.bytes, start, end);
    }
  }
  const added = copies * code.count;
  const standard = new Map([
    ["function", appendEntries(module, "function", added, types.view())] as const,
    ["code", appendEntries(module, "code", added, bodies.view())] as const,
  ]);
  const larger = readModule(writeEditedModule(module, { standard }));
  const { imported } = readIndexSpaces(module);
  return {
    module: larger,
    sites: copySites(module, larger, sites),
    firstDeadFunction: imported.functions + code.count,
  };
}

/** Statements of every body of `larger`, whose bodies are those of `module` over and over. */
function copySites(module: WasmModule, larger: WasmModule, sites: SiteRequests): SiteRequests {
  const offset: number[] = [];
  const line: number[] = [];
  for (let body = 0; body < larger.code.count; body++) {
    const original = body % module.code.count;
    const start = module.code.bodyStarts[original] as number;
    const end = module.code.bodyEnds[original] as number;
    const shift = (larger.code.bodyStarts[body] as number) - start;
    for (const [index, at] of sites.offset.entries()) {
      if (at < start || at >= end) continue;
      offset.push(at + shift);
      line.push(sites.line[index] as number);
    }
  }
  return { offset: Uint32Array.from(offset), line: Uint32Array.from(line) };
}
