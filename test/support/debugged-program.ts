import { launch } from "../../adapter/launch/launch.ts";
import type { Debugger } from "../../src/debugger/debugger.ts";
import type { Fixture } from "./fixtures.ts";

/** A guest as the product runs it, with its debugger and no protocol. It has not begun. */
export interface DebuggedProgram {
  readonly guest: Debugger;
  /** Names of the fixture's own sources. */
  readonly sources: readonly string[];
  /** Waits until the guest stops (`true`) or is over. */
  stopped(): Promise<boolean>;
  printed(): string;
  /** Writes a coredump of the stop. */
  saveCoredump(path: string): Promise<unknown>;
}

/** Launches a fixture on a Node. */
export async function debugProgram(
  fixture: Fixture,
  node: string,
  args: readonly string[] = [],
): Promise<DebuggedProgram> {
  const ended = gate();
  let stop = gate();
  const chunks: Buffer[] = [];
  const { sourceFolder, compilationDir } = fixture;
  const launched = await launch(
    {
      program: fixture.path,
      args,
      env: {},
      cwd: sourceFolder,
      preopens: {},
      stopOnEntry: false,
      noDebug: false,
      console: "internalConsole",
      sourceFileMap: { [compilationDir]: sourceFolder },
      symbols: [],
      granularity: "source",
      dataBreakpoints: false,
      stepFilters: [],
      justMyCode: true,
      runtimeExecutable: node,
      runtimeArgs: [],
    },
    {
      events: {
        stopped: () => stop.resolve(),
        continued: () => {},
        output: ({ bytes }) => chunks.push(Buffer.from(bytes)),
        breakpointChanged: () => {},
        exited: () => ended.resolve(),
      },
    },
  );
  return {
    guest: launched.debugger,
    sources: launched.debugInfo
      .sources()
      .filter(({ path }) => path.startsWith(compilationDir))
      .map(({ path }) => path.split("/").at(-1) ?? path),
    async stopped() {
      const isStop = await Promise.race([stop.promise.then(() => true), ended.promise.then(() => false)]);
      stop = gate();
      return isStop;
    },
    printed: () => Buffer.concat(chunks).toString("utf8"),
    saveCoredump: async (path) => launched.saveCoredump?.(path),
  };
}

interface Gate {
  readonly promise: Promise<void>;
  resolve(): void;
}

/** Something to wait for until somebody opens it. */
function gate(): Gate {
  let resolve = (): void => {};
  const promise = new Promise<void>((open) => {
    resolve = open;
  });
  return { promise, resolve: () => resolve() };
}
