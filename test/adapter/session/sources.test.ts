import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sources } from "../../../adapter/session/sources.ts";

describe("the sources of a session", () => {
  const elsewhere = { id: 0, path: "/nowhere/at/all/main.c" };
  let folder: string;
  let path: string;
  let sources: Sources;
  let changed: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-sources-"));
    path = join(folder, "main.c");
    writeFileSync(path, "int main(void) { return 0; }\n");
    changed = [];
    sources = new Sources();
    sources.use({ modulePath: join(folder, "main.wasm"), sourceFileMap: {} }, (file) => changed.push(file));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("show a source that was not found in the file the client recognised it in", () => {
    assert.notEqual(sources.place(elsewhere).reference, undefined);
    sources.recognise(elsewhere, path);
    assert.equal(sources.place(elsewhere).path, path);
    assert.equal(sources.place(elsewhere).reference, undefined);
    assert.deepEqual(changed, []);
  });

  it("leave a source where it was found, and where the client's file is none", () => {
    const here = { id: 1, path: join(folder, "main.c") };
    sources.recognise(here, join(folder, "other.c"));
    assert.equal(sources.place(here).path, path);
    sources.recognise(elsewhere, join(folder, "other.c"));
    assert.equal(sources.place(elsewhere).path, elsewhere.path);
  });

  it("tell when the recognised file is not what was compiled", () => {
    const md5 = createHash("md5").update("int main(void) { return 1; }\n").digest("hex");
    sources.recognise({ ...elsewhere, md5 }, path);
    assert.deepEqual(changed, [path]);
  });
});
