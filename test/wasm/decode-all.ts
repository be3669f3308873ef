import { toDefinedFuncIndex, toModuleOffset } from "../../src/base/brand.ts";
import type { ByteCursor } from "../../src/base/bytes.ts";
import { MalformedError } from "../../src/base/errors.ts";
import { readIndexSpaces } from "../../src/wasm/index-spaces.ts";
import { readModule } from "../../src/wasm/module.ts";
import { writeEditedModule } from "../../src/wasm/module-writer.ts";
import { BRANCH_HINT_SECTION, readBranchHints } from "../../src/wasm/sections/branch-hints.ts";
import { BUILD_ID_SECTION, readBuildId } from "../../src/wasm/sections/build-id.ts";
import { findBodyAt, readFunctionBody } from "../../src/wasm/sections/code.ts";
import {
  EXTERNAL_DEBUG_INFO_SECTION,
  readExternalDebugInfo,
} from "../../src/wasm/sections/external-debug-info.ts";
import { NAME_SECTION, readNameSection } from "../../src/wasm/sections/name.ts";
import {
  readSourceMappingUrl,
  SOURCE_MAPPING_URL_SECTION,
} from "../../src/wasm/sections/source-mapping-url.ts";

/**
 * Decodes everything the readers can decode, going on behind each MalformedError, and answers them.
 * Whatever else is thrown comes out: it is a bug.
 */
export function decodeAll(bytes: Uint8Array): readonly MalformedError[] {
  const errors: MalformedError[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      errors.push(error);
      return undefined;
    }
  };

  const module = attempt(() => readModule(bytes));
  if (!module) return errors;
  attempt(() => module.types);
  attempt(() => module.imports);
  attempt(() => module.functions);
  attempt(() => module.tables);
  attempt(() => module.memories);
  attempt(() => module.tags);
  attempt(() => module.globals);
  attempt(() => module.exports);
  attempt(() => module.start);
  attempt(() => module.elements);
  attempt(() => module.dataCount);
  attempt(() => module.data);
  attempt(() => readIndexSpaces(module));
  attempt(() => writeEditedModule(module, { standard: new Map([["start", undefined]]) }));

  const code = attempt(() => module.code);
  for (let index = 0; index < (code?.count ?? 0); index++) {
    attempt(() => code && readFunctionBody(bytes, code, toDefinedFuncIndex(index)));
  }
  if (code) findBodyAt(code, toModuleOffset(bytes.length >> 1));

  const custom = (name: string, read: (cursor: ByteCursor) => unknown): void => {
    const cursor = module.customCursor(name);
    if (cursor) attempt(() => read(cursor));
  };
  custom(BRANCH_HINT_SECTION, readBranchHints);
  custom(BUILD_ID_SECTION, readBuildId);
  custom(EXTERNAL_DEBUG_INFO_SECTION, readExternalDebugInfo);
  custom(SOURCE_MAPPING_URL_SECTION, readSourceMappingUrl);
  custom(NAME_SECTION, (cursor) => {
    const names = readNameSection(cursor);
    attempt(() => names.moduleName);
    for (const kind of ["function", "type", "table", "memory", "global", "element", "data", "tag"] as const) {
      attempt(() => [...names.names(kind).entries()]);
    }
    for (const kind of ["local", "label", "field"] as const) {
      for (const index of attempt(() => names.indexesWith(kind)) ?? []) {
        attempt(() => [...names.namesWithin(kind, index).entries()]);
      }
    }
  });
  return errors;
}
