import { anyArguments } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** Every source that has code in the program. */
export const loadedSources = request("loadedSources", {
  needs: "launched",
  arguments: anyArguments,
  capabilities: { supportsLoadedSourcesRequest: true, supportedChecksumAlgorithms: ["MD5"] },
  async run(session) {
    return { sources: session.launched.debugInfo.sources().map((file) => session.toSource(file)) };
  },
});
