import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Exit, TargetOutput } from "../../../src/target/target.ts";
import { OutputDecoder } from "../../session/output-decoder.ts";
import { callLines } from "./call-lines.ts";
import type { Reporter, ScriptCheck } from "./reporter.ts";
import type { StopReport } from "./stop-report.ts";

/** What a file of results is made with. */
export interface JUnitOptions {
  /** Files are named from there. */
  readonly folder: string;
  readonly file: string;
  /** The program or the script, as its user named it. */
  readonly name: string;
  readonly isScripted: boolean;
  readonly now: () => number;
  /** Told why the file could not be written. */
  readonly problem: (text: string) => void;
}

interface Case {
  readonly name: string;
  readonly problem?: {
    readonly kind: "failure" | "error";
    readonly type: string;
    readonly message: string;
    readonly text: string;
  };
}

/**
 * A file of results in JUnit's form, as CI services read it: a case for each line of a script that expects something, or
 * one for the whole run without a script. It is written when the run is over.
 */
export class JUnitReport implements Partial<Reporter> {
  readonly #options: JUnitOptions;
  readonly #began: number;
  readonly #decoder = new OutputDecoder();
  readonly #printed = { stdout: "", stderr: "" };
  readonly #cases: Case[] = [];
  #problem: Case["problem"];

  constructor(options: JUnitOptions) {
    this.#options = options;
    this.#began = options.now();
  }

  output(output: TargetOutput): void {
    this.#printed[output.stream] += this.#decoder.decode(output);
  }

  stopped(report: StopReport): void {
    const { description, locals } = report;
    const isEnd = description.kind === "trap" || description.kind === "exception";
    if (!isEnd && this.#problem?.type !== "timeout") return;
    const frames = callLines(report, this.#options.folder);
    const text = [...frames, ...(locals ?? []).map(({ name, value }) => `${name} = ${value}`)].join("\n");
    if (isEnd) {
      const type = description.kind === "trap" ? description.trap : "exception";
      this.#problem = { kind: "failure", type, message: description.message, text };
    } else if (this.#problem) this.#problem = { ...this.#problem, text };
  }

  timedOut(seconds: number): void {
    const message = `The program has run for ${seconds} s and not ended.`;
    this.#problem = { kind: "failure", type: "timeout", message, text: "" };
  }

  exited({ exitCode, cause }: Exit): void {
    if (cause.kind === "crashed")
      this.#problem ??= { kind: "error", type: "crashed", message: cause.message, text: "" };
    if (cause.kind === "exit" && exitCode !== 0) {
      const message = `The program ended with status ${exitCode}.`;
      this.#problem ??= { kind: "failure", type: "exit", message, text: "" };
    }
  }

  checked({ line, text, passed, expected, found, at }: ScriptCheck): void {
    const name = `line ${line}: ${text}`;
    if (passed) {
      this.#cases.push({ name });
      return;
    }
    const message = [expected && `expected ${expected}`, found && `found ${found}`]
      .filter(Boolean)
      .join(", ");
    const lines = at === undefined ? message : `${message}\nat ${at}`;
    this.#cases.push({ name, problem: { kind: "failure", type: "expectation", message, text: lines } });
  }

  failed(message: string): void {
    this.#problem = { kind: "error", type: "wasm-dap", message, text: "" };
  }

  finished(): void {
    for (const { stream, text } of this.#decoder.end()) this.#printed[stream] += text;
    const { file, name, isScripted, problem } = this.#options;
    const own = this.#problem;
    // A script decides itself whether a trap was right: what is left is what kept it from its lines.
    const wanted = !isScripted || own?.kind === "error" || own?.type === "timeout";
    const cases = wanted ? [...this.#cases, { name, ...(own ? { problem: own } : {}) }] : this.#cases;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, this.#document(cases));
    } catch (error) {
      problem(
        `No results were written to ${file}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #document(cases: readonly Case[]): string {
    const { name, now } = this.#options;
    const seconds = ((now() - this.#began) / 1000).toFixed(3);
    const count = (kind: string) => cases.filter(({ problem }) => problem?.kind === kind).length;
    const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" time="${seconds}"`;
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites ${counts}>`,
      `  <testsuite name="${escapeXml(name)}" ${counts} skipped="0">`,
      ...cases.flatMap((one) => caseLines(one, name, cases.length === 1 ? seconds : "0")),
      ...(["stdout", "stderr"] as const).flatMap((stream) => outputLines(stream, this.#printed[stream])),
      "  </testsuite>",
      "</testsuites>",
      "",
    ].join("\n");
  }
}

function caseLines({ name, problem }: Case, suite: string, seconds: string): readonly string[] {
  const head = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(suite)}" time="${seconds}"`;
  if (!problem) return [`${head}/>`];
  const { kind, type, message, text } = problem;
  return [
    `${head}>`,
    `      <${kind} type="${escapeXml(type)}" message="${escapeXml(message)}">${escapeXml(text)}</${kind}>`,
    "    </testcase>",
  ];
}

const outputLines = (stream: "stdout" | "stderr", text: string): readonly string[] =>
  text === ""
    ? []
    : [
        `    <system-${stream === "stdout" ? "out" : "err"}>${escapeXml(text)}</system-${stream === "stdout" ? "out" : "err"}>`,
      ];

/** Text for an XML document. Control characters that XML 1.0 has no way to say are shown as their pictures. */
function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
    "\r": "&#13;",
    "\t": "&#9;",
  };
  let result = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (entities[character] !== undefined) result += entities[character];
    else if (code < 0x20) result += String.fromCodePoint(0x2400 + code);
    // Halves of characters, which a file cannot hold, and what XML excludes.
    else
      result +=
        code === 0xfffe || code === 0xffff || (code >= 0xd800 && code < 0xe000) ? "\ufffd" : character;
  }
  return result;
}
