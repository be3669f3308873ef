/** Reads what llvm-dwarfdump printed: `--debug-info --debug-types --debug-line --show-form`. */

/** A unit as printed. */
export interface DumpedUnit {
  /** Section it was printed under. */
  readonly section: string;
  readonly offset: number;
  /** Just past it. */
  readonly end: number;
  /** `version`, `unit_type`, `addr_size`, `DWO_id`, `type_signature` and so on, as printed. */
  readonly facts: ReadonlyMap<string, string>;
  readonly dies: readonly DumpedDie[];
}

/** A DIE as printed; null entries are left out. */
export interface DumpedDie {
  readonly offset: number;
  /** 0 for the root. */
  readonly depth: number;
  readonly tag: string;
  readonly attributes: readonly DumpedAttribute[];
}

/** An attribute as printed. */
export interface DumpedAttribute {
  readonly name: string;
  readonly form: string;
  /** What stands in its parentheses, on the first line. */
  readonly text: string;
  /** What stands on the lines after it: the entries of a list. */
  readonly more: readonly string[];
}

/** A line program as printed. */
export interface DumpedProgram {
  readonly offset: number;
  /** The fields before the tables, by name. */
  readonly facts: ReadonlyMap<string, string>;
  readonly directories: readonly string[];
  readonly files: readonly ReadonlyMap<string, string>[];
  readonly rows: readonly DumpedRow[];
}

/** A row of a line program as printed. */
export interface DumpedRow {
  readonly address: bigint;
  readonly line: number;
  readonly column: number;
  readonly file: number;
  readonly discriminator: number;
  readonly flags: readonly string[];
}

interface Draft {
  section: string;
  offset: number;
  end: number;
  facts: Map<string, string>;
  dies: { offset: number; depth: number; tag: string; attributes: Attribute[] }[];
}

interface Attribute {
  name: string;
  form: string;
  text: string;
  more: string[];
}

/** The units of a dump in the order printed. */
export function parseUnits(dump: string): readonly DumpedUnit[] {
  const units: Draft[] = [];
  let section = "";
  let attribute: Attribute | undefined;
  for (const line of dump.split("\n")) {
    const contents = /^(\.debug_\S+) contents:/.exec(line);
    if (contents) section = contents[1] ?? "";
    if (!section.startsWith(".debug_info") && !section.startsWith(".debug_types")) continue;
    const unit = units.at(-1);
    const header = /^(0x[0-9a-f]+): (?:Compile|Type|Skeleton) Unit: (.*) \(next unit at (0x[0-9a-f]+)\)/.exec(
      line,
    );
    const die = /^(0x[0-9a-f]+):( +)(DW_TAG_\w+|NULL)/.exec(line);
    const start = /^ +(DW_AT_\w+) \[(DW_FORM_\w+)\]\t\((.*)$/.exec(line);
    if (header) {
      const [, offset, facts = "", end] = header;
      units.push({
        section,
        offset: Number(offset),
        end: Number(end),
        facts: parseFacts(facts, " = "),
        dies: [],
      });
    } else if (die && unit) {
      const [, offset, indent = "", tag = ""] = die;
      if (tag !== "NULL") {
        unit.dies.push({ offset: Number(offset), depth: (indent.length - 1) / 2, tag, attributes: [] });
      }
    } else if (start) {
      const [, name = "", form = "", text = ""] = start;
      attribute = { name, form, text: withoutEnd(text), more: [] };
      unit?.dies.at(-1)?.attributes.push(attribute);
    } else if (line.trim() !== "" && attribute && !contents) {
      attribute.more.push(withoutEnd(line.trim(), 2));
    }
  }
  return units;
}

/** Takes the parenthesis off that ends an attribute; entries of lists have one of their own before it. */
function withoutEnd(text: string, least = 1): string {
  return text.endsWith(")") && (text.match(/\)/g)?.length ?? 0) >= least ? text.slice(0, -1) : text;
}

function parseFacts(text: string, divider: string): Map<string, string> {
  return new Map(
    text.split(", ").map((fact) => {
      const [name = "", value = ""] = fact.split(divider);
      return [name.trim(), value.trim()];
    }),
  );
}

/** The line programs of a dump in the order printed. */
export function parsePrograms(dump: string): readonly DumpedProgram[] {
  const start = dump.search(/^\.debug_line(\.dwo)? contents:/m);
  if (start < 0) return [];
  return dump
    .slice(start)
    .split(/^debug_line\[/m)
    .slice(1)
    .map(parseProgram);
}

function parseProgram(text: string): DumpedProgram {
  const facts = new Map<string, string>();
  const directories: string[] = [];
  const files: Map<string, string>[] = [];
  const rows: DumpedRow[] = [];
  for (const line of text.split("\n")) {
    const directory = /^include_directories\[ *\d+\] = "(.*)"$/.exec(line);
    const row = /^(0x[0-9a-f]{16}) +(\d+) +(\d+) +(\d+) +\d+ +(\d+) +\d+ (.*)$/.exec(line);
    const field = /^ *(\w+): (.*)$/.exec(line);
    if (directory) directories.push(directory[1] ?? "");
    else if (line.startsWith("file_names[")) files.push(new Map());
    else if (row) {
      const [, address = "0", sourceLine, column, file, discriminator, flags = ""] = row;
      rows.push({
        address: BigInt(address),
        line: Number(sourceLine),
        column: Number(column),
        file: Number(file),
        discriminator: Number(discriminator),
        flags: flags.trim().split(/\s+/).filter(Boolean),
      });
    } else if (field) (files.at(-1) ?? facts).set(field[1] ?? "", field[2] ?? "");
  }
  return { offset: Number(text.slice(0, text.indexOf("]"))), facts, directories, files, rows };
}
