import type { DebugInfoStatus } from "./debug-info.ts";

/** Whether a module with this status has lines of sources; without, its code is all there is to look at. */
export const knowsLines = ({ kind }: DebugInfoStatus): boolean => kind === "dwarf" || kind === "source-map";
