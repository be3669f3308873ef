import type { CodeOffset } from "../base/brand.ts";
import { DW_TAG_inlined_subroutine, DW_TAG_lexical_block, DW_TAG_subprogram } from "./constants.ts";
import type { Die } from "./die.ts";
import type { DwarfModule } from "./dwarf-module.ts";

/**
 * One frame as the source has it: a function, or a call of one that was inlined.
 *
 * `scopes` begins with the function's own DIE and goes inwards through the lexical blocks that hold the address.
 */
export interface ScopeChain {
  /** DW_TAG_subprogram or DW_TAG_inlined_subroutine. */
  readonly function: Die;
  readonly scopes: readonly Die[];
}

/**
 * The frames that stand for one Wasm frame at `address`, innermost inlined call first; the last is
 * `subprogram` itself. @throws {MalformedError} `dwarf`
 */
export function scopeChainsAt(subprogram: Die, address: CodeOffset): readonly [ScopeChain, ...ScopeChain[]] {
  let scopes: Die[] = [subprogram];
  let innermost: ScopeChain = { function: subprogram, scopes };
  const outer: ScopeChain[] = [];
  for (let inner = childScopeAt(subprogram, address); inner; inner = childScopeAt(inner, address)) {
    if (inner.tag === DW_TAG_inlined_subroutine) {
      outer.unshift(innermost);
      scopes = [];
      innermost = { function: inner, scopes };
    }
    scopes.push(inner);
  }
  return [innermost, ...outer];
}

/** The subprogram whose code holds `address`: for callers without an index of functions. */
export function findSubprogramAt(module: DwarfModule, address: CodeOffset): Die | undefined {
  for (const unit of module.unitsAt(address)) {
    const { tag } = unit.columns;
    for (let row = 0; row < tag.length; row++) {
      if (tag[row] !== DW_TAG_subprogram) continue;
      const die = unit.dieAtRow(row);
      if (die.contains(address)) return die;
    }
  }
  return undefined;
}

function childScopeAt(die: Die, address: CodeOffset): Die | undefined {
  for (const child of die.children()) {
    const isScope = child.tag === DW_TAG_lexical_block || child.tag === DW_TAG_inlined_subroutine;
    if (isScope && child.contains(address)) return child;
  }
  return undefined;
}
