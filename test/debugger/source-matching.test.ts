import assert from "node:assert/strict";
import { clientPathCandidates, mappedPath, type SourceFileMap } from "../../src/debugger/client-paths.ts";
import { SourceMatcher } from "../../src/debugger/source-matching.ts";
import type { SourceFile } from "../../src/debuginfo/debug-info.ts";

const files = (...paths: readonly string[]): readonly SourceFile[] => paths.map((path, id) => ({ id, path }));

/** What `path` means among `paths`: the files found, or the kind of failure. */
function match(
  paths: readonly string[],
  path: string,
  map: SourceFileMap = {},
  module = "/project/out/app.wasm",
) {
  const found = new SourceMatcher(files(...paths), module, map).match(path);
  if (found.kind === "found") return found.sources.map((source) => source.path);
  return found.kind === "ambiguous" ? { ambiguous: found.candidates } : "none";
}

describe("matching a client's path to a source", () => {
  it("finds the path as the debug info has it", () => {
    assert.deepEqual(match(["/src/a.c", "/src/b.c"], "/src/b.c"), ["/src/b.c"]);
  });

  it("normalises the client's path", () => {
    assert.deepEqual(match(["/src/a.c"], "/src/lib/../a.c"), ["/src/a.c"]);
  });

  it("tells files with one name apart by their folders", () => {
    const paths = ["/build/a/util.c", "/build/b/util.c"];
    assert.deepEqual(match(paths, "/home/me/b/util.c"), ["/build/b/util.c"]);
    assert.deepEqual(match(paths, "/home/me/project/a/util.c"), ["/build/a/util.c"]);
  });

  it("prefers the file with the longer common suffix", () => {
    const paths = ["/build/lib/net/util.c", "/build/app/net/util.c"];
    assert.deepEqual(match(paths, "/home/me/app/net/util.c"), ["/build/app/net/util.c"]);
  });

  it("takes the one file with the same name wherever it lies", () => {
    assert.deepEqual(match(["/build/main.c", "/build/util.c"], "/home/me/main.c"), ["/build/main.c"]);
  });

  it("names the candidates when several files fit equally well", () => {
    const paths = ["/build/a/util.c", "/build/b/util.c"];
    assert.deepEqual(match(paths, "/home/me/util.c"), { ambiguous: paths });
  });

  it("finds nothing when no file has that name", () => {
    assert.equal(match(["/build/main.c"], "/build/main.cpp"), "none");
    assert.equal(match([], "/build/main.c"), "none");
  });

  it("takes a relative path as the end of one", () => {
    const paths = ["/build/a/util.c", "/build/b/util.c"];
    assert.deepEqual(match(paths, "a/util.c"), ["/build/a/util.c"]);
    assert.deepEqual(match(["/build/main.c"], "main.c"), ["/build/main.c"]);
  });

  it("matches relative paths of the debug info", () => {
    assert.deepEqual(match(["src/main.c", "src/util.c"], "/home/me/project/src/main.c"), ["src/main.c"]);
  });

  it("settles a draw of relative paths by where the module lies", () => {
    const paths = ["main.c", "/build/main.c"];
    assert.deepEqual(match(paths, "/project/main.c", {}, "/project/out/app.wasm"), ["main.c"]);
  });

  it("follows sourceFileMap", () => {
    const map = { "/build": "/home/me/project" };
    assert.deepEqual(match(["/build/a/util.c", "/build/b/util.c"], "/home/me/project/a/util.c", map), [
      "/build/a/util.c",
    ]);
    assert.deepEqual(match(["/build/util.c", "/other/util.c"], "/home/me/project/util.c", map), [
      "/build/util.c",
    ]);
  });

  it("does not tell upper from lower case in Windows paths", () => {
    assert.deepEqual(match(["C:\\Build\\Main.c"], "c:\\build\\main.c"), ["C:\\Build\\Main.c"]);
    assert.deepEqual(match(["C:\\Build\\src\\Main.c"], "/home/me/src/main.c"), ["C:\\Build\\src\\Main.c"]);
    assert.equal(match(["/build/Main.c"], "/home/me/main.c"), "none");
  });

  it("gives all spellings of one Windows path", () => {
    assert.deepEqual(match(["C:\\b\\a.h", "c:/B/A.h"], "C:\\b\\a.h"), ["C:\\b\\a.h", "c:/B/A.h"]);
  });

  it("finds a Windows source mapped to a path of this system", () => {
    const map = { "C:\\build": "/home/me" };
    assert.deepEqual(match(["C:\\build\\src\\a.c", "C:\\other\\src\\a.c"], "/home/me/src/a.c", map), [
      "C:\\build\\src\\a.c",
    ]);
  });
});

describe("where a source may lie on the client's side", () => {
  it("is first where sourceFileMap says, then where it was", () => {
    assert.deepEqual(clientPathCandidates("/build/a.c", "/project/app.wasm", { "/build": "/home/me" }), [
      "/home/me/a.c",
      "/build/a.c",
    ]);
  });

  it("follows the longest prefix that fits, by whole names", () => {
    const map = { "/build": "/one", "/build/lib": "/two", "/build/li": "/three" };
    assert.equal(mappedPath("/build/lib/a.c", map), "/two/a.c");
    assert.equal(mappedPath("/build/x/a.c", map), "/one/x/a.c");
    assert.equal(mappedPath("/builder/a.c", map), undefined);
    assert.equal(mappedPath("/build/a.c", { "/build/a.c": "/home/me/b.c" }), "/home/me/b.c");
  });

  it("writes mapped paths with the client's separators", () => {
    assert.equal(mappedPath("C:\\build\\src\\a.c", { "c:/build": "/home/me" }), "/home/me/src/a.c");
    assert.equal(mappedPath("/build/src/a.c", { "/build": "D:\\me" }), "D:\\me\\src\\a.c");
  });

  it("maps relative paths by the prefix of a dot", () => {
    assert.equal(mappedPath("src/a.c", { ".": "/home/me" }), "/home/me/src/a.c");
  });

  it("is below the module's folder and its parents for a relative path", () => {
    assert.deepEqual(clientPathCandidates("src/a.c", "/project/out/app.wasm", {}), [
      "/project/out/src/a.c",
      "/project/src/a.c",
      "/src/a.c",
    ]);
    assert.deepEqual(clientPathCandidates("a.c", "C:\\work\\app.wasm", {}), ["C:\\work\\a.c", "C:\\a.c"]);
    assert.deepEqual(clientPathCandidates("a.c", "app.wasm", {}), ["a.c"]);
  });

  it("holds no path twice", () => {
    assert.deepEqual(clientPathCandidates("/a.c", "/app.wasm", { "/": "/" }), ["/a.c"]);
  });
});
