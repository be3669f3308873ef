import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splitWords } from "../../adapter/cli/console/words.ts";
import { readRunEvents } from "../support/run-events.ts";
import { type Block, blocksOf, type Command, commandsOf, missingLine } from "./blocks.ts";
import { pages } from "./pages.ts";
import { folderOf, makeClone, makeProject } from "./projects.ts";
import { resolveTool } from "./tools.ts";

/** Commands that pages tell and that are not run here, by what is said above them of why. */
const notRun: readonly (readonly [page: string, why: string])[] = [
  ["README.md", "it is this"],
  ["docs/clients/vscode.md", "test/vscode does, in an editor"],
];

const told = pages().filter(({ file }) => /^(README\.md$|docs\/|examples\/)/.test(file));

describe("the commands that pages tell", () => {
  it("are all run, but for these", () => {
    const blocks = told.flatMap(({ file, text }) => blocksOf(text).map((block) => ({ file, block })));
    const left = blocks.flatMap(({ file, block }) => {
      const why = block.marks.get("not run");
      return why === undefined ? [] : [[file, why]];
    });
    assert.deepEqual(left, notRun);
    const count = blocks.flatMap(({ block }) => commandsOf(block)).length;
    assert.ok(count >= 40, `${count} commands are found`);
  });

  it("stand in blocks that are known to be commands", () => {
    for (const { file, text } of told) {
      for (const { language, text: content, line } of blocksOf(text)) {
        assert.doesNotMatch(language, /^(bash|shell|zsh|powershell|bat)$/, `${file}:${line}`);
        if (!/^(sh|console)$/.test(language))
          assert.doesNotMatch(content, /^(\$ |(bin\/)?wasm-dap (run|core|debug) [^[])/m, `${file}:${line}`);
      }
    }
  });

  for (const { file, text } of told) {
    const blocks = blocksOf(text).filter(({ marks }) => !marks.has("not run"));
    if (blocks.some((block) => commandsOf(block).length > 0)) describe(file, () => runPage(file, blocks));
  }
});

/** Runs a page's commands one after the other in one clone, as a reader would. */
function runPage(page: string, blocks: readonly Block[]): void {
  let clone = "";

  before(() => {
    clone = mkdtempSync(join(tmpdir(), "wasm-dap-docs-"));
    makeClone(clone);
    makeProject(page, clone);
  });

  after(() => rmSync(clone, { recursive: true, force: true }));

  for (const block of blocks) {
    for (const [file, text] of filesOf(block)) {
      it(`line ${block.line}: ${file}`, () => writeFileSync(join(clone, file), text));
    }
    for (const command of commandsOf(block))
      it(`line ${block.line}: ${command.text}`, () => runCommand(command, clone, page));
  }
}

/** What a block is the text of (`file: NAME`), and what it needs that nobody has to read (`with: NAME` and its lines). */
function filesOf({ marks, text }: Block): readonly (readonly [name: string, text: string])[] {
  const [name, ...lines] = (marks.get("with") ?? "").split("\n");
  const file = marks.get("file");
  return [
    ...(file === undefined ? [] : [[file, text] as const]),
    ...(name ? [[name, `${lines.join("\n")}\n`] as const] : []),
  ];
}

function runCommand({ text, status, output }: Command, clone: string, page: string): void {
  const words = splitWords(text);
  const isOurs = /^(bin\/)?wasm-dap$/.test(words[0] ?? "");
  const cwd = isOurs ? clone : join(clone, folderOf(page));
  const tool = resolveTool(words);
  if (tool === undefined) {
    // What the compiler would make is there for the commands that follow.
    const made = words[words.indexOf("-o") + 1] ?? "";
    if (words.includes("-o")) assert.ok(existsSync(join(cwd, made)), `${made} is not there`);
    return;
  }
  const printed = run(tool, cwd);
  assert.equal(printed.status, status, printed.text);
  if (output !== undefined) {
    const missing = missingLine(output, printed.text.trimEnd().split("\n"));
    assert.equal(missing, undefined, `${text} prints no line "${missing}" there, but\n${printed.text}`);
  }
  if (!isOurs || output !== undefined) return;
  assert.doesNotMatch(printed.text, /is not set|<.*(no variable|cannot)/);
  if (words.includes("--json")) readRunEvents(printed.text);
  if (/--break|--watch|--log|--script/.test(text))
    assert.match(printed.text, /[Bb]reakpoint \d|"reason":"breakpoint"|on line|expectations held/);
}

/** All that a command prints, in the order in which it does. */
function run([tool = "", ...args]: readonly string[], cwd: string): { status: number | null; text: string } {
  const log = mkdtempSync(join(tmpdir(), "wasm-dap-docs-log-"));
  const path = join(log, "log");
  const file = openSync(path, "w");
  try {
    const { NO_COLOR: _, FORCE_COLOR: __, GITHUB_WORKSPACE: ___, XDG_STATE_HOME: ____, ...env } = process.env;
    const { status, error } = spawnSync(tool, args, {
      ...{ cwd, env, timeout: 120_000, input: "", stdio: ["pipe", file, file] },
    });
    if (error) throw error;
    return { status, text: readFileSync(path, "utf8") };
  } finally {
    closeSync(file);
    rmSync(log, { recursive: true, force: true });
  }
}
