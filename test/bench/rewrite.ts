import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import { fromRoot } from "../support/paths.ts";
import type { RewriteSpeed } from "./rewrite-program.ts";
import { runChild } from "./run-child.ts";
import { formatTable, twoDigits } from "./table.ts";

/** How fast modules are instrumented, in megabytes (10^6) a second of file and of code; Lua only if it has been built. */
export async function benchRewrite({ smoke }: { readonly smoke: boolean }): Promise<void> {
  const lua = fromRoot("build/large/lua.O0.wasm");
  const paths = [fixture("files", "dwarf5.O0").path, lua].filter((path) => existsSync(path));
  for (const [label, node] of await nodes()) {
    const rows = paths.map((path) => {
      const speed = runChild<RewriteSpeed>(node, "rewrite-program", [smoke ? "2" : "25", path]);
      const perSecond = (bytes: number, ms: number): string => (bytes / 1000 / ms).toFixed(1);
      return [
        basename(path),
        (speed.fileBytes / 1e6).toFixed(2),
        (speed.codeBytes / 1e6).toFixed(2),
        String(speed.siteCount),
        twoDigits(speed.coldMs),
        twoDigits(speed.warmMs),
        perSecond(speed.fileBytes, speed.coldMs),
        perSecond(speed.fileBytes, speed.warmMs),
        perSecond(speed.codeBytes, speed.warmMs),
      ];
    });
    const header = [
      "module",
      "MB",
      "code MB",
      "sites",
      "cold ms",
      "warm ms",
      "MB/s cold",
      "MB/s warm",
      "code MB/s",
    ];
    process.stdout.write(`\nrewrite, ${label}\n${formatTable([header, ...rows])}\n`);
  }
}
