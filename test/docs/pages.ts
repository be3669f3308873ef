import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fromRoot } from "../support/paths.ts";

/** A page of the documentation, by its path from the root. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** Every page that users and developers read, READMEs included. */
export function pages(): readonly Page[] {
  const files = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    ...["docs", "examples", "test/bench"].flatMap(below),
  ];
  return [...files, "extension/README.md", "gimli-wasm/README.md"].map((file) => ({
    file,
    text: readFileSync(fromRoot(file), "utf8"),
  }));
}

function below(folder: string): readonly string[] {
  return readdirSync(fromRoot(folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
    .map((file) => relative(fromRoot(), join(fromRoot(folder), file)).replaceAll("\\", "/"));
}
