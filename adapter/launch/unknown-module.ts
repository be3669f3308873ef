import { toLineKey } from "../../src/base/brand.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import { ModuleNames } from "../../src/debuginfo/module-names.ts";
import { unknownShape } from "../../src/debuginfo/stack-shape.ts";
import { Disassembly } from "../../src/disassembly/disassembly.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import { ExpressionError } from "../../src/symbols/variable.ts";
import { readModule } from "../../src/wasm/module.ts";

/** Stands for a module of a coredump that was not found: nothing is known of it. */
export class UnknownModule {
  /** The coredump's own path: there is no other file. */
  readonly path: string;
  readonly code = new ModuleCode(readModule(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
  readonly debugInfo: DebugInfo = {
    status: {
      kind: "none",
      reason: "The program of the coredump was not found: its functions are known by their numbers only.",
    },
    problems: [],
    sources: () => [],
    statements: () => ({ offset: new Uint32Array(0), line: new Uint32Array(0) }),
    resolveLine: () => undefined,
    linesWithCode: () => [],
    locate: () => undefined,
    lineKeyAt: () => toLineKey(0),
    functionAt: () => undefined,
    stackShape: () => unknownShape,
    stackPointerGlobal: undefined,
  };

  readonly disassembly: Disassembly;

  constructor(path: string) {
    this.path = path;
    const { module } = this.code;
    const { debugInfo } = this;
    this.disassembly = new Disassembly({ module, names: new ModuleNames(module, debugInfo), debugInfo });
  }

  symbolsFor(): Symbols {
    return {
      scopes: async () => [],
      parameters: async () => [],
      evaluate: unknown,
      describeType: unknown,
      complete: async (_frame, _text, column) => ({ start: column, items: [] }),
      textOf: async () => "",
      memoryChanged: () => {},
    };
  }
}

async function unknown(): Promise<never> {
  throw new ExpressionError("The program was not found: nothing in it has a name.", 0);
}
