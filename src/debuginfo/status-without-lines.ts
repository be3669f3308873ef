import { ifWellFormed } from "../base/if-well-formed.ts";
import type { WasmModule } from "../wasm/module.ts";
import { EXTERNAL_DEBUG_INFO_SECTION, readExternalDebugInfo } from "../wasm/sections/external-debug-info.ts";
import { GO_BUILD_ID_SECTION, NAME_SECTION } from "../wasm/sections/name.ts";
import { readSourceMappingUrl, SOURCE_MAPPING_URL_SECTION } from "../wasm/sections/source-mapping-url.ts";
import type { DebugInfoStatus } from "./debug-info.ts";

/**
 * Why a module's DWARF gives no lines: there is none; its line programs have no rows; they are about code that is not
 * there; they are malformed.
 */
export type WithoutDwarf = "absent" | "emptied" | "foreign" | "unreadable";

/**
 * The status of a module that has no usable line table: why that is, and what the user can do. `whyNotElsewhere` says why
 * the source map or the file of debug info that it names gives no lines either.
 */
export function statusWithoutLines(
  module: WasmModule,
  dwarf: WithoutDwarf,
  whyNotElsewhere: string | undefined,
): DebugInfoStatus {
  if (dwarf !== "absent") return { kind: "none", ...unusable[dwarf] };
  const hasNames = module.hasCustom(NAME_SECTION);
  if (isGo(module))
    return hasNames ? { kind: "names", reason: noLinesInGo } : { kind: "none", ...noNamesInGo };
  const reason = whyNotElsewhere ?? debugInfoElsewhere(module);
  if (reason !== undefined) return { kind: hasNames ? "names" : "none", reason };
  return hasNames ? { kind: "names" } : { kind: "none", ...nothing };
}

const isGo = (module: WasmModule): boolean => module.hasCustom(GO_BUILD_ID_SECTION);

const noLinesInGo =
  "Go's compiler writes no debug info for WebAssembly but the names of functions. Breakpoints can be set on those, such as main.main, and their code is shown in place of a source.";

const noNamesInGo: Why = {
  cause: "linked with -s",
  reason:
    "Go's compiler writes no debug info for WebAssembly but the names of functions, and this program was linked without them. Link it without -s. Until then, its code is shown in place of a source, by number.",
};

/** Why there are no lines: in sentences with what to do, and in a few words. */
interface Why {
  readonly reason: string;
  readonly cause: string;
}

const nothing: Why = {
  cause: "compiled without -g, or stripped",
  reason:
    "The module has no debug info. Compile and link it with -g, and do not strip it (Rust: debug = true in the profile). Until then, its code is shown in place of a source.",
};

const linkApart =
  "Tell clang not to run wasm-opt with --no-wasm-opt, or compile with -c and link in a step of its own without -O.";

const unusable: Readonly<Record<Exclude<WithoutDwarf, "absent">, Why>> = {
  emptied: {
    cause: "wasm-opt emptied the line table",
    reason: `The module's line table is empty: wasm-opt has rewritten the code after linking and dropped its lines. ${linkApart}`,
  },
  foreign: {
    cause: "the line table is not about this code",
    reason: `The module's line table is not about its code, which a tool must have rewritten after linking. ${linkApart}`,
  },
  unreadable: {
    cause: "the line table is malformed",
    reason: "The module's line table is malformed and cannot be read.",
  },
};

function debugInfoElsewhere(module: WasmModule): string | undefined {
  const external = ifWellFormed(() => {
    const cursor = module.customCursor(EXTERNAL_DEBUG_INFO_SECTION);
    return cursor && readExternalDebugInfo(cursor);
  });
  if (external !== undefined)
    return `The module's debug info is in another file, ${external}, which was not looked for.`;
  const map = ifWellFormed(() => {
    const cursor = module.customCursor(SOURCE_MAPPING_URL_SECTION);
    return cursor && readSourceMappingUrl(cursor);
  });
  if (map !== undefined) return `The module has a source map, ${shorten(map)}, which has not been read.`;
  return undefined;
}

/** A source map may be in the URL itself. */
const shorten = (url: string): string => (url.length > 80 ? `${url.slice(0, 80)}…` : url);
