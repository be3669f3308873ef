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
const formsOf = (guest: string): readonly Form[] => (guest === "lua.O0" ? most : atStatements);

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
  describe(`large guests, instrumented, on ${label}`, () => {
    for (const guest of largeGuests) {
      const forms = formsOf(guest);
      let lines: readonly Line[] = [];

      before(async function () {
        this.timeout(300_000);
        lines = await runProgram(node, forms, [`large/${guest}`]);
      });

      it(`work through what they are given to the end: ${guest}`, () => {
        for (const { observation } of lines) {
          assert.equal(observation.exit, 0);
          assert.ok(observation.stdout.length > 50);
        }
      });

      for (const form of forms) {
        it(`do what the originals do, with probes ${form.probes} at ${form.sites}: ${guest}`, () => {
          const ofForm = ({ sites, probes }: Form) => sites === form.sites && probes === form.probes;
          const chosen = lines.filter((line) => !line.form || ofForm(line.form));
          expectEquivalence(chosen, [form]);
        });
      }
    }
  });
}
