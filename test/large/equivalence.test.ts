import assert from "node:assert/strict";
import { expectEquivalence } from "../equivalence/expect-equivalence.ts";
import { type Form, ProbedGuest } from "../equivalence/probed-guest.ts";
import type { Line } from "../equivalence/program.ts";
import { runProgram } from "../equivalence/run-program.ts";
import { nodes } from "../support/nodes.ts";
import { buildLarge, largeGuest, largeGuests } from "./large-guest.ts";

const atStatements = (["unarmed", "armed"] as const).map((probes): Form => ({ sites: "statements", probes }));
/** In every form there is: of one program, since that takes a while. */
const most: readonly Form[] = [
  ...atStatements,
  { sites: "statements", probes: "rewritten" },
  ...(["unarmed", "armed", "rewritten"] as const).map((probes): Form => ({ sites: "instructions", probes })),
];
/** Of the others only what is most telling is run on a second Node. */
const formsOf = (guest: string, isFirstNode: boolean): readonly Form[] =>
  guest === "lua.O0" ? most : isFirstNode ? atStatements : atStatements.slice(1);

before(function () {
  this.timeout(600_000);
  buildLarge();
});

describe("large guests, instrumented", () => {
  for (const guest of largeGuests) {
    it(`are valid modules with probes in all their functions: ${guest}`, () => {
      const { instrumented } = new ProbedGuest(largeGuest(guest).bytes, {
        ...{ sites: "statements", probes: "armed" },
      });
      assert.ok(WebAssembly.validate(instrumented.bytes));
      assert.deepEqual(instrumented.refused, []);
      assert.ok(instrumented.sites.count > 10_000);
    }).timeout(60_000);
  }
});

for (const [label, node] of await nodes()) {
  for (const guest of largeGuests) {
    describe(`a large guest, instrumented, on ${label}: ${guest}`, () => {
      const forms = formsOf(guest, node === process.execPath);
      let lines: readonly Line[] = [];

      before(async function () {
        this.timeout(300_000);
        lines = await runProgram(node, forms, [`large/${guest}`]);
      });

      it("works through what it is given to the end", () => {
        for (const { observation } of lines) {
          assert.equal(observation.exit, 0);
          assert.ok(observation.stdout.length > 50);
        }
      });

      for (const form of forms) {
        it(`does what the original does, with probes ${form.probes} at ${form.sites}`, () => {
          const ofForm = ({ sites, probes }: Form) => sites === form.sites && probes === form.probes;
          const chosen = lines.filter((line) => !line.form || ofForm(line.form));
          expectEquivalence(chosen, [form]);
        });
      }
    });
  }
}
