import assert from "node:assert/strict";
import {
  baseName,
  commonSuffixLength,
  folderOf,
  isAbsolutePath,
  joinPath,
  normalizePath,
  partsBelow,
  pathKey,
  pathStyle,
  splitPath,
} from "../../src/base/path-text.ts";

describe("path text", () => {
  it("tells Windows paths by their drive, share or backslashes", () => {
    for (const path of ["C:\\a", "c:/a", "C:", "\\\\server\\share\\a", "src\\a.c"]) {
      assert.equal(pathStyle(path), "win32", path);
    }
    for (const path of ["/a", "a.c", "src/a.c", "/a\\b", "ab:/c"])
      assert.equal(pathStyle(path), "posix", path);
  });

  it("knows absolute paths of both families", () => {
    for (const path of ["/a", "/", "C:\\a", "C:/a", "\\\\server\\share\\a"])
      assert.ok(isAbsolutePath(path), path);
    for (const path of ["a", "./a", "../a", "src\\a", ""]) assert.ok(!isAbsolutePath(path), path);
  });

  it("resolves dots and repeated separators", () => {
    assert.equal(normalizePath("/a/./b//c/../d"), "/a/b/d");
    assert.equal(normalizePath("a/../../b"), "../b");
    assert.equal(normalizePath("./a"), "a");
    assert.equal(normalizePath("a/.."), ".");
    assert.equal(normalizePath("/../a"), "/a");
    assert.equal(normalizePath("/"), "/");
    assert.equal(normalizePath("C:\\a\\.\\b\\..\\c"), "C:\\a\\c");
    assert.equal(normalizePath("C:\\..\\a"), "C:\\a");
    assert.equal(normalizePath("C:"), "C:\\");
    assert.equal(normalizePath("\\\\server\\share\\a\\..\\b"), "\\\\server\\share\\b");
  });

  it("keeps the separators a path uses first", () => {
    assert.equal(normalizePath("C:/a\\b"), "C:/a/b");
    assert.equal(normalizePath("C:\\a/b"), "C:\\a\\b");
    assert.equal(normalizePath("/a\\b"), "/a\\b", "a backslash is a letter where paths start with a slash");
  });

  it("joins by the folder's rules", () => {
    assert.equal(joinPath("/a/b", "../c.c"), "/a/c.c");
    assert.equal(joinPath("/a", "/b/c.c"), "/b/c.c");
    assert.equal(joinPath("", "c.c"), "c.c");
    assert.equal(joinPath(".", "c.c"), "c.c");
    assert.equal(joinPath("/", "c.c"), "/c.c");
    assert.equal(joinPath("C:\\build", "src/shapes\\area.c"), "C:\\build\\src\\shapes\\area.c");
    assert.equal(joinPath("C:/build", "src\\a.c"), "C:/build/src/a.c");
    assert.equal(joinPath("/build", "src\\a.c"), "/build/src/a.c");
    assert.equal(joinPath("/build", "D:\\a.c"), "D:\\a.c");
  });

  it("answers folder and base name", () => {
    assert.equal(folderOf("/a/b.c"), "/a");
    assert.equal(folderOf("b.c"), ".");
    assert.equal(folderOf("C:\\a\\b.c"), "C:\\a");
    assert.equal(baseName("/a/b.c"), "b.c");
    assert.equal(baseName("C:\\a\\b.c"), "b.c");
    assert.equal(baseName("/"), "");
  });

  it("gives one key to all spellings of a Windows path, and keeps case elsewhere", () => {
    assert.equal(pathKey("C:\\Src\\Main.c"), pathKey("c:/src/./main.C"));
    assert.notEqual(pathKey("/Src/a.c"), pathKey("/src/a.c"));
  });

  it("counts common names from the end", () => {
    const common = (a: string, b: string) => commonSuffixLength(splitPath(a), splitPath(b));
    assert.equal(common("/x/a/util.c", "/y/a/util.c"), 2);
    assert.equal(common("/x/a/util.c", "a/util.c"), 2);
    assert.equal(common("/x/util.c", "/x/Util.c"), 0);
    assert.equal(common("C:\\x\\Util.c", "/x/util.c"), 2);
    assert.equal(common("/x/a.c", "/x/b.c"), 0);
  });

  it("matches a prefix by whole names", () => {
    const below = (prefix: string, path: string) => partsBelow(splitPath(prefix), splitPath(path))?.join("/");
    assert.equal(below("/build", "/build/src/a.c"), "src/a.c");
    assert.equal(below("/build/", "/build"), "");
    assert.equal(below("/build", "/builder/a.c"), undefined);
    assert.equal(below("c:/Build", "C:\\build\\a.c"), "a.c");
    assert.equal(below(".", "src/a.c"), "src/a.c");
    assert.equal(below(".", "/src/a.c"), undefined);
    assert.equal(below("/", "/src/a.c"), "src/a.c");
  });
});
