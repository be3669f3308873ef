import type {
  Breakpoint,
  DataBreakpoint,
  LoggedMessage,
  StopDescription,
} from "../../../src/debugger/debugger-types.ts";
import type { DebugInfoStatus } from "../../../src/debuginfo/debug-info.ts";
import type { Variable } from "../../../src/symbols/variable.ts";
import type { Exit, TargetOutput } from "../../../src/target/target.ts";
import { toSymbolStatus } from "../../convert/module.ts";
import { OutputDecoder } from "../../session/output-decoder.ts";
import type { Reporter, ReportStreams, ScriptCheck } from "./reporter.ts";
import type { FrameReport, StopReport, ValueReport } from "./stop-report.ts";

/**
 * One JSON object a line on stdout, told apart by `event`. `docs/run-events.schema.json` is their contract.
 *
 * Lines and columns count from 1, offsets are bytes from the start of the module.
 */
export class JsonReport implements Reporter {
  readonly #stdout: NodeJS.WritableStream;
  readonly #decoder = new OutputDecoder();

  constructor({ stdout }: ReportStreams) {
    this.#stdout = stdout;
  }

  loaded(program: string, debugInfo: DebugInfoStatus): void {
    this.#write({ event: "loaded", program, debugInfo: toSymbolStatus(debugInfo) });
  }

  note(text: string): void {
    this.#write({ event: "note", text });
  }

  say(text: string): void {
    this.#write({ event: "text", text });
  }

  breakpoint({ id, path, line, verified, message, source, request }: Breakpoint): void {
    if (request.name === undefined) {
      this.#write({ event: "breakpoint", id, file: path, line: line + 1, verified, message });
      return;
    }
    const place = source === undefined ? {} : { file: source.path, line: line + 1 };
    this.#write({ event: "breakpoint", id, function: request.name, ...place, verified, message });
  }

  watched(expression: string, { id, verified, message }: DataBreakpoint): void {
    this.#write({ event: "breakpoint", id, watched: expression, verified, message });
  }

  output(output: TargetOutput): void {
    const text = this.#decoder.decode(output);
    if (text !== "") this.#write({ event: "output", stream: output.stream, text });
  }

  logged({ text, source, line }: LoggedMessage): void {
    this.#write({
      event: "log",
      text,
      file: source?.path,
      line: source === undefined ? undefined : line + 1,
    });
  }

  stopped(report: StopReport): void {
    this.#write({ event: "stopped", ...toReason(report.description), ...toStopFacts(report) });
  }

  timedOut(seconds: number): void {
    this.#write({ event: "timeout", seconds });
  }

  checked({ passed, ...check }: ScriptCheck): void {
    this.#write({ event: "check", passed, ...check });
  }

  failed(message: string): void {
    this.#write({ event: "error", message });
  }

  finished(): void {}

  exited({ exitCode, cause, results }: Exit): void {
    for (const { stream, text } of this.#decoder.end()) this.#write({ event: "output", stream, text });
    const message = "message" in cause ? cause.message : undefined;
    this.#write({ event: "exited", exitCode, cause: cause.kind, message, results });
  }

  #write(record: object): void {
    this.#stdout.write(`${JSON.stringify(record)}\n`);
  }
}

/** The frames and values of a stop. */
export function toStopFacts({
  looked,
  backtrace,
  totalFrames,
  locals,
  recovered,
  values,
}: StopReport): object {
  return {
    frame: looked === undefined ? undefined : toFrame(looked),
    ...(backtrace === undefined ? {} : { backtrace: backtrace.map(toFrame), totalFrames }),
    locals: locals?.map(toVariable),
    recovered,
    values: values.length === 0 ? undefined : values.map(toValue),
  };
}

export function toReason(description: StopDescription): object {
  const { kind: reason, ...rest } = description;
  return { reason, ...rest };
}

function toFrame({ frame, parameters, path }: FrameReport): object {
  const { index, name, kind, position, point } = frame;
  return {
    ...{ index, function: name, kind, file: path },
    line: position === undefined ? undefined : position.line + 1,
    column: position?.column === undefined ? undefined : position.column + 1,
    offset: point?.offset,
    parameters: parameters.map(toVariable),
  };
}

const toVariable = ({ name, type, value, unavailable }: Variable): object => ({
  name,
  type,
  value,
  unavailable,
});

function toValue(report: ValueReport): object {
  const { expression } = report;
  if ("error" in report) return { expression, error: report.error };
  const { type, value, unavailable } = report.value;
  return { expression, type, value, unavailable };
}
