import type { Exit } from "../../../src/target/target.ts";
import { callLines, pathFrom } from "./call-lines.ts";
import type { Reporter, ScriptCheck } from "./reporter.ts";
import type { FrameReport, StopReport } from "./stop-report.ts";

/** What annotations are made with. */
export interface GitHubOptions {
  readonly output: NodeJS.WritableStream;
  /** The folder of the checkout: annotated files are named from there. */
  readonly workspace: string;
  /** Whether a script says which end is the right one. */
  readonly isScripted: boolean;
}

/**
 * Workflow commands of GitHub Actions: an error at the line of each trap, of each line of a script that fails, and where
 * a program stood when its time was up.
 *
 * Source: GitHub's documentation, *Workflow commands for GitHub Actions*, "Setting an error message"; the escaping is
 * that of `@actions/core`.
 */
export class GitHubReport implements Partial<Reporter> {
  readonly #options: GitHubOptions;
  #timedOut: number | undefined;

  constructor(options: GitHubOptions) {
    this.#options = options;
  }

  stopped(report: StopReport): void {
    const { description, looked } = report;
    if (description.kind === "trap" || description.kind === "exception") {
      const title = description.kind === "trap" ? "Trap" : "Exception that nobody caught";
      this.#error(this.#placeOf(looked), title, [
        description.message,
        ...callLines(report, this.#options.workspace),
      ]);
    } else if (this.#timedOut !== undefined) {
      const sentence = `The program has run for ${this.#timedOut} s and not ended.`;
      this.#error(this.#placeOf(looked), "Time is up", [
        sentence,
        ...callLines(report, this.#options.workspace),
      ]);
    }
  }

  timedOut(seconds: number): void {
    this.#timedOut = seconds;
  }

  exited({ exitCode, cause }: Exit): void {
    if (cause.kind === "crashed") this.#error({}, "The program's process died", [cause.message]);
    if (cause.kind === "exit" && exitCode !== 0 && !this.#options.isScripted) {
      this.#error({}, "The program failed", [`It ended with status ${exitCode}.`]);
    }
  }

  checked({ script, line, text, passed, expected, found, at }: ScriptCheck): void {
    if (passed) return;
    const lines = [
      ...(expected === undefined ? [] : [`expected ${expected}`]),
      ...(found === undefined ? [] : [`found ${found}`]),
      ...(at === undefined ? [] : [`at ${at}`]),
    ];
    this.#error(
      { file: pathFrom(this.#options.workspace, script), line },
      text,
      lines.length > 0 ? lines : ["It failed."],
    );
  }

  failed(message: string): void {
    this.#error({}, "wasm-dap", [message]);
  }

  #placeOf(report: FrameReport | undefined): Readonly<Record<string, string | number>> {
    const { position } = report?.frame ?? {};
    if (report?.path === undefined || position === undefined) return {};
    const column = position.column === undefined ? {} : { col: position.column + 1 };
    return { file: pathFrom(this.#options.workspace, report.path), line: position.line + 1, ...column };
  }

  #error(place: Readonly<Record<string, string | number>>, title: string, lines: readonly string[]): void {
    const properties = Object.entries({ ...place, title })
      .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
      .join(",");
    // A command counts only at the beginning of a line, wherever the program has left it.
    this.#options.output.write(`\n::error ${properties}::${escapeData(lines.join("\n"))}\n`);
  }
}

/** The text of a workflow command. */
const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** The value of one of its properties. */
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
