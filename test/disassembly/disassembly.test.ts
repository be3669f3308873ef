import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import { type ModuleOffset, toModuleOffset } from "../../src/base/brand.ts";
import { ModuleNames } from "../../src/debuginfo/module-names.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import { type CodeRow, Disassembly } from "../../src/disassembly/disassembly.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import {
  type Bytes,
  custom,
  I32,
  moduleOf,
  section,
  sized,
  text,
  u32,
  vec,
} from "../support/wasm-builder.ts";

const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));

function open(bytes: Uint8Array) {
  const module = readModule(bytes);
  const { info } = openDebugInfo(module, gimli);
  const listing = new Disassembly({ module, debugInfo: info, names: new ModuleNames(module, info) });
  return { module, info, listing };
}

/** Functions 0 (imported) to `bodies.length`, all of type 0: (i32) -> (i32); type 1 is (i32 i32) -> (). */
function moduleWith(bodies: readonly Bytes[], names: Bytes = []): Uint8Array {
  return moduleOf(
    section(1, vec([0x60, vec(I32), vec(I32)], [0x60, vec(I32, I32), vec()], [0x60, vec(), vec()])),
    section(2, vec([text("env"), text("log"), 0, u32(0)])),
    section(3, vec(...bodies.map(() => u32(0)))),
    section(10, vec(...bodies.map((body) => sized(vec(), body)))),
    names,
  );
}

const textsOf = (rows: readonly CodeRow[]): string[] => rows.map(({ text }) => text);
const offsetsOf = (rows: readonly CodeRow[]): number[] => rows.map(({ offset }) => offset);

