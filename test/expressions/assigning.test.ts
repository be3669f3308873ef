import assert from "node:assert/strict";
import { ExpressionError } from "../../src/symbols/variable.ts";
import { endAll } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { type PausedFixture, pauseAt } from "../support/paused-fixture.ts";

/** Assigns to what an expression names, as a client's variables view does; answers what is shown then, or what is wrong. */
async function assigned({ symbols, frame }: PausedFixture, name: string, text: string): Promise<string> {
  const variable = await symbols.evaluate(frame, name);
  if (!variable.writable) return "not writable";
  try {
    return (await variable.assign(text)).value;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

async function checkAll(
  paused: PausedFixture,
  changes: readonly (readonly [name: string, text: string, shown: string | RegExp])[],
): Promise<void> {
  for (const [name, text, shown] of changes) {
    const found = await assigned(paused, name, text);
    if (typeof shown === "string") assert.equal(found, shown, `${name} = ${text}`);
    else assert.match(found, shown, `${name} = ${text}`);
  }
}

/** Lets the guest run to its end and answers what it prints on the way. */
async function rest({ running }: PausedFixture): Promise<string> {
  const halt = await running.target.resume({ kind: "continue" });
  assert.equal(halt.kind, "exited");
  return running.printed();
}

describe("assigning to variables of the guest", () => {
  after(endAll);

  it("is seen by a program in C, for scalars of every kind and buffers of characters", async () => {
    const paused = await pauseAt(fixture("calls", "dwarf5.O0"), "main");
    await checkAll(paused, [
      ["small", "-9", "-9"],
      ["byte", "255", "255 '\\xff'"],
      ["byte", "256", /256 does not fit: unsigned char takes 0 to 255/],
      ["flag", "true", "true"],
      ["letter", "'z'", "122 'z'"],
      ["quarter", "0.5", "0.5"],
      ["large", "1ull << 63", "9223372036854775808"],
      ["here.x", "here.y * 2", "24"],
      ["settings.low", "7", "7"],
      ["settings.low", "8", /8 does not fit/],
      ["s->high", "-16", "-16"],
      ["settings.color", "BLUE", "BLUE"],
      ["settings.color", "RED", "RED"],
      ["settings.name", '"eight"', '"eight"'],
      ["settings.name", '"too long"', /does not fit: a char\[8\] takes 7 characters/],
      ["settings.ratio", "2", "2"],
      ["buffer", "name", '"world"'],
      ["first", "&numbers[4]", /^0x/],
      ["name", "buffer", /"world"$/],
      ["numbers[2]", "44", "44"],
      ["numbers", "1", "not writable"],
      ["here", "1", "not writable"],
      ["s", "&settings", /^0x/],
      ["settings.name", "small", /a int cannot be assigned to a char\[8\]/],
    ]);
    assert.equal(
      await rest(paused),
      "-9 255 1 z 0.5 9223372036854775808 24,12\n7 -16 0 eight 2 world world 5\n31 44\n",
    );
  });

  it("is seen by a program in C++, through references, in containers and in the text of strings", async () => {
    const paused = await pauseAt(fixture("cpp-calls", "dwarf5.O0"), "main");
    await checkAll(paused, [
      ["text", '"abcde"', '"abcde"'],
      ["text", '"of this length"', /does not fit: it has 14 bytes, and this .*string has room for 10/],
      ["text", '"ten of all"', '"ten of all"'],
      ["text", '""', '""'],
      ["text", '"abc"', '"abc"'],
      ["longer", '"0123456789012345678901234567890123456789012345678901234567890123456789"', /room for \d\d/],
      ["longer", '"A text that is short"', '"A text that is short"'],
      ["reference", "50", "50"],
      ["level", "low", "low"],
      ["level", "Level::high", "high"],
      ["numbers[1]", "99", "99"],
      ["square", "1", "not writable"],
    ]);
    assert.equal(await rest(paused), "321 50 abc A text that is short\n50 7 99\n");
  });

  it("is seen by a program in Rust", async () => {
    const paused = await pauseAt(fixture("rust-calls", "dwarf5.O0"), "main");
    await checkAll(paused, [
      ["small", "255", "255"],
      ["small", "256", /256 does not fit: u8 takes 0 to 255/],
      ["text", '"HELLO world"', '"HELLO world"'],
      ["text", '"HELLO world!"', /does not fit: it has 12 bytes, and this .*String has room for 11/],
      ["text", '"short"', '"short"'],
      ["wide", "1u128 << 90", "1237940039285380274899124224"],
      ["letter", "'z'", "122 'z'"],
      ["flag", "false", "false"],
      ["negative", "i64::MIN", "-9223372036854775808"],
      ["numbers[1]", "21", "21"],
      ["array[3]", "4", "4"],
      ["boxed.x", "-1", "-1"],
      ["moved.x", "8", "8"],
    ]);
    const printed = await rest(paused);
    assert.match(printed, / 5 6 0.75\n/);
    assert.match(printed, /\n255 8 24 251\n/);
    assert.match(printed, /\n1237940039285380274899124224 2 -9223372036854775808 z false .* -1 \(/);
    assert.match(printed, /\n21 4 136\n/);
  });
});
