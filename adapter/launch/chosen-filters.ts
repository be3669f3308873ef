import {
  libraryFilters,
  noFilters,
  readStepFilters,
  type StepFilters,
} from "../../src/debugger/step-filters.ts";
import type { DebugInfoStatus } from "../../src/debuginfo/debug-info.ts";
import { knowsLines } from "../../src/debuginfo/knows-lines.ts";
import type { LaunchConfiguration } from "./configuration.ts";

/** Which code of a module is not the user's own, as the configuration, which has been checked, has it. */
export function chosenFilters(
  { stepFilters = [], justMyCode = true }: Partial<Pick<LaunchConfiguration, "stepFilters" | "justMyCode">>,
  status: DebugInfoStatus,
): StepFilters {
  // Where no source is known, code is as much the user's own as a library's.
  const hides = justMyCode && knowsLines(status);
  const read = readStepFilters([...(hides ? libraryFilters : []), ...stepFilters]);
  return "filters" in read ? read.filters : noFilters;
}
