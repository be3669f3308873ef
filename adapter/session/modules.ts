import type { DebugProtocol } from "@vscode/debugprotocol";
import { baseWords } from "../convert/coredump.ts";
import { toModule } from "../convert/module.ts";
import type { Launched } from "../launch/launch.ts";
import type { OpenedCoredump } from "../launch/open-coredump.ts";
import { buildIdOf } from "../launch/separate-symbols.ts";

/** The program's modules for the client: one, or those of a coredump. */
export function toModules(launched: Launched): readonly DebugProtocol.Module[] {
  const { modulePath, debugInfo, coredump, module, separate } = launched;
  if (coredump === undefined) {
    const { code } = module;
    const facts = { symbolFilePath: separate?.path, buildId: buildIdOf(module), code };
    return [toModule(modulePath, debugInfo.status, facts)];
  }
  return coredump.modules.map(({ name, loaded }, index) => {
    const module = toModule(
      loaded?.path ?? (name || coredump.path),
      (loaded ?? coredump.primary).debugInfo.status,
      loaded && {
        symbolFilePath: loaded.separate.path,
        buildId: buildIdOf(loaded.module),
        code: loaded.module.code,
      },
    );
    const symbols = loaded === undefined ? "Not found" : module.symbolStatus;
    return {
      ...module,
      id: index + 1,
      symbolStatus: `${symbols}. ${readingOf(coredump)}`,
    };
  });
}

/** How a coredump was read, and why so. */
function readingOf({ dump, base }: OpenedCoredump): string {
  const { dialect, reason } = dump.dialect;
  return `Coredump in the dialect ${dialect.name} (${dialect.producers}): ${reason}. Code offsets count from ${baseWords[base.base]}: ${base.reason}.`;
}
