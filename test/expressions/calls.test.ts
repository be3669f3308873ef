import assert from "node:assert/strict";
import { ExpressionError } from "../../src/symbols/variable.ts";
import { asStop, endAll } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import { type PausedFixture, pauseAt } from "../support/paused-fixture.ts";

/** What an expression shows, or what is wrong with it, where it may call and change. */
async function shown({ symbols, frame }: PausedFixture, text: string): Promise<string> {
  try {
    return (await symbols.evaluate(frame, text, { onEffect() {} })).value;
  } catch (error) {
    if (error instanceof ExpressionError) return `${error.column}: ${error.message}`;
    throw error;
  }
}

type Expected = readonly (readonly [text: string, shown: string | RegExp])[];

const ofC: Expected = [
  ["add(2, 3)", "5"],
  ["add(1, add(2, 3)) * 2", "12"],
  ["add(1.9, letter)", "98"],
  ["scale(1.5, 2)", "3"],
  ["wide(5, 33)", "42949672960"],
  ["low_byte(300)", "44 ','"],
  ["factorial(10)", "3628800"],
  ['length_of("abcdef")', "6"],
  ["length_of(name)", "5"],
  ["length_of(buffer)", "4"],
  ["sum_of(&here)", "42"],
  ["mirrored(&here)", "{x = 12, y = 30}"],
  ["mirrored(&here).x", "12"],
  ["filled(7)", "{values = {7, 8, 9, 10}}"],
  ["filled(7).values[2]", "9"],
  ["next_color(GREEN)", "BLUE"],
  ["operation(4, 5)", "9"],
  ["(*operation)(4, 5)", "9"],
  ["total(numbers, 8)", "31"],
  ['strlen("abc")', "3"],
  ["bump()", "void"],
  ["counter", "10"],
  ["crash(0)", /^5: `crash` trapped: divide by zero; what it had changed/],
  ["counter", "11"],
  ["overflow(1)", /^8: `overflow` trapped: /],
  ["leave(3)", /^5: `leave` called exit with status 3; the program goes on/],
  ["by_value(here)", "30"],
  ["by_value(*s->at)", "30"],
  ["by_value(small)", /^9: a int is no struct point/],
  ["by_number(one)", "3"],
  ["of_all(all, 10)", "15"],
  ["of_all(filled(7), 1)", "18"],
  ['sum_all("")', "0"],
  ['sum_all("idlp", letter, quarter, large, here)', "1099511627885.25"],
  ['sum_all("dd", 1.5f, 2.5)', "4"],
  ["sum_all()", "7: `sum_all` takes 1 or more arguments, not 0"],
  ["sum_of(here)", /^7: a struct point cannot be cast/],
  ["total(numbers)", "5: `total` takes 2 arguments, not 1"],
  ['printf("%d", 1)', "1"],
  ['printf("%s %5.2f %c %lld\n", name, 2.5f, letter, large)', "28"],
  ["nothing(1)", "0: there is no function `nothing` here"],
  ["small(1)", "5: a int cannot be called"],
  ["crash(nowhere)", "6: there is no variable `nowhere` here"],
  ["add(2, 3)", "5"],
];

const ofCpp: Expected = [
  ["over(1)", "2"],
  ["over(1.0)", "101"],
  ["over(2.0f)", "102"],
  ['over("b")', "98"],
  ["over(2, 3)", "6"],
  ["over(square)", /^4: no `over` takes \(shapes::Square\): there are over\(int\) or /],
  ["over(nullptr)", "0"],
  ["both_of(pair)", "3.5"],
  ["tagged(tag, 4)", "4"],
  [
    "length_of(text)",
    /^10: a std::.*string.* cannot be handed over by value, since only its own code can copy it/,
  ],
  ["side_of(owned)", /^8: a std::.*unique_ptr.* cannot be handed over by value/],
  ["twice<double>(1.5)", "3"],
  ["twice(4)", "8"],
  ["shape->area()", "25"],
  ["shape->twice()", "50"],
  ["square.grown(2)", "7"],
  ["square.side", "7"],
  ["both.area()", "9"],
  ["both.length()", "5"],
  ["owned->area()", "36"],
  ["increase(plain)", "void"],
  ["plain", "43"],
  ["read(plain)", "43"],
  ["read(7)", "7"],
  ["larger(square, *owned).side", "7"],
  ["at(level)", "7"],
  ["shapes::at(Level::low)", "0"],
  ["deeper(1)", "5"],
  ["inner::deeper(1)", "5"],
  ["counter.member(3)", "11"],
  ["numbers.nothing()", /has no method `nothing` that could be called/],
];

const ofObjects: Expected = [
  ["scaled(4)", "40"],
  ["scaled(1, 2)", "30"],
  ["scaled(5.0)", "0.5"],
  ["scaled(1, 2, 3)", "6: a Scaled cannot be called"],
  ["doubled(3)", "6"],
  ["add(1)", "6"],
  ["raise(2)", "8"],
  ["offset", "8"],
  ["same(5)", "5"],
  ["plain(1)", "5: a Plain cannot be called"],
  ["here + there", "{x = 4, y = 6}"],
  ["(here + there).x", "4"],
  ["-there", "{x = -3, y = -4}"],
  ["here * 3", "{x = 3, y = 6}"],
  ["(here + there) * 2 + here", "{x = 9, y = 14}"],
  ["here == there", "false"],
  ["here == here && !(here < here)", "true"],
  ["here != there", "true"],
  ["here < there", "true"],
  ["!here", "false"],
  ["there[1]", "4"],
  ["handle->x", "3"],
  ["*handle", "{x = 3, y = 4}"],
  ["(*handle).y = 9", "9"],
  ["handle->y", "9"],
  ["handle.target->x", "3"],
  ["handle->manhattan()", "12"],
  ["plain + 1", "6: a Plain is no number"],
  ["plain->n", "7: a Plain is no pointer: use `.`"],
  ["here + 1", /^5: a int is no const geo::Point/],
  ["here - there", "5: a geo::Point is no number"],
];

