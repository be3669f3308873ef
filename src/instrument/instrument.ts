import type { FuncIndex, ModuleOffset } from "../base/brand.ts";
import { joinBytes } from "../base/join-bytes.ts";
import { readIndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import { applyEdits, type ModuleParts, moduleParts, sectionHeader } from "../wasm/module-writer.ts";
import { NAME_SECTION } from "../wasm/sections/name.ts";
import { type AppendedNames, layOutAppended, nameAppended } from "./appended.ts";
import { appendToSections } from "./appended-sections.ts";
import { BlockTypes } from "./block-types.ts";
import type { CallTable } from "./call-table.ts";
import { isCodeMetadata, rewriteCodeMetadata } from "./code-metadata.ts";
import type { SiteDensity, StoreChecks } from "./find-sites.ts";
import { type NamedSlots, noNamedSlots } from "./named-slots.ts";
import { type OffsetMap, originalOffset } from "./offset-map.ts";
import { findOperandBlocks } from "./operand-blocks.ts";
import { type KeptLocals, planSites, type WriteBack } from "./plan-sites.ts";
import { findProbeGroups } from "./probe-groups.ts";
import { rewriteCode } from "./rewrite-code.ts";
import { type SiteRequests, sortRequests } from "./site-requests.ts";
import type { SiteTable } from "./site-table.ts";

/** Where probes go, and what they keep for whoever looks. */
export interface InstrumentOptions {
  /** Where statements begin. */
  readonly sites: SiteRequests;
  /**
   * Locals of a function that are to be spilled at all its sites, live or not: those debug info names, such as
   * the frame base. Called for functions that have sites. Without it only live locals are spilled.
   */
  readonly keepLocals?: KeptLocals;
  /**
   * Which sites give their locals back the values in their slots, so that they can be written: by default `few`,
   * those with at most four, which is nearly all at -O0. `all` costs speed in optimised code.
   */
  readonly writeBack?: WriteBack;
  /** By default there are sites where statements begin only. */
  readonly density?: SiteDensity;
  /**
   * What debug info finds variables in: it is kept at all sites, live or not. By default only live locals are, and
   * operands where the density is of instructions.
   */
  readonly named?: NamedSlots;
  /** Whether that is kept while calls last as well, which takes a second memory. By default it is not. */
  readonly keepAtCalls?: boolean;
  /** Has sites where calls return to, too, in functions with sites for statements. */
  readonly afterCalls?: boolean;
  /** Has all stores of all functions checked, so that ranges of memory can be watched. */
  readonly checkStores?: StoreChecks | undefined;
}

/** A module with probes, and what is needed to use them. */
export interface Instrumented extends Probes {
  /** The module to compile. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The same with a module that has not been put together: what has not changed lies where the original does. */
export interface InstrumentedParts extends Probes {
  readonly parts: ModuleParts;
}

/** What is needed to use the probes of a module. */
export interface Probes {
  readonly sites: SiteTable;
  /** The stores that are checked. A store's id is its row and the number of sites. */
  readonly stores: SiteTable;
  /** Calls that keep what debug info names. */
  readonly calls: CallTable;
  readonly names: AppendedNames;
  /** From the index space of functions: those from here on were appended. */
  readonly functionCount: number;
  /** For `originalOffset`, also in another thread. */
  readonly offsets: OffsetMap;
  /** As the function of that name, with `offsets`. */
  originalOffset(instrumented: number): ModuleOffset | undefined;
  /** Functions that have no sites because engines would find them too large with probes. */
  readonly refused: readonly FuncIndex[];
  /** Functions whose stores are not checked, though that was asked for: engines would find them too large. */
  readonly unchecked: readonly FuncIndex[];
  /** Requests that made no site, though another request for the same place may have. */
  readonly dropped: {
    /** They lie in no function body. */
    readonly outside: number;
    /** In code that cannot be reached. */
    readonly unreachable: number;
  };
}

/**
 * Puts a probe at every site of a module: where statements begin, as asked, and before every reachable `unreachable`.
 *
 * A probe whose bit is set calls entry 0 of the suspend table with its site; with no bit set, the module computes
 * what it did. Nothing the module had changes its index: all that is new stands at the end of its index space. Its
 * start function is taken out. `.debug_*` sections and names are left out, which engines have no use for and which may be most
 * of the file; other custom sections stay.
 * A module that engines accept stays acceptable.
 *
 * @throws {MalformedError} when the module is malformed; but it is not validated.
 */
export function instrument(module: WasmModule, options: InstrumentOptions): Instrumented {
  const { parts, ...probes } = instrumentInParts(module, options);
  return { ...probes, bytes: joinBytes(parts) };
}

/** As `instrument`, for who can do with parts: a large module needs less memory then. */
function instrumentInParts(module: WasmModule, options: InstrumentOptions): InstrumentedParts {
  const { value } = instrumentInPieces(module, options, Number.MAX_SAFE_INTEGER).next();
  if (value instanceof Uint8Array) throw new Error("no piece is as large as that");
  const { before, after, ...probes } = value;
  return { ...probes, parts: [...before, ...after] };
}

/** The same with a module whose code has been handed out in pieces, as far as there were any, which belong between these two. */
export interface InstrumentedAround extends Probes {
  readonly before: ModuleParts;
  readonly after: ModuleParts;
}

/**
 * As `instrument`, for who takes the code as it is made: yields pieces of some `pieceBytes`, each valid until the next is asked
 * for.
 */
export function* instrumentInPieces(
  module: WasmModule,
  options: InstrumentOptions,
  pieceBytes: number,
): Generator<Uint8Array, InstrumentedAround, undefined> {
  const spaces = readIndexSpaces(module);
  const { checkStores } = options;
  const requests = sortRequests(options.sites, module.code);
  const plan = planSites(
    module,
    spaces,
    requests,
    {
      locals: options.keepLocals ?? (() => []),
      writeBack: options.writeBack ?? "few",
      named: options.named ?? noNamedSlots,
      atCalls: options.keepAtCalls ?? false,
    },
    {
      density: options.density ?? "statements",
      afterStores: checkStores,
      afterCalls: options.afterCalls ?? false,
    },
  );
  const sites = plan.columns.toTable(plan.slots);
  const stores = plan.stores.toTable(plan.slots);
  const calls = plan.calls.toTable();
  const slotTypes = plan.slots.slotTypes();
  const blockTypes = new BlockTypes();
  const operandBlocks = findOperandBlocks(sites, slotTypes, blockTypes);
  const groups = findProbeGroups(module, spaces, { sites, stores }, plan.ungrouped, blockTypes);
  const layout = layOutAppended(spaces, sites.count, slotTypes, { checkStores, records: calls.count > 0 });
  const names = nameAppended(module, spaces, layout);
  const edits = { sites, stores, calls, groups, operandBlocks, blockTypes: blockTypes.signatures };
  const code = yield* rewriteCode(module, spaces, edits, layout, pieceBytes);
  const standard = appendToSections(module, layout, names, edits.blockTypes);
  standard.set("code", code.payload);
  const sections = applyEdits(module, {
    standard,
    custom: rewriteCodeMetadata(module, spaces.imported.functions, code.insertions).map((section) => ({
      ...section,
      before: "code" as const,
    })),
    withoutCustom: new Set(module.sections.filter(isReplaced).map(({ name }) => name)),
  });
  const parts = moduleParts(module.bytes, sections);
  const at = parts.indexOf(code.payload);
  const size = code.earlierBytes + code.payload.length;
  const before = [...parts.slice(0, at - 1), sectionHeader("code", size)];
  const start = before.reduce((bytes, part) => bytes + part.length, 0);
  const offsets: OffsetMap = { ...code.map, start };
  return {
    before,
    after: parts.slice(at),
    sites,
    stores,
    calls,
    names,
    functionCount: spaces.functionTypes.length,
    offsets,
    originalOffset: (instrumented) => originalOffset(offsets, instrumented),
    refused: plan.refused,
    unchecked: plan.unchecked,
    dropped: { outside: requests.outside, unreachable: plan.unreachableRequests },
  };
}

const isReplaced = (section: WasmModule["sections"][number]): boolean =>
  section.kind === "custom" &&
  (section.name.startsWith(".debug_") || section.name === NAME_SECTION || isCodeMetadata(section));
