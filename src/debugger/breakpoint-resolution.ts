import type { ModuleOffset } from "../base/brand.ts";
import { baseName } from "../base/path-text.ts";
import type { DebugInfo, Listing, SourceFile } from "../debuginfo/debug-info.ts";
import { sourceFileMapEntry } from "./client-paths.ts";
import type { BreakpointRequest } from "./debugger-types.ts";
import type { SourceMatcher } from "./source-matching.ts";

/** Where a breakpoint resolved, or why it did not. */
export type Resolution =
  | {
      readonly kind: "resolved";
      /** Absent for a function without lines. */
      readonly source: SourceFile | undefined;
      /** The line taken, 0-based. */
      readonly line: number;
      /** The column taken, 0-based, where one was asked for. */
      readonly column?: number;
      readonly points: readonly ModuleOffset[];
      /** What its user may not expect of it: a sentence. */
      readonly note?: string;
    }
  | { readonly kind: "unresolved"; readonly source?: SourceFile; readonly message: string };

/** Finds the program points for breakpoints in the source that a client calls `path`. */
export function resolveBreakpoint(
  { debugInfo, listing }: { readonly debugInfo: DebugInfo; readonly listing?: Listing },
  matcher: SourceMatcher,
  path: string,
  { line, column }: BreakpointRequest,
): Resolution {
  const match = matcher.match(path);
  if (match.kind === "none") {
    const source = listing?.findSource(path);
    const found = source && listing?.resolveLine(source, line);
    if (source && found) return { kind: "resolved", source, ...found };
    if (source) return { kind: "unresolved", source, message: nothingBehind(line) };
    return { kind: "unresolved", message: whyNoSource(debugInfo, path) };
  }
  if (match.kind === "ambiguous") {
    return { kind: "unresolved", message: whyAmbiguous(match.candidates, path) };
  }
  const resolved = match.sources.flatMap((source) => {
    const found = debugInfo.resolveLine(source, line, column);
    return found ? [{ source, ...found }] : [];
  });
  // Spellings of one file may know different parts of it: the nearest line is the one that was meant.
  const taken = Math.min(...resolved.map((found) => found.line));
  const there = resolved.filter((found) => found.line === taken);
  const [first] = there;
  if (!first) {
    const [source] = match.sources;
    const message = `${nothingBehind(line)}${outsideOf(debugInfo, path)}`;
    return { kind: "unresolved", ...(source ? { source } : {}), message };
  }
  const points = [...new Set(there.flatMap((found) => found.points))].sort((a, b) => a - b);
  const at = first.column === undefined ? {} : { column: first.column };
  return { kind: "resolved", source: first.source, line: taken, ...at, points };
}

const nothingBehind = (line: number): string =>
  `There is no code at or after line ${line + 1} within the same function.`;

/** What is special about code outside of functions, where a compiler leaves its lines out. */
function outsideOf({ status }: DebugInfo, path: string): string {
  const isAssemblyScript = status.kind === "source-map" && /\.ts$/.test(path);
  return isAssemblyScript ? " AssemblyScript's compiler writes no lines for code outside of functions." : "";
}

/** Sources that are named where several could be meant: the others are as far away. */
const mostNamed = 4;

function whyAmbiguous(candidates: readonly string[], path: string): string {
  const named = candidates.slice(0, mostNamed);
  const more = candidates.length > named.length ? `, and ${candidates.length - named.length} more` : "";
  const entries = named.map((candidate) => sourceFileMapEntry(candidate, path));
  return `Several sources of the program could be meant: ${named.join(", ")}${more}. Say which in the launch configuration: "sourceFileMap": ${entries.join(" or ")}.`;
}

function whyNoSource(debugInfo: DebugInfo, path: string): string {
  const { status } = debugInfo;
  if (status.kind === "none") return status.reason;
  if (status.kind === "names") {
    return (
      status.reason ?? "The module has names of functions but no line numbers: compile and link it with -g."
    );
  }
  const name = baseName(path) || path;
  return `The program has no code from a source called ${name}: is it compiled with -g and linked in?`;
}
