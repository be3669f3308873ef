import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { importCircles } from "./support/import-circles.ts";
import { type ImportTable, mayImport, readImportTable } from "./support/import-table.ts";
import { fromRoot } from "./support/paths.ts";
import { importsBelow, importsOf, type SourceImport, sourceFiles } from "./support/source-imports.ts";

/** Data, not code: as long as what they list. */
const dataTables: ReadonlySet<string> = new Set(["src/wasm/instruction-table.ts", "src/dwarf/constants.ts"]);
/** Half of a guest's main source says what is expected of the other half, and it must be one file for its markers. */
const guests = "test/fixtures/";
const longestFile = 500;
const layered = ["src", "runtime", "adapter", "extension"];

/** "@vscode/debugadapter" for "@vscode/debugadapter/lib/protocol.js". */
const packageOf = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith("node:") || builtinModules.includes(packageOf(specifier));

const shown = ({ file, specifier }: SourceImport): string => `${file} imports ${specifier}`;

describe("the architecture", () => {
  let table: ImportTable = new Map();
  let imports: readonly SourceImport[] = [];

  before(() => {
    table = readImportTable(readFileSync(fromRoot("ARCHITECTURE.md"), "utf8"));
    imports = layered.flatMap(importsBelow);
  });

  /** "src/base" for "src/base/brand.ts"; a folder whose row names one level, such as "extension", is itself. */
  function folderOf(path: string): string {
    const [top = "", second = ""] = path.split("/");
    return table.has(top) ? top : `${top}/${second}`;
  }

  it("has a row in the table for every folder", () => {
    const folders = new Set(layered.flatMap((top) => sourceFiles(top, /\.ts$/)).map(folderOf));
    assert.deepEqual(
      [...folders].filter((folder) => !table.has(folder)),
      [],
    );
  });

  it("allows every import that is there", () => {
    const forbidden = imports.filter((each) => {
      if (isBuiltin(each.specifier)) return false;
      const rule = table.get(folderOf(each.file));
      const imported = each.path === undefined ? packageOf(each.specifier) : folderOf(each.path);
      return rule !== undefined && imported !== folderOf(each.file) && !mayImport(rule, imported, each.kind);
    });
    assert.deepEqual(forbidden.map(shown), []);
  });

  it("keeps Node out of src", () => {
    const found = imports.filter((each) => each.file.startsWith("src/") && isBuiltin(each.specifier));
    assert.deepEqual(found.map(shown), []);
  });

  it("keeps VS Code in the extension", () => {
    const found = imports.filter(
      (each) => packageOf(each.specifier) === "vscode" && !each.file.startsWith("extension/"),
    );
    assert.deepEqual(found.map(shown), []);
  });

  it("has no imports of test outside of test", () => {
    assert.deepEqual(imports.filter(({ path }) => path?.startsWith("test/")).map(shown), []);
  });

  it("has no circles of imports, types included", () => {
    assert.deepEqual(
      importCircles(["src", "runtime", "adapter", "extension", "gimli-wasm", "test"].flatMap(importsBelow)),
      [],
    );
  });

  it("has no default exports", () => {
    const found = sourceFiles(".", /\.ts$/).filter((file) =>
      /^export\s+default\b|\bas\s+default\b/m.test(readFileSync(fromRoot(file), "utf8")),
    );
    assert.deepEqual(found, []);
  });

  it(`has no file of more than ${longestFile} lines but tables of data`, () => {
    const tooLong = sourceFiles(".", /\.(ts|mjs|rs)$/)
      .filter((file) => !dataTables.has(file) && !file.startsWith(guests))
      .map((file) => ({ file, lines: readFileSync(fromRoot(file), "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > longestFile);
    assert.deepEqual(tooLong, []);
  });
});

describe("the reader of the import table", () => {
  const read = (cell: string, folder = "src/one") =>
    readImportTable(
      `text\n\n| folder | may import |\n| --- | --- |\n| \`src/base\`, \`src/other\` | nothing |\n| \`runtime/guest\` | base |\n| \`${folder}\` | ${cell} |\n\nmore`,
    );
  const allows = (
    cell: string,
    imported: string,
    kind: "value" | "type" = "value",
    folder = "src/one",
  ): boolean => {
    const rule = read(cell, folder).get(folder);
    assert.ok(rule);
    return mayImport(rule, imported, kind);
  };

  it("allows what is named and nothing else", () => {
    assert.equal(allows("base, `some-package`", "src/base"), true);
    assert.equal(allows("base, `some-package`", "some-package"), true);
    assert.equal(allows("base, `some-package`", "src/other"), false);
    assert.equal(allows("nothing of ours; `@scope/name`", "@scope/name"), true);
    assert.equal(allows("nothing", "src/base"), false);
  });

  it("takes a bare name for a neighbour, or else for a folder of src", () => {
    assert.equal(allows("guest and base", "runtime/guest", "value", "runtime/one"), true);
    assert.equal(allows("guest and base", "src/base", "value", "runtime/one"), true);
  });

  it("tells types from values", () => {
    for (const cell of ["base; other for types only", "base, and types of `src/other`"]) {
      assert.equal(allows(cell, "src/other", "type"), true);
      assert.equal(allows(cell, "src/other", "value"), false);
      assert.equal(allows(cell, "src/base", "value"), true);
    }
    assert.equal(allows("types of `src/*`", "src/other", "type"), true);
    assert.equal(allows("types of `src/*`", "src/other", "value"), false);
  });

  it("knows whole folders and exceptions", () => {
    assert.equal(allows("anything in `src` except other", "src/base"), true);
    assert.equal(allows("anything in `src` except other", "src/other"), false);
    assert.equal(allows("any of `src`, any of `adapter`", "adapter/one"), true);
    assert.equal(allows("every `runtime/*`", "runtime/guest", "value", "adapter/one"), true);
    assert.equal(allows("everything; nothing imports `test`", "runtime/guest"), true);
  });

  it("leaves remarks in parentheses out", () => {
    assert.equal(allows("base (and starts `src/other` by URL)", "src/other"), false);
  });

  it("does not pass over what it does not understand", () => {
    assert.throws(() => read("whatever it wants"), /the row of src\/one has "whatever it wants"/);
    assert.throws(() => readImportTable("no table"), /no table/);
  });
});

describe("the reader of imports", () => {
  const read = (text: string): string[] =>
    importsOf("src/one/file.ts", text).map(({ specifier, path, kind }) => `${kind} ${path ?? specifier}`);

  it("finds every form", () => {
    assert.deepEqual(read('import { a } from "../two/a.ts";'), ["value src/two/a.ts"]);
    assert.deepEqual(read('import {\n  a,\n  type B,\n} from "./a.ts";'), ["value src/one/a.ts"]);
    assert.deepEqual(read('import * as a from "a";'), ["value a"]);
    assert.deepEqual(read('import "a";'), ["value a"]);
    assert.deepEqual(read('export { a } from "a";\nexport * from "b";'), ["value a", "value b"]);
    assert.deepEqual(read('const a = await import("a");'), ["value a"]);
  });

  it("tells imports of types", () => {
    assert.deepEqual(read('import type { A } from "a";'), ["type a"]);
    assert.deepEqual(read('import { type A, type B } from "a";'), ["type a"]);
    assert.deepEqual(read('export type { A } from "a";'), ["type a"]);
    assert.deepEqual(read('import { typeOf } from "a";'), ["value a"]);
  });

  it("passes over comments", () => {
    assert.deepEqual(read('// import "a";\n/*\n * import "b";\n */\n'), []);
  });
});

describe("the search for circles of imports", () => {
  const circles = (...imports: readonly `${string} ${string}`[]) =>
    importCircles(
      imports.map((each) => {
        const [file = "", path = ""] = each.split(" ");
        return { file, path, specifier: path, kind: "type" };
      }),
    );

  it("finds files that import each other, by way of others too", () => {
    assert.deepEqual(circles("a b", "b a"), [["a", "b"]]);
    assert.deepEqual(circles("d a", "a b", "b c", "c a", "c e"), [["a", "b", "c"]]);
    assert.deepEqual(circles("a a"), [["a"]]);
  });

  it("takes circles that have a file in common for one, and others for themselves", () => {
    assert.deepEqual(circles("a b", "b a", "b c", "c b"), [["a", "b", "c"]]);
    assert.deepEqual(circles("c d", "d c", "a b", "b a", "a c"), [
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("finds none where one file is imported on several ways", () => {
    assert.deepEqual(circles("a b", "a c", "b d", "c d"), []);
  });
});
