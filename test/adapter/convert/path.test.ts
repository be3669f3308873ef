import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { fromClientPath, nameOf, toClientPath } from "../../../adapter/convert/path.ts";
import { toClientFacts } from "../../../adapter/protocol/client.ts";

describe("paths between us and a client", () => {
  const paths = toClientFacts({});
  const uris = toClientFacts({ pathFormat: "uri" });
  const file = resolve("/src/größe 1.c");

  it("are the same for clients that use paths", () => {
    assert.equal(toClientPath(paths, file), file);
    assert.equal(fromClientPath(paths, file), file);
  });

  it("are file URIs for clients that use URIs, there and back", () => {
    assert.equal(toClientPath(uris, file), pathToFileURL(file).href);
    assert.equal(fromClientPath(uris, toClientPath(uris, file)), file);
  });

  it("stay as they are when they name no file of this machine", () => {
    assert.equal(toClientPath(uris, "build/crt1.c"), "build/crt1.c");
    assert.equal(fromClientPath(uris, "untitled:Untitled-1"), "untitled:Untitled-1");
    assert.equal(fromClientPath(uris, "file://[bad"), "file://[bad");
    assert.equal(fromClientPath(uris, file), file);
  });

  it("have a name whichever separators they use", () => {
    assert.equal(nameOf("C:\\build\\windows.c"), "windows.c");
    assert.equal(nameOf("/a/b.c"), "b.c");
    assert.equal(nameOf("b.c"), "b.c");
    assert.equal(nameOf("/"), "/");
  });
});
