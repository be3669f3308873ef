import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { helpText } from "../../adapter/cli/console/help.ts";
import { splitWords } from "../../adapter/cli/console/words.ts";
import { plain } from "../../adapter/cli/report/style.ts";
import { fromRoot } from "../support/paths.ts";
import { readRunEvents } from "../support/run-events.ts";
import { runWasmDap } from "../support/run-wasm-dap.ts";
import { inTemporaryFolder } from "../support/temporary-folder.ts";

const path = fromRoot("docs/command-line.md");
const page = readFileSync(path, "utf8");

/** The page with every generated block as it must be now. */
function withGenerated(text: string): string {
  return text.replaceAll(
    /<!-- (help|commands):? ?(\w*) -->\n```text\n.*?```\n/gs,
    (_, kind: string, command: string) => {
      const args = command === "" ? ["--help"] : [command, "--help"];
      const generated = kind === "commands" ? `${helpText(plain)}\n` : runWasmDap(args).stdout;
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

  const commands = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );

  it("has commands to try", () => {
    assert.ok(commands.length >= 10);
    assert.ok(commands.every((command) => command.startsWith("wasm-dap ")));
  });

  for (const command of commands) {
    it(`says what works: ${command}`, () => {
      const [line = "", status = "0"] = command.split(" # status ");
      // Some of them write files, beside programs that are found as in a clone.
      inTemporaryFolder({}, (folder) => {
        cpSync(fromRoot("examples"), join(folder, "examples"), { recursive: true });
        mkdirSync(join(folder, "test"));
        symlinkSync(fromRoot("test/fixtures"), join(folder, "test/fixtures"), "junction");
        const outcome = runWasmDap(splitWords(line).slice(1), { cwd: folder });
        assert.equal(outcome.status, Number(status), outcome.stderr);
        assert.doesNotMatch(outcome.stderr, /is not set|<.*(no variable|cannot)/);
        if (line.includes("--json")) readRunEvents(outcome.stdout);
        if (/--break|--watch|--log|--script/.test(line))
          assert.match(outcome.stdout + outcome.stderr, /Breakpoint|breakpoint|on line|held/);
      });
    });
  }
});
