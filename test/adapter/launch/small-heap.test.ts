import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { nodes } from "../../support/nodes.ts";
import { fromRoot } from "../../support/paths.ts";

/** Makes objects of which so many outlive a collection that V8 would give them more room; prints how much they have, in bytes. */
const program = `
import { getHeapSpaceStatistics } from "node:v8";
const { keepHeapSmall } = await import(process.argv[1]);
if (process.argv[2] === "small") keepHeapSmall();
const kept = [];
for (let turn = 0; turn < 400_000; turn++) kept[turn % 100_000] = { turn, text: [turn] };
const young = getHeapSpaceStatistics().find((space) => space.space_name === "new_space");
process.stdout.write(String(young.space_size));
`;

describe("V8's space for young objects", () => {
  it("stays small once that is asked for, which it does not by itself", async () => {
    const module = pathToFileURL(fromRoot("dist/adapter/launch/small-heap.js")).href;
    for (const [label, node] of await nodes()) {
      const size = (how: string): number => {
        const args = ["--input-type=module", "--eval", program, module, how];
        const { stdout, stderr } = spawnSync(node, args, { encoding: "utf8" });
        assert.equal(stderr, "", `${label} does not know an option`);
        return Number(stdout);
      };
      const [small, usual] = [size("small"), size("usual")];
      assert.ok(small * 2 <= usual, `${label}: ${small} and ${usual} bytes`);
    }
  });
});
