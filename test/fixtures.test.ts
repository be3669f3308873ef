import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allFixtures, fixture, guestFolders, readManifest, sourceFile } from "./support/fixtures.ts";
import { meetsExpectation, parseMarkers, readMarkers } from "./support/markers.ts";
import { fromRoot } from "./support/paths.ts";
import { runPlain, trapKindOf } from "./support/run-plain.ts";

const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** What tools make. */
const madeFile = /\.(wasm|map|dwo|dwp)$/;

/** The custom sections of a module by name, without their bytes. */
const customSections = (bytes: Uint8Array<ArrayBuffer>, name: string): number =>
  WebAssembly.Module.customSections(new WebAssembly.Module(bytes), name).length;

describe("committed guests", () => {
  for (const [name, folder] of guestFolders()) {
    describe(name, () => {
      const manifest = readManifest(folder);

      it("was built from the sources and the recipe beside it", () => {
        assert.equal(sha256(join(folder, "recipe.json")), manifest.recipe, `npm run fixtures -- ${name}`);
        const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
          .map((file) => file.replaceAll("\\", "/"))
          .filter((file) => sourceFile.test(file));
        const hashes = Object.fromEntries(sources.sort().map((file) => [file, sha256(join(folder, file))]));
        assert.deepEqual(hashes, manifest.sources, `npm run fixtures -- ${name}`);
      });

      it("is the module that its manifest describes, and no other is there", () => {
        const built = Object.values(manifest.builds);
        const made = built.flatMap((build) => [build, ...(build.beside ?? [])]);
        for (const { file, sha256: hash } of made) assert.equal(sha256(join(folder, file)), hash, file);
        const modules = readdirSync(folder, { recursive: true, encoding: "utf8" })
          .map((file) => file.replaceAll("\\", "/"))
          .filter((file) => madeFile.test(file));
        assert.deepEqual(modules.sort(), made.map(({ file }) => file).sort());
      });

      it("has well-formed markers in every source", () => {
        for (const file of Object.keys(manifest.sources)) readMarkers(join(folder, file));
      });
    });
  }

  it("hold no path of the machine that built them", () => {
    // Debian's own builds of libc and compiler-rt, and its header folders, are the same everywhere.
    const foreign =
      /\/(?:home|root|Users|tmp|var|work|mnt|opt)\/[\w.-]{2,}|[A-Za-z]:\\(?!build\\)[\w.-]{2,}[\\/]/;
    for (const { path, bytes } of allFixtures()) {
      const found = foreign.exec(Buffer.from(bytes).toString("latin1"));
      assert.equal(found?.[0], undefined, path);
    }
  });

  it("are valid modules", () => {
    for (const { path, bytes } of allFixtures()) assert.ok(WebAssembly.validate(bytes), path);
  });

  it("stay below twenty-seven million bytes together", () => {
    const total = allFixtures().reduce((sum, { bytes }) => sum + bytes.length, 0);
    assert.ok(total < 27_000_000, `${total} bytes`);
  });
});

describe("a guest without a debugger", () => {
  for (const guest of allFixtures()) {
    for (const run of guest.runs) {
      it(`${guest.name} ${guest.build}: ${run.name}`, () => {
        const outcome = runPlain(guest, run);
        assert.equal(outcome.trap, run.trap);
        if (run.calls) {
          const results = run.trap ? [] : run.calls.map(({ result }) => result);
          assert.deepEqual(outcome.results, results);
        } else {
          assert.equal(outcome.exit, run.trap ? undefined : (run.exit ?? 0));
        }
        if (run.stdout !== undefined) assert.equal(outcome.stdout, run.stdout);
        if (run.stderr !== undefined) assert.equal(outcome.stderr, run.stderr);
      });
    }
  }

  it("is told apart from a host's own error", () => {
    assert.equal(trapKindOf(new RangeError("Invalid array length")), undefined);
    assert.equal(trapKindOf(new TypeError("unreachable")), undefined);
  });
});

describe("the shipped example", () => {
  const readme = readFileSync(fromRoot("examples/c/README.md"), "utf8");

  it("tells the very command that built its module", () => {
    const [command = "no command"] = readManifest(fromRoot("examples/c")).builds.app?.commands ?? [];
    assert.ok(readme.split("\n").includes(command), command);
  });

  it("breaks on the line that its README means", () => {
    const [, file = "", line = ""] = /--break (\w+\.c):(\d+)/.exec(readme) ?? [];
    const text = readFileSync(fixture("example-c", "app").source(file), "utf8").split("\n")[Number(line) - 1];
    assert.match(text ?? "", /tree->places = add_place/);
  });

  it("has launch configurations that name its module", () => {
    const launch = JSON.parse(readFileSync(fromRoot("examples/c/.vscode/launch.json"), "utf8"));
    const programs = launch.configurations.map((each: { program: string }) => each.program);
    for (const program of programs) assert.match(program, /^\$\{workspaceFolder\}\/build\/app\.wasm$/);
    assert.ok(programs.length > 0);
  });
});