describe("the listing of code", () => {
  const one = assemble("local.get 0\ni32.const 1\ni32.add\nend");
  const two = assemble("local.get 0\ncall 1\nend");

  describe("counts instructions", () => {
    const { module, listing } = open(moduleWith([one, two]));
    const [firstBody = 0, secondBody = 0] = module.code.bodyStarts;
    const end = module.code.end;
    /** Behind the byte that says that there are no declarations. */
    const first = firstBody + 1;
    const second = secondBody + 1;

    it("exactly as many as asked, from the one at the offset", () => {
      assert.deepEqual(textsOf(listing.rows(first, 0, 3)), ["local.get 0", "i32.const 1", "i32.add"]);
      assert.deepEqual(listing.rows(first, 0, 0), []);
    });

    it("forwards into the next function", () => {
      assert.deepEqual(textsOf(listing.rows(first, 2, 3)), ["i32.add", "end", "local.get 0"]);
    });

    it("backwards into the end of the function before", () => {
      assert.deepEqual(textsOf(listing.rows(second, -2, 3)), ["i32.add", "end", "local.get 0"]);
    });

    it("from the middle of an instruction as from its first byte, and from declarations as from the next instruction", () => {
      assert.deepEqual(offsetsOf(listing.rows(first + 1, 0, 1)), [first]);
      assert.deepEqual(offsetsOf(listing.rows(secondBody, 0, 1)), [second]);
      assert.deepEqual(offsetsOf(listing.rows(secondBody - 1, 0, 1)), [second]);
    });

    it("and bytes before the first function and behind the last, which are none", () => {
      const before = listing.rows(first, -2, 3);
      assert.deepEqual(
        before.map(({ kind, offset }) => `${kind} ${offset}`),
        [`invalid ${firstBody - 2}`, `invalid ${firstBody - 1}`, `instruction ${first}`],
      );
      const behind = listing.rows(second, 2, 3);
      assert.deepEqual(
        behind.map(({ kind, offset }) => `${kind} ${offset}`),
        [`instruction ${end - 1}`, `invalid ${end}`, `invalid ${end + 1}`],
      );
      assert.deepEqual(offsetsOf(listing.rows(0, -3, 2)), [-3, -2]);
    });

    it("back from outside to where it came from", () => {
      for (const by of [-9, -5, -1, 1, 4, 7, 12]) {
        for (const start of [first, second, firstBody - 4, end + 3]) {
          const [there] = listing.rows(start, by, 1);
          const [back] = listing.rows(there?.offset ?? 0, -by, 1);
          assert.equal(back?.offset, start, `${by} from ${start}`);
        }
      }
    });

    it("of a module without functions as bytes that are none", () => {
      const { listing: empty } = open(moduleOf());
      assert.deepEqual(
        empty.rows(8, -1, 3).map(({ kind, offset }) => `${kind} ${offset}`),
        ["invalid 7", "invalid 8", "invalid 9"],
      );
    });
  });

  it("has each instruction's bytes and function, and says where functions begin", () => {
    const { listing, module } = open(moduleWith([one, two]));
    const rows = listing.rows(module.code.bodyStarts[1] ?? 0, -1, 3);
    assert.deepEqual(
      rows.map((row) => row.kind === "instruction" && [row.function, row.isFirst, [...row.bytes]]),
      [
        ["func[1]", false, [0x0b]],
        ["func[2]", true, [0x20, 0x00]],
        ["func[2]", false, [0x10, 0x01]],
      ],
    );
  });

  it("is indented by blocks and says where branches go", () => {
    const body = assemble(
      "block\nloop\nlocal.get 0\nbr_if 1\nlocal.get 0\nbr_table 0 1 2\nend\nend",
      "local.get 0\nif\nnop\nelse\nbr 1\nend\nlocal.get 0\nend",
    );
    const { listing, module } = open(moduleWith([body]));
    const start = (module.code.bodyStarts[0] ?? 0) + 1;
    const rows = listing.rows(start, 0, 17);
    const at = (row: number) => `0x${rows[row]?.offset.toString(16)}`;
    assert.deepEqual(textsOf(rows), [
      "block",
      "  loop",
      "    local.get 0",
      `    br_if 1 (;${at(8)};)`,
      "    local.get 0",
      `    br_table 0 (;${at(1)};) 1 (;${at(8)};) 2`,
      "  end",
      "end",
      "local.get 0",
      "if",
      "  nop",
      "else",
      "  br 1",
      "end",
      "local.get 0",
      "end",
      "(no code)",
    ]);
  });

  it("names what instructions refer to as the name section does, imports by themselves, and writes out types", () => {
    const nameMap = (...names: readonly (readonly [number, string])[]) =>
      vec(...names.map(([index, name]) => [u32(index), text(name)]));
    const names = custom(
      "name",
      [1, sized(nameMap([1, "plain"], [2, "area(Circle const&)"]))],
      [2, sized(vec([u32(1), nameMap([0, "radius"])]))],
      [7, sized(nameMap([0, "__stack_pointer"]))],
      [4, sized(nameMap([1, "binary"]))],
    );
    const body = assemble(
      "local.get 0\ncall 0\ncall 1\ncall 2\nglobal.get 0\ncall_indirect (type 0)",
      "call_indirect (type 1)\ncall_indirect (type 2)\nlocal.get 3\nblock (type 0)\nend\nend",
    );
    const { listing, module } = open(moduleWith([body, one], names));
    assert.deepEqual(textsOf(listing.rows(module.code.bodyStarts[0] ?? 0, 0, 10)), [
      "local.get $radius",
      "call $env.log",
      "call $plain",
      'call $"area(Circle const&)"',
      "global.get $__stack_pointer",
      "call_indirect (param i32) (result i32)",
      "call_indirect (type $binary)",
      "call_indirect (type 2)",
      "local.get 3",
      "block (param i32) (result i32)",
    ]);
  });

  it("shows what cannot be decoded as one row that says why, and goes on behind it", () => {
    const { listing, module } = open(moduleWith([Uint8Array.of(0x01, 0xff, 0x02, 0x0b), two]));
    const rows = listing.rows(module.code.bodyStarts[0] ?? 0, 0, 3);
    assert.deepEqual(
      rows.map(({ kind, text }) => `${kind} ${text}`),
      ["instruction nop", "invalid (malformed: unknown opcode 0xff)", "instruction local.get 0"],
    );
    assert.deepEqual([...(rows[1]?.bytes ?? [])], [0xff, 0x02, 0x0b]);
  });

  describe("of a real program", () => {
    const { listing, info, module } = open(fixture("steps", "dwarf5.O0").bytes);

    it("reads the same whichever way it is come to", () => {
      const whole = listing.rows(module.code.bodyStarts[0] ?? 0, 0, 3000);
      for (let from = 0; from + 50 < whole.length; from += 37) {
        const anchor = whole[from + 25]?.offset ?? 0;
        assert.deepEqual(listing.rows(anchor, -25, 50), whole.slice(from, from + 50));
      }
    });

    it("gives all bytes of each function but its declarations", () => {
      let row = 0;
      const rows = listing.rows(module.code.bodyStarts[0] ?? 0, 0, 100_000);
      for (let body = 0; body < module.code.count; body++) {
        const first = rows[row];
        assert.ok(first?.kind === "instruction" && first.isFirst);
        let next: number = first.offset;
        for (let at = rows[row]; at && at.offset < (module.code.bodyEnds[body] ?? 0); at = rows[++row]) {
          assert.equal(at.offset, next);
          next = at.offset + at.bytes.length;
        }
        assert.equal(next, module.code.bodyEnds[body]);
      }
    });

    it("says the line of each instruction", () => {
      const { offset } = info.statements();
      const statement = toModuleOffset(offset[20] ?? 0);
      const [row] = listing.rows(statement, 0, 1);
      assert.deepEqual(row?.kind === "instruction" && row.position, info.locate(statement));
    });

    it("finds an instruction by its first byte only", () => {
      const [row] = listing.rows(module.code.bodyStarts[3] ?? 0, 1, 1);
      assert.deepEqual(listing.instructionAt((row?.offset ?? 0) as ModuleOffset), row);
      assert.equal(listing.instructionAt(toModuleOffset((row?.offset ?? 0) + 1)), undefined);
      assert.equal(listing.instructionAt(toModuleOffset(0)), undefined);
    });
  });
});
