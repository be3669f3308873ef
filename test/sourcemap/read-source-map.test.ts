import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { SourceMapConsumer } from "source-map";
import { MalformedError } from "../../src/base/errors.ts";
import { readSourceMap } from "../../src/sourcemap/read-source-map.ts";
import { fromRoot } from "../support/paths.ts";
import { encodeMappings, mapText, vlq } from "../support/source-map-builder.ts";

const committed = [
  "as-values/as-values.debug.wasm.map",
  "as-values/as-values.release.wasm.map",
  "as-values/as-values.abort.wasm.map",
  "as-values/maps/folder.map",
  "cpp-exceptions/cpp-exceptions.emscripten-map.O1.wasm.map",
];
const textOf = (map: string): string => readFileSync(fromRoot("test/fixtures", map), "utf8");

describe("the columns of a source map", () => {
  for (const file of committed) {
    it(`say what the package says of every segment of ${file}`, async () => {
      const text = textOf(file);
      const map = await readSourceMap(text);
      const raw = JSON.parse(text) as { sources: string[] };
      assert.ok(map.offset.length > 500);
      const wrong: string[] = [];
      await SourceMapConsumer.with({ ...JSON.parse(text), sourceRoot: undefined }, null, (consumer) => {
        for (const [at, offset] of map.offset.entries()) {
          // Of segments at one offset the package finds any.
          if (map.offset[at - 1] === offset || map.offset[at + 1] === offset) continue;
          const found = consumer.originalPositionFor({ line: 1, column: offset });
          const source = map.source[at] as number;
          const ours =
            source < 0 ? "none" : `${raw.sources[source]}:${(map.line[at] as number) + 1}:${map.column[at]}`;
          const theirs = found.source === null ? "none" : `${found.source}:${found.line}:${found.column}`;
          if (ours !== theirs) wrong.push(`0x${offset.toString(16)}: ${ours}, not ${theirs}`);
        }
      });
      assert.deepEqual(wrong, []);
    });
  }

  it("are the same for a map in sections as for the whole", async () => {
    const whole = await readSourceMap(textOf("as-values/as-values.debug.wasm.map"));
    const sections = await readSourceMap(textOf("as-values/as-values.sections.wasm.map"));
    assert.deepEqual(sections.offset, whole.offset);
    assert.deepEqual(sections.line, whole.line);
    assert.deepEqual(sections.column, whole.column);
    const paths = ({ source, sources }: typeof whole) =>
      Array.from(source, (index) => (index < 0 ? "none" : sources[index]?.path));
    assert.deepEqual(paths(sections), paths(whole));
  });

  it("keep names, and code that comes from nowhere", async () => {
    const map = await readSourceMap(
      mapText(
        [
          { offset: 5, source: 0, line: 2, column: 4, name: 1 },
          { offset: 9 },
          { offset: 12, source: 0, line: 3 },
        ],
        { names: ["a", "b"] },
      ),
    );
    assert.deepEqual([...map.offset], [5, 9, 12]);
    assert.deepEqual([...map.source], [0, -1, 0]);
    assert.deepEqual([...map.line], [2, 0, 3]);
    assert.deepEqual([...map.column], [4, 0, 0]);
    assert.deepEqual([...map.name], [1, -1, -1]);
    assert.deepEqual(map.names, ["a", "b"]);
  });

  it("leave out lines that a module does not have", async () => {
    const first = encodeMappings([{ offset: 5, source: 0 }]);
    const map = await readSourceMap(mapText([], { mappings: `${first};${first}` }));
    assert.deepEqual([...map.offset], [5]);
  });

  it("come in order though sections do not", async () => {
    const section = (column: number, line: number) => ({
      offset: { line: 0, column },
      map: JSON.parse(mapText([{ offset: 1, source: 0, line }])) as object,
    });
    const map = await readSourceMap(
      JSON.stringify({ version: 3, sections: [section(100, 7), section(10, 3)] }),
    );
    assert.deepEqual([...map.offset], [11, 101]);
    assert.deepEqual([...map.line], [3, 7]);
    assert.equal(map.sources.length, 2);
  });
});

describe("the sources of a source map", () => {
  const pathOf = async (source: string, sourceRoot: string, mapPath?: string, others: string[] = []) =>
    (await readSourceMap(mapText([], { sources: [source, ...others], sourceRoot }), mapPath)).sources[0]
      ?.path;

  it("are seen from the root, and that from the map", async () => {
    assert.equal(await pathOf("a.c", "", "/proj/build/app.map"), "/proj/build/a.c");
    assert.equal(await pathOf("a.c", "..", "/proj/build/app.map"), "/proj/a.c");
    assert.equal(await pathOf("../b/a.c", "src/", "/proj/build/app.map"), "/proj/build/b/a.c");
    assert.equal(await pathOf("/x/a.c", "/lib", "/proj/app.map"), "/x/a.c");
    assert.equal(await pathOf("a.c", "/lib", "/proj/app.map"), "/lib/a.c");
  });

  it("stay relative in a map that lies nowhere", async () => {
    assert.equal(await pathOf("../src/./a.c", ""), "../src/a.c");
  });

  it("may be files of Windows", async () => {
    assert.equal(await pathOf("..\\a.c", "", "C:\\proj\\build\\app.map"), "C:\\proj\\a.c");
    assert.equal(await pathOf("file:///C:/proj/a%20b.c", "", "/x/app.map"), "C:/proj/a b.c");
    assert.equal(await pathOf("C:\\proj\\a.c", "src", "/x/app.map"), "C:\\proj\\a.c");
  });

  it("may be URLs", async () => {
    assert.equal(await pathOf("file:///proj/a.c", "", "/x/app.map"), "/proj/a.c");
    assert.equal(await pathOf("https://example.org/a.c", "", "/x/app.map"), "https://example.org/a.c");
    assert.equal(await pathOf("file:///proj/100%.c", "", "/x/app.map"), "/proj/100%.c");
  });

  it("of AssemblyScript do not lie below the name that its compiler gives as their root", async () => {
    const library = ["~lib/array.ts"];
    assert.equal(
      await pathOf("assembly/index.ts", "./release", "/p/build/release.wasm.map", library),
      "assembly/index.ts",
    );
    assert.equal(await pathOf("~lib/array.ts", "..", "/p/build/x.map"), "~lib/array.ts");
  });

  it("have their text, and belong to libraries or not", async () => {
    const map = await readSourceMap(
      mapText([], {
        sources: ["a.ts", "b.ts", "~lib/c.ts"],
        sourcesContent: ["text", null, ""],
        ignoreList: [1],
      }),
    );
    assert.deepEqual(
      map.sources.map(({ text }) => text),
      ["text", undefined, ""],
    );
    assert.deepEqual(
      map.sources.map(({ isLibrary }) => isLibrary),
      [false, true, true],
    );
  });
});

