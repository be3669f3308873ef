import assert from "node:assert/strict";
import type { Observation } from "./observation.ts";
import type { Form } from "./probed-guest.ts";
import type { Line } from "./program.ts";

/**
 * Expects of all runs of one guest that each form did what the guest does as it is, that probes fired when armed
 * and only then, and that the host saw them where they stand.
 */
export function expectEquivalence(lines: readonly Line[], forms: readonly Form[]): void {
  const plain = new Map<string, Observation>();
  for (const line of lines) if (!line.form) plain.set(line.run, line.observation);
  assert.ok(plain.size > 0, "it was not run");
  assert.equal(lines.length, plain.size * (1 + forms.length));
  for (const { form, run, observation, probes } of lines) {
    if (!form || !probes) continue;
    const where = `${run}, ${form.probes} at ${form.sites}, stores ${form.stores ?? "unchecked"}`;
    assert.deepEqual(observation, plain.get(run), where);
    assert.deepEqual(probes.faults, [], where);
    assert.equal(probes.fired > 0, form.probes !== "unarmed", `${where}: ${probes.fired} probes fired`);
    const isTold = form.stores === "watched" && probes.stores > 0;
    assert.equal(probes.stored > 0, isTold, `${where}: ${probes.stored} stores were told`);
  }
}
