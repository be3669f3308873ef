import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import { fromRoot } from "../support/paths.ts";
import type { LargeDwarfFigures } from "./large-dwarf-program.ts";
import { type LargeGuest, largeSession } from "./large-session.ts";
import { runChild } from "./run-child.ts";
import { formatTable } from "./table.ts";

/** What a module with a lot of DWARF costs until a breakpoint is resolved; a small one where no large one has been built. */
export async function benchLargeDwarf({ smoke }: { readonly smoke: boolean }): Promise<void> {
  const large = fromRoot("build/large/templates.wasm");
  const values = fixture("cpp-values", "dwarf5.O0");
  const small = { path: values.path, source: basename(values.source()), file: values.source() };
  const built = { path: large, source: "unit7.cpp", file: fromRoot("build/large/templates/unit7.cpp") };
  const guest = existsSync(large) && !smoke ? built : small;
  const line = readFileSync(guest.file, "utf8")
    .split("\n")
    .findIndex((text) => text.includes("@stop:"));
  const rows: string[][] = [];
  for (const [label, node] of await nodes()) {
    const args = [guest.path, guest.source, String(line)];
    const of = runChild<LargeDwarfFigures>(node, "large-dwarf-program", args);
    const ms = (value: number): string => value.toFixed(0);
    rows.push([
      label,
      (of.dwarfBytes / 1e6).toFixed(1),
      String(of.statements),
      ms(of.readMs),
      ms(of.linesMs),
      ms(of.breakpointMs),
      ms(of.firstFrameMs),
      ms(of.loopMs),
      of.baseMiB.toFixed(0),
      of.breakpointMiB.toFixed(0),
      of.frameMiB.toFixed(0),
    ]);
  }
  const header = [
    ...["", "DWARF MB", "statements", "read ms", "lines ms", "breakpoint ms", "first frame ms", "loop ms"],
    ...["MiB before", "at breakpoint", "at frame"],
  ];
  process.stdout.write(`\nlarge-dwarf, ${basename(guest.path)}\n${formatTable([header, ...rows])}\n`);
  if (process.platform === "linux") {
    const otherSources = guest === built ? ["unit13.cpp", "unit17.cpp"] : [];
    const session = { program: guest.path, source: guest.file, line: line + 1, otherSources };
    const split = fromRoot("build/large/templates-split.wasm");
    for (const [label, node] of await nodes()) {
      await printSession(session, label, node);
      if (guest === built && existsSync(split))
        await printSession({ ...session, program: split }, label, node);
    }
  }
  if (guest === small && !smoke) {
    process.stdout.write("A large module: `node test/large/build-templates.mjs`.\n");
  }
}

async function printSession(guest: LargeGuest, label: string, node: string): Promise<void> {
  const stages = await largeSession(guest, node);
  const rows = stages.map(({ name, waitedMs, cpuMs, peakMiB, nowMiB, programMiB }) => [
    name,
    waitedMs.toFixed(0),
    cpuMs.toFixed(0),
    peakMiB.toFixed(0),
    nowMiB.toFixed(0),
    programMiB.toFixed(0),
  ]);
  const header = ["", "waited ms", "CPU ms", "peak MiB", "MiB now", "program's peak MiB"];
  process.stdout.write(
    `\nlarge-dwarf, a session of ${basename(guest.program)}, ${label}\n${formatTable([header, ...rows])}\n`,
  );
}
