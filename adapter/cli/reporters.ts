import { nameOf } from "../convert/path.ts";
import { GitHubReport } from "./report/github-report.ts";
import { JsonReport } from "./report/json-report.ts";
import { JUnitReport } from "./report/junit-report.ts";
import { type Reporter, type ReportStreams, reportToAll } from "./report/reporter.ts";
import { styleFor } from "./report/style.ts";
import { TextReport } from "./report/text-report.ts";
import type { RunOptions } from "./run-options.ts";

/** All reports that a run was asked for, as one. */
export function reportersFor(options: RunOptions, streams: ReportStreams, env: NodeJS.ProcessEnv): Reporter {
  const { configuration, reports, script } = options;
  const { cwd, program } = configuration;
  const { json, verbosity, annotate, junit } = reports;
  const isScripted = script !== undefined;
  const style = styleFor(streams.stderr, env);
  const main = json ? new JsonReport(streams) : new TextReport(streams, { cwd, style, verbosity });
  const others: Partial<Reporter>[] = [];
  const folder = env.GITHUB_WORKSPACE ?? cwd;
  if (annotate === "github") {
    // Both streams of a step are read for commands; stdout is the program's.
    others.push(new GitHubReport({ output: streams.stderr, workspace: folder, isScripted }));
  }
  if (junit !== undefined) {
    const problem = (text: string): void => void streams.stderr.write(`${text}\n`);
    const name = script?.name ?? nameOf(program);
    others.push(new JUnitReport({ file: junit, folder, name, isScripted, now: Date.now, problem }));
  }
  return reportToAll([isScripted && verbosity === "quiet" && !json ? onlyResults(main) : main, ...others]);
}

/** Without what a script's commands answer and where they stop: only what failed. */
function onlyResults(main: Reporter): Partial<Reporter> {
  return {
    breakpoint: (breakpoint) => main.breakpoint(breakpoint),
    watched: (expression, breakpoint) => main.watched(expression, breakpoint),
    output: (output) => main.output(output),
    logged: (message) => main.logged(message),
    timedOut: (seconds) => main.timedOut(seconds),
    exited: (exit) => main.exited(exit),
    checked: (check) => main.checked(check),
    failed: (message) => main.failed(message),
    finished: (status) => main.finished(status),
  };
}
