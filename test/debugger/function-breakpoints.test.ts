import assert from "node:assert/strict";
import { resolveFunction } from "../../src/debugger/function-breakpoints.ts";
import { openInfo } from "../support/debug-info.ts";
import { fixture } from "../support/fixtures.ts";

/** Names of the functions that a breakpoint on `main` is in. */
function mainOf(name: string, build: string): readonly (string | undefined)[] {
  const { info } = openInfo(fixture(name, build).bytes);
  const resolved = resolveFunction(info, "main");
  assert.equal(resolved.kind, "resolved");
  return resolved.kind === "resolved" ? resolved.points.map((point) => info.functionAt(point)?.name) : [];
}

describe("a breakpoint on C's `main`", () => {
  it("is in the function that debug info calls so, not in a libc's that calls it", () => {
    assert.deepEqual(mainOf("steps", "dwarf5.O0"), ["main"]);
  });

  it("is in what linkers call it where nothing else is known", () => {
    assert.deepEqual(mainOf("example-emscripten", "map"), ["__original_main"]);
    for (const found of mainOf("hello", "names.O0")) assert.match(found ?? "", /^(__main_argc_argv|main)$/);
  });
});

describe("a breakpoint on a name that several functions have", () => {
  const noteOf = (name: string): string | undefined => {
    const resolved = resolveFunction(openInfo(fixture("cpp-calls", "dwarf5.O0").bytes).info, name);
    assert.equal(resolved.kind, "resolved", name);
    return resolved.kind === "resolved" ? resolved.note : undefined;
  };

  it("says so, and names some of them", () => {
    assert.equal(
      noteOf("over"),
      "It stops in 4 functions: over(int), over(double), over(int, int) and 1 more.",
    );
    assert.equal(
      noteOf("area"),
      "It stops in 2 functions: shapes::Shape::area() const, shapes::Square::area() const.",
    );
    assert.equal(noteOf("main"), undefined);
    assert.equal(noteOf("Square::area"), undefined);
  });
});
