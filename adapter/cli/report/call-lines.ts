import { isAbsolute, relative, sep } from "node:path";
import type { StopReport } from "./stop-report.ts";

/** The frames of a stop for files of results: `#1 fib at src/steps.c:12`, with paths from `folder`. */
export function callLines({ backtrace }: StopReport, folder: string): readonly string[] {
  return (backtrace ?? []).map(({ frame, path }) => {
    const { position } = frame;
    const at =
      path === undefined || position === undefined
        ? ""
        : ` at ${pathFrom(folder, path)}:${position.line + 1}`;
    return `#${frame.index} ${frame.name}${at}`;
  });
}

/** A path from a folder that it lies below, with forward slashes on every system; any other as it is. */
export function pathFrom(folder: string, path: string): string {
  if (!isAbsolute(path)) return path;
  const below = relative(folder, path);
  return below.startsWith("..") || isAbsolute(below) ? path : below.split(sep).join("/");
}
