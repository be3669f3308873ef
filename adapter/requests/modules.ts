import { count, optional } from "../protocol/arguments.ts";
import { toModules } from "../session/modules.ts";
import { request } from "../session/request.ts";

/** The program's modules: of one that runs there is one. */
export const modules = request("modules", {
  needs: "launched",
  arguments: { startModule: optional(count), moduleCount: optional(count) },
  capabilities: { supportsModulesRequest: true },
  async run({ launched }, { startModule = 0, moduleCount = 0 }) {
    const all = toModules(launched);
    const end = moduleCount === 0 ? all.length : startModule + moduleCount;
    return { modules: all.slice(startModule, end), totalModules: all.length };
  },
});
