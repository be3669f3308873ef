import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findSourceMap } from "../../../adapter/launch/find-source-map.ts";
import { readModule } from "../../../src/wasm/module.ts";
import { mapText } from "../../support/source-map-builder.ts";
import { custom, moduleOf, text } from "../../support/wasm-builder.ts";

describe("the source map of a module", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-map-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const map = (name: string) => mapText([{ offset: 1, source: 0 }], { sources: [name] });
  const put = (name: string, content: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  /** Path of the source in the map that is found for a module with this URL, or why there is none. */
  async function found(
    url: string | undefined,
    symbols: readonly string[] = [],
  ): Promise<string | undefined> {
    const module = moduleOf(...(url === undefined ? [] : [custom("sourceMappingURL", text(url))]));
    const path = join(folder, "app.wasm");
    const { sourceMap, whyNoMap } = await findSourceMap(path, readModule(module), symbols);
    return sourceMap?.sources[0]?.path ?? whyNoMap;
  }

  it("is the file that its URL names, beside it or in a folder", async () => {
    put("app.wasm.map", map("a.ts"));
    put("maps/app.map", map("b.ts"));
    assert.equal(await found("app.wasm.map"), join(folder, "a.ts"));
    assert.equal(await found("./maps/app.map"), join(folder, "maps", "b.ts"));
    assert.equal(await found("app.wasm.map?version=3"), join(folder, "a.ts"));
  });

  it("may have characters in its name that URLs write otherwise", async () => {
    put("my app.map", map("a.ts"));
    put("100%.map", map("b.ts"));
    assert.equal(await found("my%20app.map"), join(folder, "a.ts"));
    assert.equal(await found("100%.map"), join(folder, "b.ts"));
  });

  it("may be given by an absolute path or a file's URL", async () => {
    const path = put("elsewhere/app.map", map("a.ts"));
    assert.equal(await found(path), join(folder, "elsewhere", "a.ts"));
    assert.equal(await found(pathToFileURL(path).href), join(folder, "elsewhere", "a.ts"));
  });

  it("may be in the URL itself, in base64 or not", async () => {
    const base64 = Buffer.from(map("a.ts")).toString("base64");
    assert.equal(await found(`data:application/json;base64,${base64}`), "a.ts");
    assert.equal(
      await found(`data:application/json;charset=utf-8,${encodeURIComponent(map("b.ts"))}`),
      "b.ts",
    );
  });

  it("is looked for in `symbols` first: files and folders", async () => {
    put("app.wasm.map", map("beside.ts"));
    const named = put("given.map", map("given.ts"));
    put("folder/app.wasm.map", map("in-folder.ts"));
    assert.equal(await found("app.wasm.map", [named]), join(folder, "given.ts"));
    assert.equal(
      await found("app.wasm.map", [join(folder, "folder")]),
      join(folder, "folder", "in-folder.ts"),
    );
    assert.equal(await found(undefined, [named]), join(folder, "given.ts"));
    const other = put("app.debug.wasm", "");
    assert.equal(await found("app.wasm.map", [other]), join(folder, "beside.ts"));
  });

  it("is none where nothing says there is one", async () => {
    assert.equal(await found(undefined), undefined);
    assert.equal(await found(""), undefined);
  });

  it("is said to be missing, with where it was looked for and what to do", async () => {
    const why = (await found("gone.map")) ?? "";
    assert.ok(why.includes(join(folder, "gone.map")), why);
    assert.match(why, /name it in `symbols`/);
    assert.match(
      (await found(undefined, [join(folder, "no.map")])) ?? "",
      /no\.map, named in `symbols`, is not there/,
    );
  });

  it("is not fetched from the network, and that is said", async () => {
    for (const url of ["https://example.org/app.map", "ftp://example.org/app.map"]) {
      assert.match((await found(url)) ?? "", /is not fetched: save it as a file and name it in `symbols`/);
    }
  });

  it("that is malformed costs the lines and not the session", async () => {
    put("app.wasm.map", "{");
    assert.match((await found("app.wasm.map")) ?? "", /malformed: no JSON.*Build the module anew/);
    assert.match((await found("data:application/json")) ?? "", /no data URL/);
    assert.match((await found("data:application/json;base64,!!!!")) ?? "", /malformed/);
  });

  it("whose name is too long for any file is not there", async () => {
    assert.match((await found(`${"a".repeat(300)}.map`)) ?? "", /is not there/);
  });

  it("that is a folder is not there", async () => {
    mkdirSync(join(folder, "app.wasm.map"));
    assert.match((await found("app.wasm.map")) ?? "", /is not there/);
  });
});
