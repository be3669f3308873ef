import assert from "node:assert/strict";
import type { Client } from "../../../adapter/protocol/events.ts";
import { ProgressReports } from "../../../adapter/session/progress.ts";

/** What a client is told, and a promise of the next thing. */
function clientOf() {
  const told: string[] = [];
  let tell: (() => void) | undefined;
  const next = () => new Promise<void>((resolve) => (tell = resolve));
  const client = {
    sendAtOnce(event: string, body: { readonly title?: string; readonly message?: string }) {
      told.push([event, body.title ?? body.message].filter((part) => part !== undefined).join(" "));
      tell?.();
    },
  } as unknown as Client;
  return { client, told, next };
}

describe("what is under way", () => {
  it("is told when it takes long, whatever was begun and over before", async () => {
    const { client, told, next } = clientOf();
    const reports = new ProgressReports(client, () => true);
    const started = next();
    reports.begin({ title: "over soon" }).end();
    const long = reports.begin({ title: "long" });
    reports.begin({ title: "over as soon" }).end();
    // The timer alone keeps no process alive, which here is wanted.
    const alive = setInterval(() => {}, 1000);
    await started;
    clearInterval(alive);
    long.report("half of it");
    long.end();
    long.end();
    assert.deepEqual(told, ["progressStart long", "progressUpdate half of it", "progressEnd"]);
  });

  it("is told at once when there will be no time for it, and can be given up from then on", async () => {
    const { client, told } = clientOf();
    const reports = new ProgressReports(client, () => true);
    let givenUp = false;
    const loading = reports.begin({ title: "loading", cancel: () => (givenUp = true) });
    assert.equal(reports.cancel("progress 1"), false);
    await loading.show("first stage");
    assert.equal(reports.cancel("progress 1"), true);
    assert.ok(givenUp);
    loading.end();
    assert.equal(reports.cancel("progress 1"), false);
    assert.deepEqual(told, ["progressStart loading", "progressUpdate first stage", "progressEnd"]);
  });

  it("is kept to itself where the client shows nothing of the kind", async () => {
    const { client, told } = clientOf();
    const loading = new ProgressReports(client, () => false).begin({ title: "loading" });
    await loading.show("first stage");
    loading.end();
    assert.deepEqual(told, []);
  });
});
