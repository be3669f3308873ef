import assert from "node:assert/strict";
import { Cancellation } from "../../../adapter/protocol/cancellation.ts";

describe("the cancellation of a request", () => {
  it("tells each listener once, and throws its reason from then on", () => {
    const cancellation = new Cancellation();
    const told: string[] = [];
    const gone = () => told.push("gone");
    cancellation.addEventListener("abort", () => told.push(String(cancellation.reason)));
    cancellation.addEventListener("abort", gone);
    cancellation.removeEventListener("abort", gone);
    cancellation.throwIfAborted();
    cancellation.abort("not wanted");
    cancellation.abort("again");
    assert.deepEqual(told, ["not wanted"]);
    assert.throws(
      () => cancellation.throwIfAborted(),
      (reason) => reason === "not wanted",
    );
  });
});
