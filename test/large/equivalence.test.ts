import assert from "node:assert/strict";
import { expectEquivalence } from "../equivalence/expect-equivalence.ts";
import { type Form, ProbedGuest } from "../equivalence/probed-guest.ts";
import type { Line } from "../equivalence/program.ts";
import { runProgram } from "../equivalence/run-program.ts";
import { nodes } from "../support/nodes.ts";
import { buildLua, luaGuest } from "./lua-guest.ts";

const guest = "lua/O0";
const forms: readonly Form[] = (["statements", "instructions"] as const).flatMap((sites) =>
  (["unarmed", "armed", "rewritten"] as const).map((probes) => ({ sites, probes })),
);

before(function () {
  this.timeout(600_000);
  buildLua();
});

describe("a large guest, instrumented", () => {
  it("is a valid module with probes in all its functions", () => {
    for (const sites of ["statements", "instructions"] as const) {
      const { instrumented } = new ProbedGuest(luaGuest().bytes, { sites, probes: "armed" });
      assert.ok(WebAssembly.validate(instrumented.bytes));
      assert.deepEqual(instrumented.refused, []);
      assert.ok(instrumented.sites.count > 10_000);
    }
  }).timeout(60_000);
});

for (const [label, node] of await nodes()) {
  describe(`a large guest, instrumented, on ${label}`, () => {
    let lines: readonly Line[] = [];

    before(async function () {
      this.timeout(300_000);
      lines = await runProgram(node, forms, [guest]);
    });

    it("works through its scripts to the end", () => {
      for (const { observation } of lines) {
        assert.equal(observation.exit, 0);
        assert.match(observation.stdout, /^recursion +\d+$/m);
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
