import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type ModuleOffset, toModuleOffset } from "../../src/base/brand.ts";
import { MalformedError } from "../../src/base/errors.ts";
import type { DebugInfo, FunctionInfo } from "../../src/debuginfo/debug-info.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { openInfo, sourceNamed } from "../support/debug-info.ts";
import { allFixtures, fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { custom, END, moduleOf, section, sized, text, u32, vec } from "../support/wasm-builder.ts";

const dwarfGuest = (name: string): Uint8Array =>
  readFileSync(fromRoot("test/gimli-wasm/fixtures", `${name}.wasm`));

/** All functions of a module, by walking its code. */
function functionsOf(module: WasmModule, info: DebugInfo): FunctionInfo[] {
  return Array.from(module.code.bodyStarts, (start) => {
    const found = info.functionAt(toModuleOffset(start));
    assert.ok(found);
    return found;
  });
}

const namesOf = (module: WasmModule): string[] =>
  functionsOf(module, openInfo(module).info).map(({ name }) => name);

/** A module with one function, and custom sections before its code. */
const oneFunction = (...customs: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  moduleOf(
    section(1, vec([0x60, vec(), vec()])),
    section(3, vec(u32(0))),
    section(10, vec(sized(vec(), END))),
    ...customs,
  );

/** The line of a program point, and those of the inlined calls that it is in: one line may hold nothing but such a call. */
function linesAt(info: DebugInfo, point: ModuleOffset): (number | undefined)[] {
  const inlined = info.inlinedCalls?.(point);
  const lines = [info.locate(point)?.line];
  for (let at = inlined?.callAt(point) ?? -1; at >= 0; at = inlined?.calls[at]?.parent ?? -1)
    lines.push(inlined?.calls[at]?.position?.line);
  return lines;
}

describe("opening the debug info of a module", () => {
  describe("says what there is", () => {
    const statusOf = (name: string, build: string) => openInfo(fixture(name, build).bytes).info.status;

    it("for DWARF, with its versions and units", () => {
      assert.deepEqual(statusOf("hello", "dwarf4.O0"), { kind: "dwarf", versions: [4], units: 55 });
      assert.deepEqual(statusOf("hello", "dwarf5.O0"), { kind: "dwarf", versions: [4, 5], units: 55 });
    });

    it("for a name section alone", () => {
      assert.deepEqual(statusOf("hello", "names.O0"), { kind: "names" });
    });

    it("for nothing at all, and how to get some", () => {
      const status = statusOf("hello", "stripped.O0");
      assert.ok(status.kind === "none");
      assert.match(status.reason, /-g/);
    });

    it("for a line table that wasm-opt has emptied, and the cure", () => {
      const status = statusOf("steps", "emptied.O2");
      assert.ok(status.kind === "none");
      assert.match(status.reason, /wasm-opt/);
      assert.match(status.reason, /--no-wasm-opt/);
      assert.equal(status.cause, "wasm-opt emptied the line table");
    });

    it("for what Go's linker makes, with names and without", () => {
      const go = custom("go:buildid", text("x")) as Uint8Array;
      const { info } = openInfo(oneFunction(go, custom("name", []) as Uint8Array));
      assert.ok(info.status.kind === "names");
      assert.match(info.status.reason ?? "", /Go's compiler .* main\.main/);
      const bare = openInfo(oneFunction(go)).info.status;
      assert.ok(bare.kind === "none");
      assert.equal(bare.cause, "linked with -s");
    });

    it("for a line table that cannot be read, with the reason among the problems", () => {
      const { info } = openInfo(
        oneFunction(custom(".debug_line", [0x10, 0, 0, 0, 5, 0, 4, 0]) as Uint8Array),
      );
      assert.ok(info.status.kind === "none");
      assert.match(info.status.reason, /malformed/);
      assert.match(info.problems.join(), /\.debug_line/);
    });

    it("for debug info that is in another file", () => {
      const { info } = openInfo(
        oneFunction(custom("external_debug_info", text("app.debug.wasm")) as Uint8Array),
      );
      assert.ok(info.status.kind === "none");
      assert.match(info.status.reason, /app\.debug\.wasm/);
    });

    it("for a source map", () => {
      const { info } = openInfo(oneFunction(custom("sourceMappingURL", text("app.wasm.map")) as Uint8Array));
      assert.ok(info.status.kind === "none");
      assert.match(info.status.reason, /app\.wasm\.map/);
    });
  });

  it("does not take what is no module", () => {
    assert.throws(() => openInfo(Uint8Array.of(1, 2, 3, 4)), MalformedError);
  });

  describe("finds sources", () => {
    const pathsOf = (bytes: Uint8Array): string[] =>
      openInfo(bytes)
        .info.sources()
        .map(({ path }) => path);

    for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
      it(`by their whole paths, one each, in ${build}`, () => {
        const paths = pathsOf(fixture("multi", build).bytes).filter((path) => path.startsWith("/build"));
        assert.deepEqual(paths.sort(), [
          "/build/multi/a/util.c",
          "/build/multi/b/util.c",
          "/build/multi/clamp.h",
          "/build/multi/main.c",
          "/build/multi/scanner.c",
          "/build/multi/scanner.y",
        ]);
      });

      it(`of Windows, in ${build}`, () => {
        const paths = pathsOf(fixture("windows", build).bytes).filter((path) => path.startsWith("C:"));
        assert.deepEqual(paths.sort(), [
          "C:\\build\\windows\\src\\main.c",
          "C:\\build\\windows\\src\\shapes\\area.c",
          "C:\\build\\windows\\src\\shapes\\area.h",
        ]);
      });
    }

    it("once each, numbered in order", () => {
      for (const { bytes } of allFixtures()) {
        const sources = openInfo(bytes).info.sources();
        assert.deepEqual(
          sources.map(({ id }) => id),
          [...sources.keys()],
        );
        assert.equal(new Set(sources.map(({ path }) => path)).size, sources.length);
      }
    });

    it("with checksums where DWARF 5 has them", () => {
      const source = sourceNamed(openInfo(fixture("steps", "dwarf5.O0").bytes), "steps.c");
      assert.match(source.md5 ?? "", /^[0-9a-f]{32}$/);
      assert.equal(sourceNamed(openInfo(fixture("steps", "dwarf4.O0").bytes), "steps.c").md5, undefined);
    });

    it("with their text where that is embedded", () => {
      const source = sourceNamed(openInfo(dwarfGuest("embedded")), "shapes.c");
      assert.equal(source.text?.(), readFileSync(fromRoot("test/gimli-wasm/fixtures/shapes.c"), "utf8"));
      assert.equal(sourceNamed(openInfo(dwarfGuest("v5.O0")), "shapes.c").text, undefined);
    });
  });

  describe("knows functions", () => {
    it("by their DWARF names, which are those of the source", () => {
      const names = namesOf(readModule(fixture("steps", "dwarf5.O0").bytes));
      for (const name of ["main", "fib", "is_even", "variable_frame", "printf"])
        assert.ok(names.includes(name), name);
      assert.ok(!names.includes("__original_main"));
    });

    it("by the name section where there is no DWARF", () => {
      const names = namesOf(readModule(fixture("hello", "names.O0").bytes));
      assert.ok(names.includes("__original_main"));
    });

    it("by DWARF where there is no name section", () => {
      assert.ok(namesOf(readModule(fixture("hello", "noname.O0").bytes)).includes("main"));
    });

    it("by exports and numbers where there is neither", () => {
      const names = namesOf(readModule(fixture("hello", "stripped.O0").bytes));
      assert.ok(names.includes("_start"));
      assert.ok(names.includes("func[11]"), names.join(", "));
    });

    it("of C++ with namespaces, classes and parameters", () => {
      const names = namesOf(readModule(dwarfGuest("cpp.v4.O0")));
      const qualified = names.filter((name) => name.includes("::"));
      assert.ok(qualified.length > 0, names.join(", "));
      assert.ok(
        qualified.some((name) => /\(.*\)$/.test(name)),
        names.join(", "),
      );
    });

    it("of C++ with namespaces and classes where no name section has the rest", () => {
      const module = readModule(dwarfGuest("cpp.v4.O0"));
      const [names] = module.customSections("name");
      assert.ok(names);
      // Under another name the section says nothing, and no offset changes.
      const stripped = Uint8Array.from(module.bytes);
      stripped.set(new TextEncoder().encode("none"), names.start - 4);
      const qualified = namesOf(readModule(stripped)).filter((name) => name.includes("::"));
      assert.ok(qualified.length > 0);
    });

    it("by their whole bodies, with their DIEs, and nothing between them", () => {
      const module = readModule(fixture("steps", "dwarf5.O0").bytes);
      const { info } = openInfo(module);
      for (const [at, found] of functionsOf(module, info).entries()) {
        assert.equal(found.from, module.code.bodyStarts[at]);
        assert.equal(found.to, module.code.bodyEnds[at]);
        assert.equal(info.functionAt(toModuleOffset(found.to - 1)), found);
        assert.equal(info.functionAt(found.to), undefined);
        if (found.name === "fib") assert.ok(found.die && found.die.offset > 0);
      }
    });

    it("to have lines or not", () => {
      const module = readModule(fixture("hello", "nodebug.O0").bytes);
      const { info } = openInfo(module);
      const byName = new Map(functionsOf(module, info).map((found) => [found.name, found.hasLines]));
      assert.equal(byName.get("print_arguments"), false);
      assert.equal(byName.get("printf"), true);
    });
  });

  describe("finds the stack pointer", () => {
    for (const [name, build, how] of [
      ["hello", "dwarf5.O0", "by its name"],
      ["hello", "noname.O0", "by DWARF's frame bases where it has no name"],
      ["hello", "stripped.O0", "by what functions do with it where nothing names it"],
    ] as const) {
      it(how, () => assert.equal(openInfo(fixture(name, build).bytes).info.stackPointerGlobal, 0));
    }

    it("in no module that has none", () => {
      assert.equal(openInfo(oneFunction()).info.stackPointerGlobal, undefined);
    });
  });

  describe("for every fixture", () => {
    it("has statements in rising order, each in a function and on a line", () => {
      for (const { bytes, name, build } of allFixtures()) {
        const { info } = openInfo(bytes);
        const { offset, line } = info.statements();
        assert.equal(offset.length, line.length);
        for (const [at, value] of offset.entries()) {
          const point = toModuleOffset(value);
          assert.ok(at === 0 || (offset[at - 1] ?? 0) < value, `${name} ${build}`);
          assert.ok(info.locate(point), `${name} ${build} 0x${value.toString(16)}`);
          assert.equal(info.lineKeyAt(point), line[at]);
          assert.ok(info.functionAt(point)?.hasLines);
        }
      }
    });

    it("gives each line with code a breakpoint on that line, at statements of it", () => {
      for (const { bytes, name, build } of allFixtures()) {
        const { info } = openInfo(bytes);
        const statements = new Set(info.statements().offset);
        for (const source of info.sources().filter(({ path }) => path.startsWith("/build"))) {
          for (const line of info.linesWithCode(source, 0, 10_000)) {
            const resolved = info.resolveLine(source, line);
            assert.equal(resolved?.line, line, `${name} ${build} ${source.path}:${line + 1}`);
            for (const point of resolved?.points ?? []) {
              assert.ok(statements.has(point));
              assert.ok(linesAt(info, point).includes(line), `${name} ${build} ${source.path}:${line + 1}`);
            }
          }
        }
      }
    });

    it("attributes each byte of code to one line or to none", () => {
      for (const { bytes } of allFixtures().filter(({ name }) => name === "steps")) {
        const module = readModule(bytes);
        const { info } = openInfo(module);
        for (let at: number = module.code.start; at < module.code.end; at++) {
          const offset = toModuleOffset(at);
          assert.equal(info.lineKeyAt(offset) === 0, info.locate(offset) === undefined);
          if (info.locate(offset)) assert.ok(info.functionAt(offset));
        }
      }
    });

    it("has unoptimised functions' statements where their stack frame is set up", () => {
      for (const { bytes, name, build } of allFixtures().filter((of) => of.build.endsWith(".O0"))) {
        const { info } = openInfo(bytes);
        for (const value of info.statements().offset) {
          const point = toModuleOffset(value);
          const found = info.functionAt(point);
          if (!found || !info.locate(point)?.source.path.startsWith("/build")) continue;
          const shape = info.stackShape(found.index);
          if (!shape.fixed || shape.isDead?.(point)) continue;
          assert.ok(
            (shape.deltaAt(point) ?? 0) > 0,
            `${name} ${build}, ${found.name}, 0x${value.toString(16)}`,
          );
        }
      }
    });
  });

  describe("on real lines", () => {
    const opened = openInfo(fixture("steps", "dwarf5.O0").bytes);
    const source = sourceNamed(opened, "steps.c");
    const { lineOf } = fixture("steps", "dwarf5.O0").markers();
    const resolve = (line: number) => {
      const resolved = opened.info.resolveLine(source, line - 1);
      return resolved && { line: resolved.line + 1, count: resolved.points.length };
    };

    it("stops once at the head of a for loop", () => {
      assert.deepEqual(resolve(lineOf("for-head")), { line: lineOf("for-head"), count: 1 });
    });

    it("moves from a comment to the next statement", () => {
      assert.deepEqual(resolve(lineOf("comment-line")), { line: lineOf("main-print"), count: 1 });
    });

    it("moves from a function's opening line into it", () => {
      assert.deepEqual(resolve(lineOf("main-start") - 2), { line: lineOf("main-start"), count: 1 });
      assert.deepEqual(resolve(lineOf("main-start") - 1), { line: lineOf("main-start"), count: 1 });
      assert.deepEqual(resolve(lineOf("empty-function") - 2), { line: lineOf("empty-function"), count: 1 });
    });

    it("finds nothing between functions and at a file's ends", () => {
      assert.equal(resolve(1), undefined);
      assert.equal(resolve(lineOf("square-end") + 1), undefined);
      assert.equal(resolve(100_000), undefined);
    });
  });
});
