import type { DebugProtocol } from "@vscode/debugprotocol";
import { baseWords } from "../convert/coredump.ts";
import { toModule } from "../convert/module.ts";
import type { Launched } from "../launch/launch.ts";
import type { OpenedCoredump } from "../launch/open-coredump.ts";

/** The program's modules for the client: one, or those of a coredump. */
export function toModules({ modulePath, debugInfo, coredump }: Launched): readonly DebugProtocol.Module[] {
  if (coredump === undefined) return [toModule(modulePath, debugInfo.status)];
  return coredump.modules.map(({ name, loaded }, index) => {
    const module = toModule(
      loaded?.path ?? (name || coredump.path),
      (loaded ?? coredump.primary).debugInfo.status,
    );
    const symbols = loaded === undefined ? "Not found" : module.symbolStatus;
    const file = loaded?.separate.path;
    return {
      ...module,
      id: index + 1,
      ...(file === undefined ? {} : { symbolFilePath: file }),
      symbolStatus: `${symbols}. ${readingOf(coredump)}`,
    };
  });
}

/** How a coredump was read, and why so. */
function readingOf({ dump, base }: OpenedCoredump): string {
  const { dialect, reason } = dump.dialect;
  return `Coredump in the dialect ${dialect.name} (${dialect.producers}): ${reason}. Code offsets count from ${baseWords[base.base]}: ${base.reason}.`;
}
