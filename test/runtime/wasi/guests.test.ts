import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { allFixtures } from "../../support/fixtures.ts";
import { nodes } from "../../support/nodes.ts";
import { runOnHost } from "../../support/run-on-host.ts";
import { runPlain, trapKindOf } from "../../support/run-plain.ts";

/** All guests that are commands, in one build each: what differs between builds is not the system interface. */
const commands = [...new Map(allFixtures().map((fixture) => [fixture.name, fixture])).values()]
  .map((fixture) => ({ fixture, runs: fixture.runs.filter((run) => run.calls === undefined) }))
  .filter(({ runs }) => runs.length > 0);

describe("a guest on the WASI host", () => {
  for (const { fixture, runs } of commands) {
    for (const run of runs) {
      it(`does what it does on node:wasi: ${fixture.name} ${run.name}`, () => {
        const plain = runPlain(fixture, run);
        const { stdout, stderr, exit, error } = runOnHost(fixture, run);
        const trap = error === undefined ? undefined : trapKindOf(error);
        assert.deepEqual(
          { stdout, stderr, exit, trap },
          { stdout: plain.stdout, stderr: plain.stderr, exit: plain.exit, trap: plain.trap },
        );
      });
    }
  }

  it("does the same on every Node, and quietly", async function () {
    this.timeout(60_000);
    const here = fileURLToPath(import.meta.url);
    const program = fileURLToPath(new URL(`../../support/wasi-program${extname(here)}`, import.meta.url));
    const chosen = commands.flatMap(({ fixture, runs }) =>
      runs.map((run) => ({ fixture, run })).filter(({ run }) => run.trap === undefined),
    );
    assert.ok(chosen.length >= 5);
    const expected = chosen.map(({ fixture, run }) => {
      const { stdout, stderr, exit } = runOnHost(fixture, run);
      return { stdout, stderr, exit };
    });
    const names = chosen.map(
      ({ fixture, run }) => `${fixture.name}/${fixture.build}/${fixture.runs.indexOf(run)}`,
    );
    for (const [label, node] of await nodes()) {
      const { stdout, stderr } = spawnSync(node, [...process.execArgv, program, ...names], {
        encoding: "utf8",
      });
      assert.equal(stderr, "", label);
      const answer = JSON.parse(stdout) as { node: string; outcomes: unknown };
      assert.ok(answer.node.startsWith(label.replace("Node ", "v")), answer.node);
      assert.deepEqual(answer.outcomes, expected, label);
    }
  });
});
