import { integer, optional } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** Drops a request that waits its turn. One that is being worked on is answered as if nothing had been said. */
export const cancel = request("cancel", {
  needs: "nothing",
  arguments: { requestId: optional(integer) },
  capabilities: { supportsCancelRequest: true },
  urgent: true,
  async run({ client }, { requestId }) {
    if (requestId !== undefined) client.cancel(requestId);
  },
});
