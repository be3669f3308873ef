import { baseWords } from "../convert/coredump.ts";
import { toSymbolStatus } from "../convert/module.ts";
import { nameOf } from "../convert/path.ts";
import type { CoredumpModule, OpenedCoredump } from "../launch/open-coredump.ts";
import { buildIdOf } from "../launch/separate-symbols.ts";
import { coredumpTexts } from "../session/coredump.ts";
import { toReason, toStopFacts } from "./report/json-report.ts";
import type { ReportStreams } from "./report/reporter.ts";
import type { StopReport } from "./report/stop-report.ts";
import type { Style } from "./report/style.ts";
import { TextReport } from "./report/text-report.ts";

/** One thread with what is shown of it. */
export interface ThreadReport {
  readonly number: number;
  readonly name: string;
  readonly stop: StopReport;
}

/** Tells what coredumps hold. */
export interface CoreReport {
  coredump(opened: OpenedCoredump, threads: readonly ThreadReport[]): void;
  unreadable(file: string, message: string): void;
}

/** For people, on stdout; what cannot be read goes to stderr. */
export class TextCoreReport implements CoreReport {
  readonly #streams: ReportStreams;
  readonly #text: TextReport;

  constructor(streams: ReportStreams, cwd: string, style: Style) {
    this.#streams = streams;
    // What a run says beside the program's own output is all there is to say here.
    this.#text = new TextReport({ stdout: streams.stdout, stderr: streams.stdout }, { cwd, style });
  }

  coredump(opened: OpenedCoredump, threads: readonly ThreadReport[]): void {
    const { modules, dump, base } = opened;
    const [headline = "", ...problems] = coredumpTexts(opened);
    const { dialect, reason } = dump.dialect;
    const lines = [
      headline,
      ...modules.map((module) => `Module ${moduleText(module)}`),
      `Dialect ${dialect.name}: ${reason}.`,
      `Code offsets count from ${baseWords[base.base]}: ${base.reason}.`,
      ...dump.memories.map((memory, index) => {
        return `Memory ${index}: ${memory.sizeBytes()} bytes, ${memory.writtenBytes} of them in the coredump.`;
      }),
      ...problems.map((problem) => `Note: ${problem}`),
    ];
    this.#text.note(lines.join("\n"));
    for (const { number, name, stop } of threads) {
      this.#text.note(`\nThread ${number} (${name})`);
      this.#text.stopped(stop);
    }
    this.#text.note("");
  }

  unreadable(_file: string, message: string): void {
    this.#streams.stderr.write(`${message}\n`);
  }
}

function moduleText({ name, loaded }: CoredumpModule): string {
  if (!loaded) return `${name === "" ? "without a name" : name}: not found`;
  const id = buildIdOf(loaded.module);
  const symbols = loaded.separate.path === undefined ? "" : ` in ${loaded.separate.path}`;
  return `${loaded.path}: ${toSymbolStatus(loaded.debugInfo.status)}${symbols}${id === undefined ? "" : `, build ID ${id}`}`;
}

/**
 * One JSON object a line on stdout for each coredump:
 *
 * - `event`: "coredump"; `file`; `executable`; `tool`, `time` (ISO 8601) and `processId` where known
 * - `dialect`: `name`, `reason`; `codeOffsets`: `from`, `reason`
 * - `reason` ("trap", "exception", "pause"), `trap` and `message`, as of a stop in `run --json`
 * - `modules`: `name`, `path`, `debugInfo`, `symbols` (a file), `buildId`, `sha256`, as far as known
 * - `memories`: `sizeBytes`, `writtenBytes`
 * - `threads`: `number`, `name` and `frame`, `backtrace`, `totalFrames`, `locals`, `recovered`, `values` as in `run --json`
 * - `problems`: sentences
 *
 * or `event`: "error"; `file`; `message`.
 */
export class JsonCoreReport implements CoreReport {
  readonly #stdout: NodeJS.WritableStream;

  constructor({ stdout }: ReportStreams) {
    this.#stdout = stdout;
  }

  coredump(opened: OpenedCoredump, threads: readonly ThreadReport[]): void {
    const { path, dump, base, modules, problems } = opened;
    const { tool, time, processId } = dump.notes ?? {};
    this.#write({
      ...{ event: "coredump", file: path, executable: dump.executable, tool, processId },
      time: time === undefined ? undefined : new Date(time).toISOString(),
      dialect: { name: dump.dialect.dialect.name, reason: dump.dialect.reason },
      codeOffsets: { from: base.base, reason: base.reason },
      ...toReason(opened.debugger.description),
      modules: modules.map(toModuleFacts),
      memories: dump.memories.map((memory) => ({
        sizeBytes: Number(memory.sizeBytes()),
        writtenBytes: memory.writtenBytes,
      })),
      threads: threads.map(({ number, name, stop }) => ({ number, name, ...toStopFacts(stop) })),
      problems,
    });
  }

  unreadable(file: string, message: string): void {
    this.#write({ event: "error", file, message });
  }

  #write(record: object): void {
    this.#stdout.write(`${JSON.stringify(record)}\n`);
  }
}

function toModuleFacts({ name, loaded }: CoredumpModule): object {
  if (!loaded) return { name };
  return {
    name: name === "" ? nameOf(loaded.path) : name,
    path: loaded.path,
    debugInfo: toSymbolStatus(loaded.debugInfo.status),
    symbols: loaded.separate.path,
    buildId: buildIdOf(loaded.module),
    sha256: loaded.sha256,
  };
}
