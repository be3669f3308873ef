import type { PathCandidates } from "./sources.ts";

export const sourceCandidates =
  (_modulePath: string, _sourceFileMap: Readonly<Record<string, string>>): PathCandidates =>
  (file) => [file.path];