describe("what each build keeps", () => {
  const keeps = (name: string, build: string, section: string): boolean =>
    customSections(fixture(name, build).bytes, section) > 0;

  it("DWARF builds have a line table and names", () => {
    for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
      assert.ok(keeps("hello", build, ".debug_line") && keeps("hello", build, "name"), build);
    }
  });

  it("DWARF 5 builds have an address table, which DWARF 4 builds lack", () => {
    assert.ok(keeps("hello", "dwarf5.O0", ".debug_addr"));
    assert.ok(!keeps("hello", "dwarf4.O0", ".debug_addr"));
  });

  it("the noname build has DWARF alone, the names build names alone, the stripped build neither", () => {
    assert.ok(keeps("hello", "noname.O0", ".debug_line") && !keeps("hello", "noname.O0", "name"));
    assert.ok(!keeps("hello", "names.O0", ".debug_line") && keeps("hello", "names.O0", "name"));
    assert.ok(!keeps("hello", "stripped.O0", ".debug_line") && !keeps("hello", "stripped.O0", "name"));
  });

  it("the emptied build still has the sections of DWARF but a line table of headers only", () => {
    const lines = (build: string): number => {
      const module = new WebAssembly.Module(fixture("steps", build).bytes);
      return WebAssembly.Module.customSections(module, ".debug_line")[0]?.byteLength ?? 0;
    };
    assert.ok(keeps("steps", "emptied.O2", ".debug_info"));
    assert.ok(lines("emptied.O2") > 0);
    assert.ok(
      lines("emptied.O2") < lines("dwarf4.O2") / 2,
      `${lines("emptied.O2")} of ${lines("dwarf4.O2")} bytes`,
    );
  });

  it("the imports guest asks for functions nobody has", () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(fixture("imports", "dwarf5.O0").bytes));
    const strange = imports.filter(({ module }) => module !== "wasi_snapshot_preview1");
    const names = strange.map(({ module, name }) => `${module}.${name}`);
    assert.deepEqual(names, ["env.foo", "env.bar", "host.log"]);
  });
});

describe("markers", () => {
  it("name the line they stand on, counted from 1", () => {
    const markers = parseMarkers("int a;\nint b; /* @stop:b-line */\n");
    assert.deepEqual(markers.stops, [{ name: "b-line", line: 2 }]);
    assert.equal(markers.lineOf("b-line"), 2);
  });

  it("take an expectation up to the end of its comment or of its line", () => {
    const source =
      "/* @stop:here */\n// @expect here: p->next = 0x0000\n/* @expect here: s = {x = 1} */ int c;\n";
    assert.deepEqual(parseMarkers(source).expectationsAt("here"), [
      { marker: "here", expression: "p->next", expected: "0x0000" },
      { marker: "here", expression: "s", expected: "{x = 1}" },
    ]);
  });

  it("refuse a name given twice", () => {
    assert.throws(() => parseMarkers("@stop:a\n@stop:a\n"), /a stands on line 1 and on line 2/);
  });

  it("refuse an expectation at a marker that is not there", () => {
    assert.throws(() => parseMarkers("@expect nowhere: x = 1\n"), /x is expected at nowhere/);
  });

  it("refuse an expectation that says nothing", () => {
    assert.throws(() => parseMarkers("@stop:a @expect a: x\n"), /line 1: an expectation needs/);
  });

  it("name what there is when asked for what there is not", () => {
    assert.throws(() => parseMarkers("@stop:a\n").lineOf("b"), /no marker b; there are: a/);
  });

  it("let any digit stand for a question mark of an address, and for no other", () => {
    assert.ok(meetsExpectation("0x0001a2bc", "0x????????"));
    assert.ok(!meetsExpectation("0x0001a2b", "0x????????"));
    assert.ok(meetsExpectation("63 '?'", "63 '?'"));
    assert.ok(!meetsExpectation("63 'x'", "63 '?'"));
  });
});

describe("fixture", () => {
  it("finds a build's module, source and markers", () => {
    const steps = fixture("steps", "dwarf5.O0");
    assert.equal(steps.bytes[0], 0);
    assert.equal(steps.compilationDir, "/build/steps");
    assert.ok(steps.source().endsWith("steps.c"));
    assert.ok(steps.markers().lineOf("fib-left") > 0);
  });

  it("names what there is when asked for what there is not", () => {
    assert.throws(() => fixture("nothing", "dwarf5.O0"), /no guest nothing; there are: .*steps/);
    assert.throws(() => fixture("steps", "dwarf9"), /no build dwarf9 of steps; there are: dwarf4.O0/);
    assert.throws(
      () => fixture("steps", "dwarf5.O0").source("x.c"),
      /no source x.c of steps; there are: steps.c/,
    );
  });
});