const ofRust: Expected = [
  ["add(1, 2)", "3"],
  ["inner::triple(5)", "15"],
  ["halves(3.0)", "1.5"],
  ['length("abc")', "3"],
  ["length(word)", "5"],
  ["length(&text)", "11"],
  ['first_word("ab cd")', '"ab"'],
  ["first_word(&text[3..])", '"lo"'],
  ["total(&numbers)", "150"],
  ["total(&numbers[1..3])", "50"],
  ["total(&array)", /^6: a .* is no &\[i32\]/],
  ["double(4)", "8"],
  ["double::<i32>(4)", "8"],
  ["point.sum()", "42"],
  ["moved.shift(3)", "4"],
  ["moved", "{x = 4, y = 0}"],
  ["point.mirrored()", "{x = 12, y = 30}"],
  ["point.mirrored().sum()", "42"],
  ["boxed.sum()", "42"],
  ["area(&shape)", "12"],
  ["area(&circle)", "12"],
  ["checked(1)", "251"],
  ["checked(9)", /^7: `rust_calls::checked` trapped: unreachable/],
  ["count_calls() + count_calls()", "3"],
  ["moved_sum(point)", "42"],
  ["moved_sum(point.mirrored())", "42"],
  ["of_three(triple)", "6"],
  ["eaten(text)", /^6: a alloc::string::String cannot be handed over by value, since it would be moved/],
];

const ofCells: Expected = [
  ["cell.get() + 1", "6"],
  ["unborrowed.borrow() + 1", "7"],
  ["shared.borrow().len()", "6"],
  ["counted.borrow()", "8"],
  ["nested.borrow()[1]", "2"],
  ["*unborrowed.borrow_mut()", "6"],
  ["unborrowed", "borrow=0 {6}"],
  ["cell.borrow()", /has no method `borrow` that could be called/],
];

describe("calls of the guest's functions", () => {
  after(endAll);

  for (const [name, stop, expected] of [
    ["calls", "main", ofC],
    ["cpp-calls", "main", ofCpp],
    ["cpp-operators", "main", ofObjects],
    ["rust-calls", "main", ofRust],
    ["rust-values", "cells", ofCells],
  ] as const) {
    it(`give what the functions give, in ${name}`, async () => {
      const paused = await pauseAt(fixture(name, "dwarf5.O0"), stop);
      for (const [text, value] of expected) {
        const found = await shown(paused, text);
        if (typeof value === "string") assert.equal(found, value, text);
        else assert.match(found, value, text);
      }
    });
  }

  it("leave the frame and the program as they were, whatever becomes of them, on every Node", async () => {
    for (const [, node] of await nodes()) await checkAfterCalls(node);
  });

  async function checkAfterCalls(node: string): Promise<void> {
    const paused = await pauseAt(fixture("calls", "dwarf5.O0"), "main", { node });
    const { target, printed } = paused.running;
    const before = await target.globals(paused.frame.stop);
    const locals = await target.locals(paused.frame.stop, 0);
    for (const text of ["factorial(20)", "overflow(1)", "leave(1)", 'greet("you")', "hang()"]) {
      const said = await shown(paused, text);
      if (text === "hang()") assert.match(said, /had not returned after 5 seconds and was broken off/);
      assert.deepEqual(await target.globals(paused.frame.stop), before, text);
      assert.deepEqual(await target.locals(paused.frame.stop, 0), locals, text);
    }
    assert.match(printed(), /^hello you\n$/);
    const halt = await target.resume({ kind: "continue" });
    assert.equal(halt.kind, "exited");
    assert.equal(halt.kind === "exited" && halt.exitCode, 0);
    assert.match(printed(), /\n7 200 0 a .*\n5 -3 5 seven 1.5 text world 3\n31 4\n$/);
  }

  it("are not stopped by breakpoints, which stop the program afterwards as before", async () => {
    const guest = fixture("calls", "dwarf5.O0");
    const paused = await pauseAt(guest, "total");
    const { running } = paused;
    await running.target.setBreakpointLocations([running.point("bumped"), running.point("main")]);
    assert.equal(await shown(paused, "bump()"), "void");
    assert.equal(await shown(paused, "counter"), "10");
    const { reason } = asStop(await running.target.resume({ kind: "continue" }));
    assert.equal(reason.kind === "breakpoint" && reason.point, running.point("main"));
  });

  it("and changes are refused in words where nobody asked for them", async () => {
    const { symbols, frame } = await pauseAt(fixture("calls", "dwarf5.O0"), "main");
    for (const text of ["bump()", "operation(1, 2)", "counter = 1", "counter++", "--counter", "small += 1"]) {
      await assert.rejects(symbols.evaluate(frame, text), (error) => {
        assert.ok(error instanceof ExpressionError, text);
        assert.match(error.message, /only from the debug console, not here/, text);
        return true;
      });
    }
    assert.equal((await symbols.evaluate(frame, "counter")).value, "0");
    assert.equal((await symbols.evaluate(frame, "small")).value, "7");
  });

  it("are refused where optimisation has changed how a function is called", async () => {
    const paused = await pauseAt(fixture("calls", "dwarf5.O2"), "main");
    assert.equal(await shown(paused, "add(2, 3)"), "5");
    assert.match(await shown(paused, "total(first, 8)"), /there is no function `total` here/);
  });
});
