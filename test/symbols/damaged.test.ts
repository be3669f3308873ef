import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import { toModuleOffset, toStopNumber } from "../../src/base/brand.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import { ExpressionError } from "../../src/symbols/variable.ts";
import type { RawValue, Target } from "../../src/target/target.ts";
import { readModule } from "../../src/wasm/module.ts";
import { fixture } from "../support/fixtures.ts";
import { generator } from "../support/generator.ts";
import { fromRoot } from "../support/paths.ts";
import { symbolsOf } from "../support/paused-fixture.ts";

const rounds = 60;

const slots: readonly RawValue[] = Array.from({ length: 32 }, () => ({ type: "i32", value: 4096 }));
const memory = Uint8Array.from({ length: 1 << 16 }, (_, index) => index % 256);
const target = {
  state: "paused",
  locals: async () => slots,
  globals: async () => slots,
  memorySizes: async () => [BigInt(memory.length)],
  readMemory: async (_stop: unknown, _memory: unknown, address: bigint, length: number) =>
    memory.slice(Number(address), Number(address) + length),
  readTable: async () => undefined,
  // Nothing under test asks for more than what is here.
} as unknown as Target;

describe("damaged debug info", () => {
  it("costs values, but no error other than one about an expression, and always ends", async function () {
    this.timeout(120_000);
    const guest = fixture("types", "dwarf5.O0");
    const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
    const module = readModule(guest.bytes);
    const { info } = openDebugInfo(module, gimli);
    const places = info
      .statements()
      .offset.filter((_, index) => index % 7 === 0)
      .slice(0, 24);
    const sections = [".debug_abbrev", ".debug_info", ".debug_info", ".debug_info"].map(
      (name) => module.sectionBytes(name) ?? assert.fail(`no ${name}`),
    );
    const random = generator(0x9e3779b9);
    for (let round = 0; round < rounds; round++) {
      const bytes = guest.bytes.slice();
      // The fixture's own unit comes first: its types and variables are what is damaged.
      const section = sections[round % sections.length] ?? assert.fail();
      const length = Math.min(section.length, 2500);
      const start = section.byteOffset - guest.bytes.byteOffset;
      for (let count = 0; count < 8; count++) bytes[start + random(length)] = random(256);
      const symbols = symbolsOf({ bytes }, target);
      for (const offset of places) await look(symbols, offset);
    }
  });
});

async function look(symbols: Symbols, offset: number): Promise<void> {
  const at = toModuleOffset(offset);
  const frame = { stop: toStopNumber(1), frame: 0, function: 0 as never, offset: at, stackPointer: 4096n };
  for (const scope of await symbols.scopes(frame)) {
    for (const variable of await scope.variables.children("named", 0, 40)) {
      assert.equal(typeof variable.value, "string");
      await variable.children("named", 0, 3);
      await variable.children("indexed", 0, 3);
    }
  }
  for (const text of ["point.x + items[3].id", "sizeof(struct line)", "color == BLUE", "p->x"]) {
    await symbols
      .evaluate(frame, text)
      .catch((error) => assert.ok(error instanceof ExpressionError, `${error?.stack}`));
  }
}
