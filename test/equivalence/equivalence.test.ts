import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readModule } from "../../src/wasm/module.ts";
import { allFixtures, type Fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import { expectEquivalence } from "./expect-equivalence.ts";
import { type Form, ProbedGuest } from "./probed-guest.ts";
import type { Line } from "./program.ts";
import { runProgram } from "./run-program.ts";

const atStatements: readonly Form[] = [
  { sites: "statements", probes: "unarmed" },
  { sites: "statements", probes: "armed" },
  { sites: "statements", probes: "rewritten" },
];
const atInstructions: readonly Form[] = [
  { sites: "instructions", probes: "unarmed" },
  { sites: "instructions", probes: "rewritten" },
];
const checkingStores: readonly Form[] = [
  { sites: "statements", probes: "unarmed", stores: "unwatched" },
  { sites: "statements", probes: "rewritten", stores: "watched" },
];

const guests = allFixtures().filter((guest) => guest.runs.length > 0);
const nameOf = ({ name, build }: Fixture): string => `${name}/${build}`;

/** What a probe at every instruction is tried on: with more code, that takes minutes. */
const mostCodeBytes = 64 * 1024;

/** The smaller guests, one for each code section: builds that differ in debug info alone have the same. */
const smallGuests = [
  ...new Map(
    guests.filter((guest) => codeOf(guest).length <= mostCodeBytes).map((guest) => [hashOf(guest), guest]),
  ).values(),
];

function codeOf({ bytes }: Fixture): Uint8Array {
  const { code } = readModule(bytes);
  return bytes.subarray(code.start, code.end);
}

function hashOf(guest: Fixture): string {
  return createHash("sha256").update(codeOf(guest)).digest("hex");
}

describe("an instrumented guest", () => {
  it("is a valid module, whatever its sites", () => {
    for (const { bytes, name, build } of allFixtures()) {
      for (const sites of ["statements", "instructions"] as const) {
        const stores = sites === "statements" ? ({ stores: "watched" } as const) : {};
        const { instrumented } = new ProbedGuest(bytes, { sites, probes: "armed", ...stores });
        assert.ok(instrumented.sites.count > 0, `${name} ${build} has no sites at ${sites}`);
        assert.ok(WebAssembly.validate(instrumented.bytes), `${name} ${build}, sites at ${sites}`);
        assert.deepEqual(instrumented.refused, []);
        assert.deepEqual(instrumented.unchecked, []);
      }
    }
  }).timeout(150_000);
});

for (const [label, node] of await nodes()) {
  describe(`an instrumented guest on ${label}`, () => {
    const lines: Record<Form["sites"] | "stores", readonly Line[]> = {
      statements: [],
      instructions: [],
      stores: [],
    };

    before(async function () {
      this.timeout(450_000);
      const programs = [
        runProgram(node, atStatements, guests.map(nameOf)),
        runProgram(node, atInstructions, smallGuests.map(nameOf)),
        runProgram(node, checkingStores, smallGuests.map(nameOf)),
      ] as const;
      [lines.statements, lines.instructions, lines.stores] = await Promise.all(programs);
    });

    const linesOf = (guest: Fixture, sites: keyof typeof lines): readonly Line[] =>
      lines[sites].filter((line) => line.guest === nameOf(guest));

    for (const guest of guests) {
      it(`does what the original does, with probes at statements: ${nameOf(guest)}`, () => {
        expectEquivalence(linesOf(guest, "statements"), atStatements);
      });
    }

    for (const guest of smallGuests) {
      it(`does what the original does, with a probe at every instruction: ${nameOf(guest)}`, () => {
        expectEquivalence(linesOf(guest, "instructions"), atInstructions);
      });

      it(`does what the original does, with its stores checked: ${nameOf(guest)}`, () => {
        expectEquivalence(linesOf(guest, "stores"), checkingStores);
      });
    }

    it("has had its locals written, met every kind of trap, and ran where it should", () => {
      const all = [...lines.statements, ...lines.instructions];
      const rewritten = all.reduce((sum, { probes }) => sum + (probes?.rewritten ?? 0), 0);
      assert.ok(rewritten > 100_000, `${rewritten} locals were written`);
      const kinds = new Set(all.flatMap(({ observation }) => observation.trap ?? []));
      const version = label.replace("Node ", "v");
      assert.ok(all.every((line) => line.node.startsWith(`${version}.`)));
      assert.ok(kinds.size >= 8, [...kinds].join());
    });
  });
}
