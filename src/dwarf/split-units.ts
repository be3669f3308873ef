import { type Dwarf, NONE, type SectionLoader, type UnitColumns } from "gimli-wasm";
import { MalformedError } from "../base/errors.ts";

/** What a skeleton unit says about where the rest of it is. */
export interface SplitRequest {
  /** DW_AT_(GNU_)dwo_name: a path, relative to `compilationDir` or absolute. */
  readonly name: string;
  readonly compilationDir: string;
}

/** A file that may hold split units: a `.dwo`, a `.dwp`, or an object file with both halves. */
export interface SplitFile {
  readonly path: string;
  /** Sections by their names there: ".debug_info.dwo", ".debug_cu_index". */
  readonly load: SectionLoader;
}

/**
 * Files that the rest of a unit may be in, the likeliest first. Each is opened when it is come to; one path always
 * means the same file.
 */
export type FindSplit = (request: SplitRequest) => Iterable<SplitFile>;

/** A unit of a file of split units. */
export interface SplitUnit {
  /** gimli-wasm's number of it. */
  readonly unit: number;
  /** The columns of its file, and its row in them. */
  readonly columns: UnitColumns;
  readonly row: number;
}

/** What is used of gimli-wasm's `Dwarf` here. */
export type SplitColumns = Pick<Dwarf, "units" | "string"> & Partial<Pick<Dwarf, "addSplit">>;

interface AddedFile {
  readonly first: number;
  readonly columns: UnitColumns;
}

/**
 * The halves of units that are in other files. Files are looked for when somebody wants to know what is in a unit, and
 * kept for the session; what was not found, or is of another build, is reported once.
 */
export class SplitUnits {
  readonly #columns: SplitColumns;
  readonly #find: FindSplit | undefined;
  readonly #report: (sentence: string) => void;
  readonly #files = new Map<string, AddedFile | undefined>();
  readonly #bySkeleton = new Map<number, SplitUnit>();
  readonly #missing = new Set<number>();
  readonly #told = new Set<string>();

  constructor(
    columns: SplitColumns,
    find: FindSplit | undefined,
    report: (sentence: string) => void = () => {},
  ) {
    this.#columns = columns;
    this.#find = find;
    this.#report = report;
  }

  /** Every file that was added, for whoever looks through all units. */
  *added(): Generator<AddedFile, void, undefined> {
    for (const file of this.#files.values()) if (file) yield file;
  }

  /** The other half of a unit of the module; `undefined` for a unit that is whole, or whose other half is not there. */
  of(unit: number, columns: UnitColumns): SplitUnit | undefined {
    if (columns.dwoName.section[unit] === 0) return undefined;
    const known = this.#bySkeleton.get(unit);
    if (known || this.#missing.has(unit)) return known;
    const found = this.#search(unit, columns);
    if (!found) this.#missing.add(unit);
    return found;
  }

  #search(unit: number, { dwoName, compDir }: UnitColumns): SplitUnit | undefined {
    const text = ({ section, offset }: UnitColumns["name"]): string =>
      this.#columns.string(section[unit] ?? 0, offset[unit] ?? 0);
    const name = text(dwoName);
    let other: string | undefined;
    for (const file of this.#find?.({ name, compilationDir: text(compDir) }) ?? []) {
      this.#add(file);
      const found = this.#bySkeleton.get(unit);
      if (found) return found;
      if (this.#files.get(file.path)) other ??= file.path;
    }
    this.#tell(
      other === undefined
        ? `${name} was not found, so that functions, variables and types in it are not shown: put it beside the module, or name it, its folder or the .dwp in \`symbols\`.`
        : `${other} has no part of this module's ${name}, as their ids say: it is of another build and not used.`,
    );
    return undefined;
  }

  #add({ path, load }: SplitFile): void {
    if (this.#files.has(path)) return;
    this.#files.set(path, undefined);
    try {
      const added = this.#columns.addSplit?.(load);
      if (!added || added.units.offset.length === 0) return;
      const { first, units: columns } = added;
      this.#files.set(path, { first, columns });
      for (const [row, skeleton] of columns.skeleton.entries()) {
        if (skeleton === NONE || this.#bySkeleton.has(skeleton)) continue;
        this.#bySkeleton.set(skeleton, { unit: first + row, columns, row });
      }
    } catch (error) {
      if (!(error instanceof MalformedError) && (error as Error).name !== "DwarfError") throw error;
      this.#tell(`${path} cannot be read: ${(error as Error).message}.`);
    }
  }

  #tell(sentence: string): void {
    if (this.#told.has(sentence)) return;
    this.#told.add(sentence);
    this.#report(sentence);
  }
}
