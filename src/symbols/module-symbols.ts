import type { FuncIndex } from "../base/brand.ts";
import { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { DW_AT_location, DW_OP_addr, DW_OP_addrx } from "../dwarf/constants.ts";
import type { Die } from "../dwarf/die.ts";
import { readUleb } from "../dwarf/dwarf-leb128.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import { findSubprogramAt, type ScopeChain, scopeChainsAt } from "../dwarf/scopes.ts";
import type { FrameContext } from "./frame-context.ts";
import { NameIndex } from "./name-index.ts";
import type { Formatter, FrameScopes, SymbolModule } from "./symbol-frame.ts";
import type { SymbolsParts } from "./symbols-parts.ts";
import { plainType, type RecordType, type Type, type TypeArgument } from "./types/type.ts";
import { readTypeArguments } from "./types/type-arguments.ts";
import { TypeTable } from "./types/type-table.ts";
import { readInteger } from "./values/number.ts";

/** Kept for the session; of the functions a user looks into there are fewer. */
const mostChains = 1000;
const mostPlaces = 1000;

/** What is known of a module's types and names for the whole session. */
export class ModuleSymbols implements SymbolModule {
  readonly parts: SymbolsParts;
  /** `undefined` for a module without DWARF. */
  readonly names: NameIndex | undefined;
  readonly types: TypeTable;
  readonly #dwarf: DwarfModule | undefined;
  #vtables: Map<bigint, Die> | undefined;
  readonly #formatters = new WeakMap<RecordType, { readonly formatter: Formatter | undefined }>();

  constructor(parts: SymbolsParts) {
    this.parts = parts;
    this.#dwarf = parts.dwarf;
    this.names = this.#dwarf && new NameIndex(this.#dwarf);
    this.types = new TypeTable((declaration) => this.names?.findDefinition(declaration));
  }

  /** The type that a trait object's table of functions at an address is for. All tables are found at the first call. */
  typeOfVtable(address: bigint): Type | undefined {
    if (!this.#vtables) {
      this.#vtables = new Map();
      for (const die of this.names?.vtables() ?? []) {
        const at = fixedAddress(die);
        if (at !== undefined) this.#vtables.set(at, die);
      }
    }
    const die = this.#vtables.get(address);
    const type = die && plainType(this.types.typeOf(die));
    return type?.kind === "record" ? type.containingType : undefined;
  }

  /**
   * The types that a function was made with, or the class it is declared in where it is no template itself; none where
   * the debug info does not tell.
   */
  typeArgumentsOfFunction(func: FuncIndex): readonly TypeArgument[] {
    const start = this.parts.facts.functionStart(func);
    const known = start === undefined ? undefined : this.parts.debugInfo.functionAt(start)?.die;
    try {
      const die = known && this.#dwarf?.dieAt(known.offset);
      if (!die) return [];
      const typeOf = (argument: Die) => this.types.typeOf(argument);
      let declaration = die;
      for (const origin of die.origins()) {
        const own = readTypeArguments(origin, typeOf);
        if (own.length > 0) return own;
        declaration = origin;
      }
      return declaration.parent ? readTypeArguments(declaration.parent, typeOf) : [];
    } catch (error) {
      if (error instanceof MalformedError) return [];
      throw error;
    }
  }

  /** What shows values of a type better than their fields. Found once per type. */
  formatterOf(type: RecordType): Formatter | undefined {
    let known = this.#formatters.get(type);
    if (!known) {
      known = { formatter: this.parts.formatters?.formatterOf(type) };
      this.#formatters.set(type, known);
    }
    return known.formatter;
  }

  /** The scopes of a frame and the subprogram its code belongs to; `undefined` where DWARF does not describe it. */
  scopesOf(frame: FrameContext): FrameScopes | undefined {
    const { function: func, inlineDepth = 0 } = frame;
    const offset = frame.scopeOffset ?? frame.offset;
    const known = this.#scopes.get(offset);
    if (known?.func === func && known.inlineDepth === inlineDepth) return known.scopes;
    const scopes = this.#readScopes(frame);
    if (this.#scopes.size >= mostPlaces) this.#scopes.clear();
    this.#scopes.set(offset, { func, inlineDepth, scopes });
    return scopes;
  }
  /** By offset, those asked for last there: who steps comes by the same places again. */
  readonly #scopes = new Map<
    number,
    { readonly func: number; readonly inlineDepth: number; readonly scopes: FrameScopes | undefined }
  >();

  #readScopes(frame: FrameContext): FrameScopes | undefined {
    try {
      const subprogram = this.#subprogramOf(frame);
      if (!subprogram) return undefined;
      const chains = scopeChainsAt(subprogram, this.parts.codeOffset(frame.scopeOffset ?? frame.offset));
      const chain = chains[frame.inlineDepth ?? 0] ?? chains.at(-1) ?? chains[0];
      return { chain: this.#known(chain), subprogram };
    } catch (error) {
      if (error instanceof MalformedError) return undefined;
      throw error;
    }
  }

  /** The same chain as at an earlier stop, with what has been found out about its variables. */
  #known(chain: ScopeChain): ScopeChain {
    const innermost = chain.scopes.at(-1)?.offset ?? 0;
    const known = this.#chains.get(innermost);
    if (known) return known;
    if (this.#chains.size >= mostChains) this.#chains.clear();
    this.#chains.set(innermost, chain);
    return chain;
  }
  /** By the offset of the innermost scope. */
  readonly #chains = new Map<number, ScopeChain>();

  #subprogramOf(frame: FrameContext): Die | undefined {
    const { debugInfo, codeOffset } = this.parts;
    const dwarf = this.#dwarf;
    if (!dwarf) return undefined;
    const known = debugInfo.functionAt(frame.offset)?.die;
    return known ? dwarf.dieAt(known.offset) : findSubprogramAt(dwarf, codeOffset(frame.offset));
  }
}

/** Where a variable is that is always in the same place; `undefined` for others and what cannot be read. */
function fixedAddress(variable: Die): bigint | undefined {
  try {
    const bytes = variable.expression(DW_AT_location);
    const { unit } = variable;
    if (bytes?.[0] === DW_OP_addrx) {
      const cursor = new ByteCursor(bytes, "location", 1);
      const index = readUleb(cursor);
      return cursor.atEnd ? unit.address(Number(index)) : undefined;
    }
    if (bytes?.[0] !== DW_OP_addr || bytes.length !== 1 + unit.addressSize) return undefined;
    return readInteger(bytes.subarray(1), "unsigned");
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
