import assert from "node:assert/strict";
import { request } from "../../../adapter/session/request.ts";
import type { Session } from "../../../adapter/session/session.ts";

describe("a request that may take long", () => {
  for (const cancellable of [true, false]) {
    it(`is shown as under way${cancellable ? ", to be given up" : ", and not as one that can be given up"}`, async () => {
      const begun: { title: string; cancel?: () => void }[] = [];
      let ended = 0;
      const session = {
        check: () => {},
        program: undefined,
        client: { cancel: () => true },
        progress: {
          begin: (facts: (typeof begun)[number]) => {
            begun.push(facts);
            return { end: () => ended++ };
          },
        },
      } as unknown as Session;
      const slow = request("threads", {
        ...{ needs: "nothing", arguments: {}, progress: "Counting", cancellable },
        run: async () => ({ threads: [] }),
      });
      await slow.handle(session, {}, { seq: 7, signal: new AbortController().signal });
      assert.deepEqual(
        begun.map(({ title, cancel }) => [title, cancel !== undefined]),
        [["Counting", cancellable]],
      );
      assert.equal(ended, 1);
    });
  }
});
