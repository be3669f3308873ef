/** What one row of the table in ARCHITECTURE.md allows. */
export interface ImportRule {
  /** Folders and packages that may be imported: "src/base", "@vscode/debugadapter"; `src/*` for every folder in it. */
  readonly values: ReadonlySet<string>;
  /** Those of which only types may be. */
  readonly types: ReadonlySet<string>;
  /** Those that are not in it although a `*` covers them. */
  readonly except: ReadonlySet<string>;
}

/** Rules by folder, such as "src/base". */
export type ImportTable = ReadonlyMap<string, ImportRule>;

/**
 * Reads the table under "| folder | may import |".
 *
 * A cell is a list, by commas, semicolons and "and", of folders (bare: a neighbour of the row's own, or else one in
 * `src`; in backquotes: a path or a package) with these words: `types of X`, `X for types only`, `any of X`,
 * `anything in X`, `every X`, `except X`, `everything`, `nothing`, `never each other`; remarks stand in parentheses.
 *
 * Throws an `Error` that quotes what it does not understand, so that the table cannot say something nobody checks.
 */
export function readImportTable(markdown: string): ImportTable {
  const lines = markdown.split(/\r?\n/);
  const start = lines.findIndex((line) => /^\|\s*folder\s*\|\s*may import\s*\|$/.test(line.trim()));
  if (start < 0) throw new Error("no table with the heading | folder | may import |");
  const end = lines.findIndex((line, i) => i > start && !line.trim().startsWith("|"));
  const rows = lines.slice(start + 2, end < 0 ? undefined : end).map((line) => {
    const [folders = "", cell = ""] = line.split("|").slice(1);
    return { folders: [...folders.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""), cell };
  });
  const known = new Set(rows.flatMap(({ folders }) => folders));
  return new Map(
    rows.flatMap(({ folders, cell }) => folders.map((folder) => [folder, readCell(folder, cell, known)])),
  );
}

/** Whether `folder` may import `imported`, a folder or a package. */
export function mayImport(rule: ImportRule, imported: string, kind: "value" | "type"): boolean {
  const covers = (allowed: ReadonlySet<string>): boolean =>
    allowed.has(imported) || allowed.has("*") || allowed.has(`${imported.split("/")[0]}/*`);
  if (rule.except.has(imported)) return false;
  return covers(rule.values) || (kind === "type" && covers(rule.types));
}

function readCell(folder: string, cell: string, known: ReadonlySet<string>): ImportRule {
  const rule = { values: new Set<string>(), types: new Set<string>(), except: new Set<string>() };
  const [included = "", excepted] = cell.replace(/\([^)]*\)/g, "").split(/\bexcept\b/);
  for (const item of included.split(/[,;]|\band\b/)) readItem(folder, item.trim(), known, rule);
  if (excepted !== undefined) rule.except.add(nameOf(folder, excepted.trim(), known));
  return rule;
}

const saysNothing = /^(nothing( of ours)?|never each other|nothing imports `[^`]+`|)$/;

function readItem(
  folder: string,
  item: string,
  known: ReadonlySet<string>,
  rule: { readonly values: Set<string>; readonly types: Set<string> },
): void {
  if (saysNothing.test(item)) return;
  if (item === "everything") {
    rule.values.add("*");
    return;
  }
  const types = /^types of (\S+)( \w+)?$/.exec(item)?.[1] ?? /^(\S+) for types only$/.exec(item)?.[1];
  if (types !== undefined) {
    rule.types.add(nameOf(folder, types, known));
    return;
  }
  const whole = /^(?:anything in|any of) `(\w+)`$/.exec(item)?.[1];
  rule.values.add(whole === undefined ? nameOf(folder, item.replace(/^every /, ""), known) : `${whole}/*`);
}

/** The folder or package that a name in the row of `folder` means. */
function nameOf(folder: string, name: string, known: ReadonlySet<string>): string {
  const quoted = /^`([^`]+)`$/.exec(name)?.[1];
  if (quoted !== undefined) return quoted;
  const neighbour = `${folder.split("/")[0]}/${name}`;
  const found = [neighbour, `src/${name}`].find((candidate) => known.has(candidate));
  if (found === undefined)
    throw new Error(`the row of ${folder} has "${name}", which is no folder of the table`);
  return found;
}