describe("a malformed source map", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", "{", /no JSON/],
    ["another kind of JSON", "[]", /the map is a list/],
    ["another version", mapText([], { version: 4 }), /version is 4/],
    ["no mappings", mapText([], { mappings: undefined }), /mappings are missing/],
    ["mappings that are no text", mapText([], { mappings: [] }), /mappings are a list/],
    ["no sources", mapText([], { sources: "a.ts" }), /sources is "a.ts", not a list/],
    ["a character that is no digit", mapText([], { mappings: "A!AA" }), /base 64/],
    ["a number that breaks off", mapText([], { mappings: "AAAg" }), /EOF|VLQ/],
    ["a line before the first", mapText([{ offset: 1, source: 0, line: -1 }]), /negative/],
    [
      "sections without offsets",
      JSON.stringify({ version: 3, sections: [{ map: {} }] }),
      /offset is missing/,
    ],
    [
      "a section whose map is elsewhere",
      JSON.stringify({ version: 3, sections: [{ offset: { line: 0, column: 0 }, url: "x" }] }),
      /elsewhere/,
    ],
  ];
  for (const [what, text, message] of cases) {
    it(`is refused: ${what}`, async () => {
      await assert.rejects(readSourceMap(text), (error) => {
        assert.ok(error instanceof MalformedError);
        assert.equal(error.code, "source-map");
        assert.match(error.detail, message);
        return true;
      });
    });
  }

  it("with sections within sections without end is refused", async () => {
    const open = '{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":';
    const text = open.repeat(20_000) + mapText([]) + "}]}".repeat(20_000);
    await assert.rejects(readSourceMap(text), MalformedError);
  });

  it("that names sources it does not have is refused", async () => {
    await assert.rejects(readSourceMap(mapText([{ offset: 1, source: 9 }])), MalformedError);
  });
});

describe("damaged source maps", () => {
  it("are read or refused, always with columns of one length in rising order", async () => {
    // Texts of sources are most of a map, and damage there changes nothing.
    const parsed = JSON.parse(textOf("as-values/as-values.sections.wasm.map")) as {
      sections: { map: object }[];
    };
    for (const section of parsed.sections) section.map = { ...section.map, sourcesContent: undefined };
    const whole = JSON.stringify(parsed);
    let refused = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const text = damage(whole, seed);
      try {
        const map = await readSourceMap(text);
        const lengths = [map.source, map.line, map.column, map.name].map((column) => column.length);
        assert.deepEqual(lengths, Array(4).fill(map.offset.length), `seed ${seed}`);
        assert.ok(map.offset.every((at, index) => index === 0 || at >= (map.offset[index - 1] as number)));
      } catch (error) {
        assert.ok(error instanceof MalformedError, `seed ${seed}: ${String(error)}`);
        refused++;
      }
    }
    assert.ok(refused > 100 && refused < 300, `${refused} refused`);
    // What was refused has not broken the reader for what is not.
    assert.ok((await readSourceMap(whole)).offset.length > 4000);
  });

  it("do not take long, however large their numbers are", async () => {
    const segments = Array.from({ length: 100_000 }, () => vlq(0) + vlq(0) + vlq(2 ** 20) + vlq(2 ** 20));
    await assert.rejects(readSourceMap(mapText([], { mappings: segments.join(",") })), MalformedError);
    const alike = Array.from({ length: 100_000 }, () => vlq(0) + vlq(0) + vlq(0) + vlq(0)).join(",");
    assert.equal((await readSourceMap(mapText([], { mappings: alike }))).offset.length, 100_000);
    assert.equal((await readSourceMap(mapText([], { mappings: ";".repeat(1_000_000) }))).offset.length, 0);
  });
});

/** Up to ten characters changed, left out or doubled. */
function damage(text: string, seed: number): string {
  const random = randomFrom(seed);
  let damaged = text;
  for (let changes = 1 + random() * 10; changes > 0; changes--) {
    const at = Math.floor(random() * damaged.length);
    const length = Math.floor(random() * 3);
    const middle = random() < 0.5 ? "" : String.fromCharCode(33 + Math.floor(random() * 94));
    damaged = damaged.slice(0, at) + middle + damaged.slice(at + length);
  }
  return damaged;
}

/** Numbers from 0 to 1, the same for each seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
