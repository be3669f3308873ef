import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coredumpFixture } from "../support/coredump-fixtures.ts";
import { executable } from "../support/dap-client.ts";
import { largeMemoryProgram } from "../support/large-memory.ts";
import { formatTable } from "./table.ts";

/** How long coredumps take, and how much memory: one of a gibibyte that is mostly zeros, and many of one program. */
export async function benchCoredump({ smoke }: { readonly smoke: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "wasm-dap-bench-"));
  try {
    const program = join(folder, "large.wasm");
    const core = join(folder, "large.core");
    writeFileSync(program, largeMemoryProgram(smoke ? 16 << 20 : 1 << 30, 8 << 20));
    const plain = measure("run", program);
    const written = measure("run", program, "--core", core);
    const read = measure("core", core);
    const dump = coredumpFixture("traps.load.wasmtime.core");
    const many = Array.from({ length: smoke ? 5 : 300 }, (_, index) => join(folder, `${index}.core`));
    for (const path of many) copyFileSync(dump.path, path);
    const one = measure("core", many[0] ?? "", "--program", dump.program.path, "--json");
    const all = measure("core", ...many, "--program", dump.program.path, "--json");
    const perSecond = ((many.length - 1) * 1000) / (all.ms - one.ms);
    const row = (name: string, { ms, peakMiB }: Measured, more: string) => [
      name,
      ms.toFixed(0),
      peakMiB.toFixed(0),
      more,
    ];
    const rows = [
      ["", "ms", "peak MiB", ""],
      row("run until it traps", plain, ""),
      row("likewise, with a coredump", written, `${statSync(core).size} bytes`),
      row("core of it", read, ""),
      row("core of one small dump", one, ""),
      row(`core of ${many.length} small dumps`, all, `${perSecond.toFixed(0)} a second`),
    ];
    process.stdout.write(`\ncoredump\n${formatTable(rows)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly ms: number;
  /** Of the process itself, not of the program's. */
  readonly peakMiB: number;
}

function measure(...args: string[]): Measured {
  const report = "process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))";
  const options = ["--import", `data:text/javascript,${encodeURIComponent(report)}`];
  const start = performance.now();
  const { stderr } = spawnSync(process.execPath, [...options, executable, ...args], {
    ...{ encoding: "utf8", maxBuffer: 1 << 28 },
  });
  return { ms: performance.now() - start, peakMiB: Number(/peak (\d+)$/.exec(stderr)?.[1]) / 1024 };
}
