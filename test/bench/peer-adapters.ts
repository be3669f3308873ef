import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "../support/fixtures.ts";
import type { Debuggee } from "./latency-session.ts";
import { ownAdapter } from "./raw-client.ts";

/** An adapter that the program `compared` can be debugged with, and what its user would call the pair. */
export interface PeerAdapter {
  readonly name: string;
  readonly command: readonly string[];
  /** What to launch to have the program count so many rounds; where to stop is left to the caller. */
  debuggee(rounds: number): Omit<Debuggee, "source" | "line">;
  /** So many false conditions take long enough to be timed, and not for ever. */
  readonly conditions: number;
}

const compared = fixture("compared", "dwarf5.O0");

/** Runs a module under Wasmtime, with what LLDB needs to know its code. */
const wasmtimeHost = `import sys
from wasmtime import Config, Engine, ExitTrap, Linker, Module, Store, WasiConfig
config = Config()
config.debug_info = True
config.cranelift_opt_level = "none"
engine = Engine(config)
store = Store(engine)
wasi = WasiConfig()
wasi.argv = sys.argv[1:]
store.set_wasi(wasi)
linker = Linker(engine)
linker.define_wasi()
instance = linker.instantiate(store, Module.from_file(engine, sys.argv[1]))
try:
    instance.exports(store)["_start"](store)
except ExitTrap as exit:
    sys.exit(exit.code)
`;

/** Our own, and those that are installed here; `release` removes what they needed. */
export function peerAdapters(): { readonly adapters: readonly PeerAdapter[]; readonly release: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "wasm-dap-peers-"));
  const adapters = [ownPeer(), nativePeer(folder), wasmtimePeer()].filter((peer) => peer !== undefined);
  return { adapters, release: () => rmSync(folder, { recursive: true, force: true }) };
}

function ownPeer(): PeerAdapter {
  return {
    name: "wasm-dap",
    command: ownAdapter,
    debuggee: (rounds) => ({
      program: compared.path,
      args: [String(rounds)],
      sourceFileMap: { [compared.compilationDir]: compared.sourceFolder },
    }),
    conditions: 10_000_000,
  };
}

/** The same source, compiled for this machine: what a program is debugged as that need not be WebAssembly. */
function nativePeer(folder: string): PeerAdapter | undefined {
  const lldb = findTool("lldb-dap-22", "lldb-dap");
  const compiler = findTool("clang-22", "clang", "cc");
  if (lldb === undefined || compiler === undefined) return undefined;
  const program = join(folder, "compared");
  const { status } = spawnSync(compiler, ["-g", "-O0", compared.source(), "-o", program], {
    stdio: "inherit",
  });
  if (status !== 0) return undefined;
  return {
    name: `${versionOf(lldb)}, native program`,
    command: [lldb],
    debuggee: (rounds) => ({ program, args: [String(rounds)], more: { disableASLR: false } }),
    conditions: 2000,
  };
}

/** LLDB looking into Wasmtime, which tells it about the code that it has compiled. */
function wasmtimePeer(): PeerAdapter | undefined {
  const lldb = findTool("lldb-dap-22", "lldb-dap");
  const python = process.env.WASMTIME_PYTHON ?? "python3";
  const { stdout, status } = spawnSync(
    python,
    ["-c", "import sys, wasmtime, importlib.metadata as m; print(sys.executable, m.version('wasmtime'))"],
    { encoding: "utf8" },
  );
  const [program, version] = (stdout ?? "").trim().split(" ");
  if (lldb === undefined || status !== 0 || program === undefined) return undefined;
  return {
    name: `${versionOf(lldb)}, Wasmtime ${version}`,
    command: [lldb],
    debuggee: (rounds) => ({
      program,
      args: ["-c", wasmtimeHost, compared.path, String(rounds)],
      more: {
        disableASLR: false,
        initCommands: ["settings set plugin.jit-loader.gdb.enable on"],
        sourceMap: [[compared.compilationDir, compared.sourceFolder]],
      },
    }),
    conditions: 2000,
  };
}

const findTool = (...names: readonly string[]): string | undefined =>
  names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);

/** `LLDB 22`, of an adapter's own words. */
function versionOf(tool: string): string {
  const { stdout } = spawnSync(tool, ["--version"], { encoding: "utf8" });
  const [, major = "?"] = /(?:version|lldb-dap:?)\s.*?(\d+)\.\d+/i.exec(stdout ?? "") ?? [];
  return `LLDB ${major}`;
}
