import { anyArguments } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** Listings that are told of: a large program without lines has a hundred thousand functions, and each is a source. */
const mostListings = 1000;

/** Every source that has code in the program; of listings the first. The others are met in frames, and by breakpoints on functions. */
export const loadedSources = request("loadedSources", {
  needs: "launched",
  arguments: anyArguments,
  capabilities: { supportsLoadedSourcesRequest: true, supportedChecksumAlgorithms: ["MD5"] },
  async run(session) {
    const sources = session.launched.debugInfo.sources();
    const told = sources[0]?.isListing ? sources.slice(0, mostListings) : sources;
    return { sources: told.map((file) => session.toSource(file)) };
  },
});
