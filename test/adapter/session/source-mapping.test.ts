import assert from "node:assert/strict";
import { findMapping, mappingText } from "../../../adapter/session/source-mapping.ts";

describe("the entry of sourceFileMap that is missing", () => {
  const find = (path: string, ...files: readonly string[]) => {
    const mapping = findMapping(
      path,
      { modulePath: "/home/me/project/build/app.wasm", cwd: "/home/me" },
      (one) => files.includes(one.replaceAll("\\", "/")),
    );
    return mapping && mappingText(mapping);
  };

  it("maps as little of the path as it can, to the folder that has the rest", () => {
    assert.equal(
      find("/ci/job/src/lib/list.c", "/home/me/project/src/lib/list.c", "/home/me/project/build/list.c"),
      '"sourceFileMap": { "/ci/job": "/home/me/project" }',
    );
  });

  it("is found in the working folder too, and for paths of Windows", () => {
    assert.equal(
      find("C:\\build\\src\\main.c", "/home/me/src/main.c"),
      '"sourceFileMap": { "C:\\\\build": "/home/me" }',
    );
  });

  it("is none where nothing fits, and for relative paths, which are looked for anyway", () => {
    assert.equal(find("/ci/job/src/list.c", "/home/me/project/src/tree.c"), undefined);
    assert.equal(find("src/list.c", "/home/me/project/src/list.c"), undefined);
  });
});
