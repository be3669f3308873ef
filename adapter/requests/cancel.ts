import { integer, optional, string } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** Drops a request that waits its turn, and gives up one that only looks, or something else that the client shows as under way. */
export const cancel = request("cancel", {
  needs: "nothing",
  arguments: { requestId: optional(integer), progressId: optional(string) },
  capabilities: { supportsCancelRequest: true },
  urgent: true,
  async run({ client, progress }, { requestId, progressId }) {
    if (requestId !== undefined) client.cancel(requestId);
    if (progressId !== undefined) progress.cancel(progressId);
  },
});
