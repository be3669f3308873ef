import { type ModuleOffset, toModuleOffset } from "../../src/base/brand.ts";
import type { SiteDensity } from "../../src/instrument/find-sites.ts";
import { AFTER_CALL, firstSiteFrom, type SiteTable, STATEMENT } from "../../src/instrument/site-table.ts";
import type { PlacedLocation, SiteRole, StepEnd } from "../../src/target/target.ts";
import { type CodeSection, findBodyAt } from "../../src/wasm/sections/code.ts";
import type { GuestStepEnd } from "../suspend/messages.ts";

/** Where a breakpoint went: a site with the point it stands for, or why not. */
export type Placed =
  | { readonly site: number; readonly placed: PlacedLocation }
  | (PlacedLocation & { kind: "refused" });

/** Translates between program points of the original module and sites of the instrumented one. */
export class SiteIndex {
  /** Where the sites are, and why: the rest of their table is the guest's. */
  readonly #table: Pick<SiteTable, "count" | "offset" | "kind">;
  /** Bit set of sites at which a statement begins. */
  readonly #hasLine: Uint32Array;
  readonly #code: CodeSection;
  readonly #density: SiteDensity;

  constructor(table: SiteTable, code: CodeSection, density: SiteDensity = "statements") {
    this.#density = density;
    const { count, offset, kind, line } = table;
    this.#table = { count, offset, kind };
    this.#hasLine = new Uint32Array((count + 31) >>> 5);
    for (let site = 0; site < count; site++) {
      if (line[site] !== 0)
        this.#hasLine[site >>> 5] = (this.#hasLine[site >>> 5] as number) | (1 << (site & 31));
    }
    this.#code = code;
  }

  offsetOf(site: number): ModuleOffset {
    const offset = site >= 0 && site < this.#table.count ? this.#table.offset[site] : undefined;
    if (offset === undefined) throw new RangeError(`no site ${site}`);
    return toModuleOffset(offset);
  }

  /** Absent for the site of a statement. */
  roleOf(site: number): { readonly role?: SiteRole } {
    if (this.#isStatement(site)) return {};
    return { role: this.#table.kind[site] === AFTER_CALL ? "return" : "instruction" };
  }

  /** The site for a breakpoint at `point`: at it, or the next one in the same function. */
  place(point: ModuleOffset): Placed {
    const site = this.#statementFrom(point);
    const body = findBodyAt(this.#code, point);
    if (
      body === undefined ||
      site >= this.#table.count ||
      findBodyAt(this.#code, this.offsetOf(site)) !== body
    )
      return {
        kind: "refused",
        reason: "No instruction from here to the end of the function can be stopped at.",
      };
    return { site, placed: { kind: "placed", point: this.offsetOf(site) } };
  }

  /** The site at `point` itself. One without a line is there for its trap alone, but the program can be stopped at it. */
  placeExactly(point: ModuleOffset): Placed {
    const site = firstSiteFrom(this.#table, point);
    if (this.#table.offset[site] === point) return { site, placed: { kind: "placed", point } };
    if (this.#density === "instructions") return { kind: "refused", reason: doesNothing };
    const found = this.place(point);
    const at = "site" in found ? this.offsetOf(found.site) : undefined;
    const next = at === undefined ? "" : ` The next such place is 0x${at.toString(16)}.`;
    return {
      kind: "refused",
      reason: `The program can be stopped where a statement begins, and none begins here.${next}`,
    };
  }

  /** The first site at or behind a place that is not there for its instruction alone. */
  #statementFrom(point: ModuleOffset): number {
    const { kind, count } = this.#table;
    let site = firstSiteFrom(this.#table, point);
    while (
      site < count &&
      !this.#isStatement(site) &&
      (kind[site] === STATEMENT || kind[site] === AFTER_CALL)
    )
      site++;
    return site;
  }

  #isStatement(site: number): boolean {
    return (((this.#hasLine[site >>> 5] ?? 0) >>> (site & 31)) & 1) === 1;
  }

  /** Step ends as sorted ranges of sites; neighbours with the same conditions are joined, so that thousands of functions travel as a few ranges. */
  stepEnds(ends: readonly StepEnd[]): GuestStepEnd[] {
    const ranges = ends
      .map((end) => ({
        ...conditions(end),
        // Where there is a site at every instruction, those behind calls are among them.
        ...(end.everySite === true && this.#density === "instructions" ? { returns: true } : {}),
        first: firstSiteFrom(this.#table, end.from),
        end: firstSiteFrom(this.#table, end.to),
      }))
      .filter((range) => range.first < range.end)
      .sort((a, b) => a.first - b.first);
    const joined: GuestStepEnd[] = [];
    for (const range of ranges) {
      const last = joined.at(-1);
      if (last !== undefined && last.end === range.first && sameConditions(last, range))
        joined[joined.length - 1] = { ...last, end: range.end };
      else joined.push(range);
    }
    return joined;
  }
}

const doesNothing =
  "The program is not stopped at an instruction that only begins or ends a block, or that is never reached.";

type Conditions = Omit<GuestStepEnd, "first" | "end">;

function conditions(end: StepEnd): Conditions {
  return {
    ...(end.everySite === true ? { everySite: true } : {}),
    ...(end.maxDepth === undefined ? {} : { maxDepth: end.maxDepth }),
    ...(end.maxDepthStackPointer === undefined
      ? {}
      : { maxDepthStackPointer: String(end.maxDepthStackPointer) }),
    ...(end.except === undefined ? {} : { except: exception(end.except) }),
    ...(end.level === undefined ? {} : { level: end.level }),
    ...(end.leaves === true ? { leaves: true } : {}),
    ...(end.passing === true ? { passing: true } : {}),
    ...(end.returns === true ? { returns: true } : {}),
  };
}

function exception({ line, depth, stackPointer }: NonNullable<StepEnd["except"]>) {
  return {
    ...(line === undefined ? {} : { line }),
    depth,
    ...(stackPointer === undefined ? {} : { stackPointer: String(stackPointer) }),
  };
}

const sameConditions = (a: Conditions, b: Conditions): boolean =>
  a.everySite === b.everySite &&
  a.maxDepth === b.maxDepth &&
  a.maxDepthStackPointer === b.maxDepthStackPointer &&
  a.level === b.level &&
  a.leaves === b.leaves &&
  a.passing === b.passing &&
  a.returns === b.returns &&
  a.except?.line === b.except?.line &&
  a.except?.depth === b.except?.depth &&
  a.except?.stackPointer === b.except?.stackPointer;
