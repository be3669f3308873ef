import { readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import type { SourceFile } from "../../src/debuginfo/debug-info.ts";
import {
  type DebugInfoBeside,
  type OpenedDebugInfo,
  openDebugInfo,
} from "../../src/debuginfo/open-debug-info.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import { fromRoot } from "./paths.ts";

let known: Gimli | undefined;

/** The committed gimli-wasm. */
export function gimli(): Gimli {
  known ??= Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
  return known;
}

/** The debug info of a module, by the committed gimli-wasm, and what lies beside it. */
export function openInfo(module: Uint8Array | WasmModule, beside: DebugInfoBeside = {}): OpenedDebugInfo {
  return openDebugInfo(module, gimli(), beside);
}

/** The one source whose path ends with `end`. */
export function sourceNamed({ info }: OpenedDebugInfo, end: string): SourceFile {
  const found = info.sources().filter(({ path }) => path.endsWith(end));
  const [source] = found;
  if (!source || found.length > 1) throw new Error(`${found.length} sources end with ${end}`);
  return source;
}
