import assert from "node:assert/strict";
import { expandCoredumpPath } from "../../../adapter/launch/coredump-path.ts";

describe("the path of a coredump", () => {
  const facts = { processId: 4242, time: 1_700_000_000_999, program: "/apps/some.app.wasm" };
  const expand = (pattern: string) => expandCoredumpPath(pattern, facts);

  it("has the process's number, the time in seconds and the program's name where it asks for them", () => {
    assert.equal(expand("/cores/%e-%p-%t.core"), "/cores/some.app-4242-1700000000.core");
  });

  it("has a percent sign for two, and other letters as they are", () => {
    assert.equal(expand("100%%-%q-%"), "100%-%q-%");
    assert.equal(expand("%%p"), "%p");
  });
});
