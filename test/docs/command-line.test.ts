import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { commandGroups } from "../../adapter/cli/console/command-table.ts";
import { helpText } from "../../adapter/cli/console/help.ts";
import { plain } from "../../adapter/cli/report/style.ts";
import { fromRoot } from "../support/paths.ts";
import { runWasmDap } from "../support/run-wasm-dap.ts";

const path = fromRoot("docs/command-line.md");
const page = readFileSync(path, "utf8");

/** The page with every generated block as it must be now. */
function withGenerated(text: string): string {
  return text.replaceAll(
    /<!-- (help|commands):? ?(\w*) -->\n```text\n.*?```\n/gs,
    (_, kind: string, command: string) => {
      const args = command === "" ? ["--help"] : [command, "--help"];
      const generated = kind === "commands" ? `${helpText(commandGroups, plain)}\n` : runWasmDap(args).stdout;
      const mark = kind === "commands" ? "commands" : `help: ${command}`.trimEnd();
      return `<!-- ${mark} -->\n\`\`\`text\n${generated}\`\`\`\n`;
    },
  );
}

describe("docs/command-line.md", () => {
  it("has what the commands say of themselves; UPDATE_GOLDEN=1 brings it up to date", () => {
    const wanted = withGenerated(page);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, wanted);
    else assert.equal(page, wanted);
  });

  it("has a row for each way to expect something", () => {
    for (const word of ["stop", "trap", "exit", "output", "frames", "EXPR"]) {
      assert.ok(page.includes(`| \`expect ${word}`), word);
    }
  });
});
