import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Gimli } from "gimli-wasm";
import { splitFinder } from "../../adapter/launch/split-files.ts";
import type { EmbeddedTarget } from "../../runtime/embedded/embedded-target.ts";
import { type GuestOptions, StartingDebuggee } from "../../runtime/embedded/launch-embedded.ts";
import type { ModuleOffset } from "../../src/base/brand.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import type { Halt, Stop } from "../../src/target/target.ts";
import { readModule } from "../../src/wasm/module.ts";
import type { Fixture } from "./fixtures.ts";
import { fromRoot } from "./paths.ts";

/** A fixture under the embedded engine, before its first instruction. */
export interface RunningFixture {
  readonly target: EmbeddedTarget;
  readonly info: DebugInfo;
  /** What the guest has printed so far, both streams. */
  printed(): string;
  /** The first program point of a marked line of the fixture's main source. */
  point(marker: string): ModuleOffset;
  /** The marker (or line number) of the line an offset is on. */
  lineAt(offset: ModuleOffset): number | undefined;
}

export interface RunOptions
  extends Partial<Pick<GuestOptions, "args" | "env" | "preopens" | "stdinFile" | "invoke" | "checkStores">> {
  readonly node?: string;
  /** Leaves out all statement sites. */
  readonly withoutSites?: boolean;
}

const started = new Set<EmbeddedTarget>();
let gimli: Gimli | undefined;

/** Starts a fixture; `endAll` in an `afterEach` ends what a failed test leaves behind. */
export async function startFixture(fixture: Fixture, options: RunOptions = {}): Promise<RunningFixture> {
  const starting = new StartingDebuggee({
    runtimeExecutable: options.node ?? process.execPath,
    runtimeArgs: [],
    cwd: fromRoot(),
    guestScript: pathToFileURL(fromRoot("dist/runtime/guest/main.js")),
  });
  const module = readModule(fixture.bytes);
  gimli ??= Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
  const findSplit = splitFinder({ modules: [fixture.path], symbols: [], sourceFileMap: {} });
  const { info } = openDebugInfo(module, gimli, { findSplit });
  const chunks: Buffer[] = [];
  const none = { offset: new Uint32Array(0), line: new Uint32Array(0) };
  const target = await starting.load({
    path: fixture.path,
    module,
    statements: options.withoutSites ? none : info.statements(),
    named: info.namedSlots?.(),
    stackPointerGlobal: info.stackPointerGlobal,
    checkStores: options.checkStores ?? false,
    args: options.args ?? [],
    env: options.env ?? {},
    preopens: options.preopens ?? {},
    stdinFile: options.stdinFile,
    invoke: options.invoke,
    console: "piped",
    onOutput: ({ bytes }) => chunks.push(Buffer.from(bytes)),
  });
  started.add(target);
  return {
    target,
    info,
    printed: () => Buffer.concat(chunks).toString("utf8"),
    point: (marker) => {
      const line = fixture.markers().lineOf(marker) - 1;
      const source = info
        .sources()
        .find(({ path }) => fixture.source().endsWith(path.split(/[\\/]/).at(-1) ?? path));
      const resolved = source && info.resolveLine(source, line);
      const [point] = resolved?.points ?? [];
      if (point === undefined || resolved?.line !== line) throw new Error(`no code at ${marker}`);
      return point;
    },
    lineAt: (offset) => {
      const position = info.locate(offset);
      return position && position.line + 1;
    },
  };
}

/** Kills every debuggee that a test has left. */
export async function endAll(): Promise<void> {
  await Promise.all([...started].map((target) => target.kill()));
  started.clear();
}

/** The halt as a stop, or a failure that says what it was. */
export function asStop(halt: Halt): Stop {
  if (halt.kind !== "stop") throw new Error(`expected a stop, the guest ended: ${JSON.stringify(halt)}`);
  return halt;
}

/** Whether a process is still there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
