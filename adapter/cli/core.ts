import type { DebuggerEvents } from "../../src/debugger/debugger-types.ts";
import { LoadedModule } from "../launch/loaded-module.ts";
import { type OpenedCoredump, openCoredump } from "../launch/open-coredump.ts";
import { toLaunchError } from "../session/errors.ts";
import { mappingOption } from "../session/source-mapping.ts";
import { Sources } from "../session/sources.ts";
import type { CoreOptions } from "./core-options.ts";
import { JsonCoreReport, TextCoreReport, type ThreadReport } from "./core-report.ts";
import type { ReportStreams } from "./report/reporter.ts";
import { type Looked, reportStop } from "./report/stop-report.ts";
import { styleFor } from "./report/style.ts";

/** What `core` ends with. */
const status = { symbols: 0, unreadable: 1, noSymbols: 3 } as const;

/**
 * Reports what each coredump holds, one after the other; answers the exit status.
 *
 * Modules are loaded once for all of them. A coredump that cannot be read is told as such, and the others are reported.
 */
export async function reportCoredumps(options: CoreOptions, streams: ReportStreams): Promise<number> {
  const report = options.json
    ? new JsonCoreReport(streams)
    : new TextCoreReport(streams, options.configuration.cwd, styleFor(streams.stdout, process.env));
  const shared = new SharedModules(options);
  let worst: number = status.symbols;
  for (const file of options.files) {
    try {
      const opened = await shared.open(file);
      const threads = await shared.threadsOf(opened, options.expressions);
      report.coredump(opened, threads);
      await opened.debugger.kill();
      if (worst === status.symbols && !hasSymbols(opened)) worst = status.noSymbols;
    } catch (error) {
      report.unreadable(file, toLaunchError(error, options.configuration.program || file).message);
      worst = status.unreadable;
    }
  }
  return worst;
}

/** Whether every module with frames tells its source. */
function hasSymbols({ dump, modules }: OpenedCoredump): boolean {
  const used = new Set(
    dump.threads.flatMap(({ frames }) => frames.map(({ instance }) => dump.instances[instance]?.module ?? 0)),
  );
  return [...used].every((index) => {
    const kind = modules[index]?.loaded?.debugInfo.status.kind;
    return kind === "dwarf" || kind === "source-map";
  });
}

/** Modules and sources that the coredumps of one call have in common. */
class SharedModules {
  readonly #options: CoreOptions;
  readonly #modules = new Map<string, LoadedModule>();
  readonly #sources = new Map<string, Sources>();

  constructor(options: CoreOptions) {
    this.#options = options;
  }

  open(coreFile: string): Promise<OpenedCoredump> {
    return openCoredump({ ...this.#options.configuration, coreFile }, silent, async (path, search) => {
      const known = this.#modules.get(path);
      if (known) return known;
      const module = await LoadedModule.load(path, search);
      this.#modules.set(path, module);
      return module;
    });
  }

  async threadsOf(opened: OpenedCoredump, expressions: readonly string[]): Promise<readonly ThreadReport[]> {
    const { debugger: core, primary } = opened;
    const sources = this.#sourcesOf(primary.path);
    const threads: ThreadReport[] = [];
    for (const { number, name } of core.threads) {
      const looked: Looked = {
        stackTrace: (start, count) => core.stackTrace(start, count, number),
        scopes: (frame) => core.scopes(frame),
        parameters: (frame) => core.parameters(frame),
        evaluate: (frame, text) => core.evaluate(frame, text),
        explainTrap: () => core.explainTrap(),
      };
      // The first is the one that stopped; of the others nothing is known but where they were.
      const description = number === 1 ? core.description : { kind: "pause" as const };
      const asked = { backtrace: true, locals: true, expressions: number === 1 ? expressions : [] };
      threads.push({ number, name, stop: await reportStop(looked, description, asked, sources) });
    }
    return threads;
  }

  #sourcesOf(modulePath: string): Sources {
    const known = this.#sources.get(modulePath);
    if (known) return known;
    const sources = new Sources(mappingOption);
    sources.use({ modulePath, sourceFileMap: this.#options.configuration.sourceFileMap }, () => {});
    this.#sources.set(modulePath, sources);
    return sources;
  }
}

const silent: DebuggerEvents = {
  stopped: () => {},
  continued: () => {},
  output: () => {},
  breakpointChanged: () => {},
  exited: () => {},
};
