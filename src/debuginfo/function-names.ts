import { type CodeOffset, type DefinedFuncIndex, type FuncIndex, toModuleOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { once } from "../base/once.ts";
import { demangle, isMangled, readableGo, readableRust } from "../demangle/demangle.ts";
import { DW_AT_decl_line } from "../dwarf/constants.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import type { InlinedCallEntry } from "../dwarf/inlined-calls.ts";
import { declaredName } from "../dwarf/qualified-name.ts";
import { isLikeC } from "../dwarf/source-language.ts";
import { isDwarfError, type Subprogram, type Subprograms } from "../dwarf/subprograms.ts";
import { codeOffsetOf } from "../wasm/code-offsets.ts";
import type { WasmModule } from "../wasm/module.ts";
import { GO_BUILD_ID_SECTION, type NameSection } from "../wasm/sections/name.ts";

/** The DWARF of a module, when it has some that can be trusted. */
export interface DwarfNames {
  readonly module: DwarfModule;
  readonly subprograms: Subprograms;
}

/**
 * What the functions of a module are called: by their DWARF, else by the name section, else by an export, else
 * by number.
 *
 * A source that is malformed is reported once and then passed over.
 */
export class FunctionNames {
  readonly #module: WasmModule;
  readonly #dwarf: DwarfNames | undefined;
  readonly #report: (sentence: string) => void;
  readonly #broken = new Set<string>();

  constructor(module: WasmModule, dwarf: DwarfNames | undefined, report: (sentence: string) => void) {
    this.#module = module;
    this.#dwarf = dwarf;
    this.#report = report;
  }

  /** As a user of the language would write it. */
  nameOf(index: FuncIndex, die: Subprogram | undefined): string {
    return (
      (die && this.#dwarfName(index, die)) ??
      this.#sectionName(index) ??
      this.#exportNames().get(index) ??
      `func[${index}]`
    );
  }

  /** The mangled name that the linker knows it by, where that is not the one `shown`. */
  linkerName(index: FuncIndex, die: Subprogram | undefined, shown: string): string | undefined {
    const names = [die?.linkageName, this.#rawName(index), this.#exportNames().get(index)];
    return names.find((name) => name !== undefined && name !== shown && (isMangled(name) || this.#isGo()));
  }

  /** What the name section and an export call it. */
  otherNames(index: FuncIndex): readonly string[] {
    const raw = this.#rawName(index);
    const mangled = raw !== undefined && (isMangled(raw) || this.#isGo()) ? raw : undefined;
    return [this.#sectionName(index), this.#exportNames().get(index), mangled].filter(
      (name) => name !== undefined,
    );
  }

  /** The DIE of a defined function. */
  dieOf(body: DefinedFuncIndex): Subprogram | undefined {
    const [begin, end] = this.#addresses(body);
    return this.#dwarf?.subprograms.find(begin, end);
  }

  /** The line its declaration begins on, 0-based. */
  declarationLine(body: DefinedFuncIndex): number | undefined {
    const subprogram = this.dieOf(body);
    if (!subprogram) return undefined;
    return this.#attempt("declarations", () => {
      const die = this.#dwarf?.module.dieAt(subprogram.offset);
      const line = die?.holder(DW_AT_decl_line)?.constant(DW_AT_decl_line);
      return line === undefined || line < 1n ? undefined : Number(line) - 1;
    });
  }

  /** The calls that were inlined into a defined function. */
  inlinedCalls(body: DefinedFuncIndex): readonly InlinedCallEntry[] {
    const subprogram = this.dieOf(body);
    return (subprogram && this.#dwarf?.subprograms.inlinedCalls(subprogram)) ?? [];
  }

  /** Where the code of functions begins into which calls were inlined of functions whose own names have `word` in them. */
  functionsInlining(word?: string): Iterable<CodeOffset> {
    return this.#dwarf?.subprograms.inlining(word) ?? [];
  }

  /** What was called by a call that was inlined into a function of this unit. */
  inlinedName({ die, name, linkageName }: InlinedCallEntry): string {
    const module = this.#dwarf?.module;
    const found = this.#attempt("declarations", () => {
      const entry = module?.dieAt(die);
      if (entry && !isLikeC(entry.unit.language)) return declaredName(entry);
      const text = (at: typeof name) =>
        at.section === 0 ? undefined : module?.read((columns) => columns.string(at.section, at.offset));
      return unmangledName(text(name), text(linkageName));
    });
    return found || "(inlined function)";
  }

  /** The name section's names, for whoever else looks for one. */
  get names(): NameSection | undefined {
    return this.#names();
  }
  readonly #names = once(() => this.#attempt("name section", () => this.#module.names));

  readonly #exportNames = once(() => {
    const names = new Map<number, string>();
    const exports = this.#attempt("exports", () => this.#module.exports) ?? [];
    for (const { kind, index, name } of exports)
      if (kind === "func" && !names.has(index)) names.set(index, name);
    return names;
  });

  /**
   * DWARF's own name has no namespace and no parameters. Where a language mangles names, the linker has written the whole
   * signature into the name section, and the linkage name has it; else the DIEs around the function tell what it is declared in.
   */
  #dwarfName(index: FuncIndex, { unit, name, linkageName, offset }: Subprogram): string | undefined {
    const isMangledName = linkageName !== undefined && isMangled(linkageName);
    if (isMangledName) {
      const written = this.#sectionName(index);
      const isWritten = written !== undefined && !isMangled(written) && !linkageName.startsWith("_D");
      const demangled = isWritten ? written : demangle(linkageName);
      if (demangled !== undefined) return demangled;
    }
    const module = this.#dwarf?.module;
    if (module && !isLikeC(module.units[unit]?.language ?? 0)) {
      const qualified = this.#attempt("declarations", () => {
        const die = module.dieAt(offset);
        return die && declaredName(die);
      });
      if (qualified !== undefined) return qualified;
    }
    return unmangledName(name, linkageName);
  }

  /** The name section's name as a user would write it: linkers demangle C++, some of them, and of Rust what looks like it. */
  #sectionName(index: FuncIndex): string | undefined {
    const name = this.#rawName(index);
    if (name !== undefined && this.#isGo()) return readableGo(name);
    if (name === undefined || !isMangled(name)) return name && readableRust(name);
    return demangle(name) ?? name;
  }

  readonly #isGo = once(() => this.#module.hasCustom(GO_BUILD_ID_SECTION));

  #rawName(index: FuncIndex): string | undefined {
    return this.#attempt("function names", () => this.names?.names("function").find(index));
  }

  #addresses(body: DefinedFuncIndex): [CodeOffset, CodeOffset] {
    const { code } = this.#module;
    const at = (column: Uint32Array) => codeOffsetOf(code, toModuleOffset(column[body] ?? 0));
    return [at(code.bodyStarts), at(code.bodyEnds)];
  }

  #attempt<T>(what: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!isDwarfError(error) && !(error instanceof MalformedError)) throw error;
      if (!this.#broken.has(what)) this.#report(`Some ${what} cannot be read: ${error.message}.`);
      this.#broken.add(what);
      return undefined;
    }
  }
}

/** Zig does not mangle: to its linker a function is called as in source, with all that it is declared in. */
function unmangledName(name: string | undefined, linkageName: string | undefined): string | undefined {
  const isQualified = name !== undefined && linkageName?.endsWith(`.${name}`);
  return isQualified ? linkageName : (name ?? linkageName);
}
