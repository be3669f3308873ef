import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { readLaunchConfiguration } from "../../adapter/launch/configuration.ts";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { inTemporaryFolderUntil } from "../support/temporary-folder.ts";
import { blocksOf } from "./blocks.ts";
import { pages } from "./pages.ts";

type Configuration = Readonly<Record<string, unknown>>;

/** A configuration of a page or of an example, by where it is found. */
interface Found {
  readonly where: string;
  readonly configuration: Configuration;
}

const schemas = JSON.parse(readFileSync(fromRoot("extension/package.json"), "utf8")).contributes.debuggers[0]
  .configurationAttributes as Record<"launch" | "attach", object>;
// What VS Code reads besides: descriptions with markup, snippets.
const ajv = new Ajv({ strict: false, allErrors: true });

/** What editors add to the attributes of every debugger: VS Code, and Zed. */
const everywhere = {
  ...{ label: { type: "string" }, adapter: { type: "string" } },
  name: { type: "string" },
  type: { const: "wasm" },
  request: { enum: ["launch", "attach"] },
};

const isValid = (request: "launch" | "attach") => {
  const schema = schemas[request] as { properties: object };
  return ajv.compile({
    ...{ type: "object", additionalProperties: false },
    ...schema,
    properties: { ...schema.properties, ...everywhere },
  });
};
const validators = { launch: isValid("launch"), attach: isValid("attach") };

/** Every object within that is a configuration of ours, however deep. */
function configurationsIn(value: unknown): readonly Configuration[] {
  if (typeof value !== "object" || value === null) return [];
  const isOne = "program" in value || "coreFile" in value;
  return isOne ? [value as Configuration] : Object.values(value).flatMap(configurationsIn);
}

const readJson = (text: string): unknown => JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ""));

const inPages: readonly Found[] = pages().flatMap(({ file, text }) =>
  blocksOf(text)
    .filter(({ language }) => /^jsonc?$/.test(language))
    .flatMap(({ text: json, line }) =>
      configurationsIn(readJson(json)).map((configuration) => ({ where: `${file}:${line}`, configuration })),
    ),
);

const examples = readdirSync(fromRoot("examples")).filter((name) => !/\.md$|^ci$/.test(name));

/** A configuration as an editor hands it on when `folder` is open. */
const opened = (configuration: Configuration, folder: string): Configuration =>
  JSON.parse(
    JSON.stringify(configuration).replaceAll(
      /\$\{workspace(?:Folder|Root)\}|\$ZED_WORKTREE_ROOT/g,
      JSON.stringify(folder).slice(1, -1),
    ),
  );

/** Launches it as an editor would, without a breakpoint, and lets the program run to its end. */
async function runToEnd(configuration: Configuration): Promise<void> {
  const session = new DebugSession(fixture("example-c", "app"), { transport: "stdio" });
  await session.begin();
  await session.client.send("launch", { ...configuration, stopOnEntry: false });
  await session.client.heard.event("initialized");
  await session.run();
  assert.equal(await session.exited(), 0);
  await session.end();
}

describe("launch configurations", () => {
  afterEach(() => DebugSession.abandonAll());

  it("stand on the pages that speak of them", () => {
    const files = inPages.map(({ where }) => where.replace(/:\d+$/, ""));
    for (const file of [
      "docs/clients/vim.md",
      "docs/clients/vscode.md",
      "docs/launch.md",
      "extension/README.md",
    ]) {
      assert.ok(files.includes(file), file);
    }
  });

  for (const { where, configuration } of inPages) {
    it(`of a page are valid, and start the program: ${where}`, async () => {
      expectValid(configuration);
      await inTemporaryFolderUntil(async (folder) => {
        cpSync(fromRoot("examples/c"), folder, { recursive: true });
        writeFileSync(join(folder, "poem.txt"), "one two two\n");
        await runToEnd(opened(configuration, folder));
      });
    });
  }

  for (const name of examples) {
    const file = fromRoot("examples", name, ".vscode/launch.json");
    for (const configuration of configurationsIn(readJson(readFileSync(file, "utf8")))) {
      it(`of an example are valid, and start the program: ${name}, ${configuration.name}`, async () => {
        expectValid(configuration);
        await runToEnd(opened(configuration, fromRoot("examples", name)));
      });
    }
  }
});

function expectValid(configuration: Configuration): void {
  const request = configuration.request === "attach" ? "attach" : "launch";
  const isOurs = validators[request];
  assert.ok(isOurs(configuration), JSON.stringify(isOurs.errors));
  const read = readLaunchConfiguration(opened(configuration, "/project"), "/");
  assert.equal(read.kind, "configuration", JSON.stringify(read));
}
