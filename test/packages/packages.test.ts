import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DebugClient } from "@vscode/debugadapter-testsupport/lib/debugClient.js";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { tarballFiles } from "../support/tarball.ts";

interface NpmScript {
  runNpm(args: readonly string[], options: object): number;
}

const totalOf = (files: ReadonlyMap<string, number>): number =>
  [...files.values()].reduce((sum, size) => sum + size, 0);

const words = fixture("example-c", "app");

describe("the packages as they are published", () => {
  let folder = "";
  let npm: (args: readonly string[], cwd: string, stdout?: number) => void;

  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-packages-"));
    const { runNpm }: NpmScript = await import(pathToFileURL(fromRoot("scripts/npm.mjs")).href);
    npm = ([command = "", ...args], cwd, stdout) => {
      const flags = ["--offline", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
      const stdio = ["ignore", stdout ?? "ignore", "inherit"];
      assert.equal(runNpm([command, ...flags, ...args], { cwd, stdio }), 0);
    };
    for (const [name, from] of [
      ["wasm-dap", fromRoot()],
      ["gimli-wasm", fromRoot("gimli-wasm")],
    ] as const) {
      npm(["pack", `--pack-destination=${folder}`], from);
      const place = join(folder, name);
      mkdirSync(place);
      writeFileSync(join(place, "package.json"), '{ "private": true }\n');
      npm(["install", tarball(name)], place);
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const tarball = (name: string): string => {
    const found = readdirSync(folder).find((file) => file.startsWith(`${name}-`) && file.endsWith(".tgz"));
    return join(folder, found ?? "none");
  };
  const installed = (...path: readonly string[]): string =>
    join(folder, "wasm-dap/node_modules/wasm-dap", ...path);

  it("wasm-dap has its bundle and nothing else, in at most 1.5 MB", () => {
    const files = tarballFiles(tarball("wasm-dap"));
    assert.deepEqual([...files.keys()].sort(), [
      "LICENSE",
      "README.md",
      "bin/wasm-dap",
      "dist/bundle/LICENSES.txt",
      "dist/bundle/debuggee/agent.js",
      "dist/bundle/debuggee/main.js",
      "dist/bundle/debuggee/package.json",
      "dist/bundle/gimli.wasm",
      "dist/bundle/mappings.wasm",
      "dist/bundle/wasm-dap.js",
      "package.json",
    ]);
    assert.ok(totalOf(files) <= 1_500_000, `${totalOf(files)} bytes`);
    assert.ok(statSync(tarball("wasm-dap")).size <= 500_000);
  });

  it("what runs beside the guest is small: it is read at every launch", () => {
    const files = tarballFiles(tarball("wasm-dap"));
    const debuggee = [...files].filter(([path]) => path.startsWith("dist/bundle/debuggee/"));
    assert.ok(totalOf(new Map(debuggee)) <= 90_000, JSON.stringify(debuggee));
  });

  it("wasm-dap needs no other package", () => {
    const manifest = JSON.parse(readFileSync(installed("package.json"), "utf8"));
    assert.equal(manifest.dependencies, undefined);
    assert.deepEqual(
      readdirSync(join(folder, "wasm-dap/node_modules")).filter((name) => !name.startsWith(".")),
      ["wasm-dap"],
    );
    const bundled = readFileSync(installed("dist/bundle/LICENSES.txt"), "utf8");
    for (const name of ["@vscode/debugadapter", "source-map", "gimli"])
      assert.ok(bundled.includes(`${name}\n\n`), name);
  });

  it("wasm-dap starts by the name that npx looks for", () => {
    const name = process.platform === "win32" ? "wasm-dap.cmd" : "wasm-dap";
    const { stdout } = spawnSync(join(folder, "wasm-dap/node_modules/.bin", name), ["--version"], {
      ...{ encoding: "utf8", shell: process.platform === "win32" },
    });
    assert.equal(stdout, `${JSON.parse(readFileSync(fromRoot("package.json"), "utf8")).version}\n`);
  });

  it("wasm-dap works by npx from the tarball, in an empty folder that stays so", () => {
    const place = join(folder, "empty");
    mkdirSync(place);
    const printed = join(folder, "printed");
    const output = openSync(printed, "w");
    try {
      const from = [`--cache=${join(folder, "cache")}`, `--package=${tarball("wasm-dap")}`];
      npm(["exec", "--yes", ...from, "--", "wasm-dap", "run", words.path], place, output);
    } finally {
      closeSync(output);
    }
    assert.match(readFileSync(printed, "utf8"), /^30 words, 20 different/);
    assert.deepEqual(readdirSync(place), []);
  });

  it("runs and debugs programs from where it was installed", () => {
    const bin = installed("bin/wasm-dap");
    const run = spawnSync(process.execPath, [bin, "run", "--break", "kind_of hit 1", words.path], {
      ...{ encoding: "utf8", cwd: folder },
    });
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /^30 words/);
    assert.match(run.stderr, /\nBreakpoint 1, kind_of\(word=0x/);
    const debug = spawnSync(process.execPath, [bin, "debug", words.path], {
      ...{ encoding: "utf8", cwd: folder, input: "break kind_of\nrun\nprint word->text\n" },
    });
    assert.match(debug.stdout, /\nword->text = "and"\n$/);
  });

  /** Debugs the example as an editor would. */
  async function debugWith(client: DebugClient, port?: number): Promise<void> {
    client.defaultTimeout = 30_000;
    await client.start(port);
    const source = words.source("words.c");
    await Promise.all([
      client.launch({ program: words.path }),
      client.waitForEvent("initialized").then(async () => {
        const { body } = await client.setBreakpointsRequest({
          source: { path: source },
          breakpoints: [{ line: 28 }],
        });
        assert.equal(body.breakpoints[0]?.verified, true);
        await client.configurationDoneRequest();
      }),
      client.assertStoppedLocation("breakpoint", { path: source, line: 28 }),
    ]);
    const { body } = await client.stackTraceRequest({ threadId: 1 });
    const text = await client.evaluateRequest({ expression: "text", frameId: body.stackFrames[0]?.id ?? 0 });
    assert.match(text.body.result, /"the"/);
    await client.disconnectRequest();
  }

  it("serves an editor over stdio", async () => {
    await debugWith(new DebugClient(process.execPath, installed("bin/wasm-dap"), "wasm"));
  });

  it("serves an editor over TCP", async () => {
    const server = spawn(process.execPath, [installed("bin/wasm-dap"), "--server=0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = await once(server.stdout, "data");
      await debugWith(
        new DebugClient(process.execPath, installed("bin/wasm-dap"), "wasm"),
        Number(String(line)),
      );
    } finally {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
  });

  it("gimli-wasm is a package of its own that works by itself", () => {
    const files = tarballFiles(tarball("gimli-wasm"));
    for (const path of files.keys()) {
      assert.match(
        path,
        /^(dist\/[\w-]+\.(js|d\.ts|js\.map)|src\/[\w-]+(\.d)?\.ts|gimli\.wasm|gimli\.wasm\.json|package\.json|README\.md|LICENSE(-GIMLI)?)$/,
      );
    }
    assert.ok(totalOf(files) <= 400_000, `${totalOf(files)} bytes`);
    const place = join(folder, "gimli-wasm");
    writeFileSync(
      join(place, "sections.mjs"),
      `import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Gimli } from "gimli-wasm";
const core = readFileSync(createRequire(import.meta.url).resolve("gimli-wasm/gimli.wasm"));
process.stdout.write(Gimli.fromBytes(core) instanceof Gimli ? "works" : "does not");
`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, ["sections.mjs"], {
      cwd: place,
      encoding: "utf8",
    });
    assert.equal(stdout, "works", stderr);
  });
});
