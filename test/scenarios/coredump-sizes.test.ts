import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable } from "../support/dap-client.ts";
import { largeMemoryProgram } from "../support/large-memory.ts";
import { fromRoot } from "../support/paths.ts";
import { SessionClient } from "../support/session-client.ts";
import { custom, flat, HEADER, section, text, u32, vec } from "../support/wasm-builder.ts";

const gibibyte = 1 << 30;

/** Runs the executable to its end; `peakMiB` is the most memory that its process had. */
function wasmDap(...args: string[]) {
  const report = "process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))";
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(report)}`, executable, ...args],
    { encoding: "utf8", cwd: fromRoot(), timeout: 60_000 },
  );
  return { status, stdout, stderr, peakMiB: Number(/peak (\d+)$/.exec(stderr)?.[1]) / 1024 };
}

describe("coredumps of large memories", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-core-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("hold what is not zero of a gibibyte, and need no second one to be written or read", () => {
    const program = join(folder, "large.wasm");
    const core = join(folder, "large.core");
    writeFileSync(program, largeMemoryProgram(gibibyte, 8 << 20));
    const run = wasmDap("run", program, "--core", core);
    assert.equal(run.status, 134, run.stderr);
    assert.ok(statSync(core).size < 1_000_000);
    const read = wasmDap("core", core);
    assert.match(read.stdout, /Memory 0: 1073741824 bytes, 640000 of them in the coredump/);
    for (const { peakMiB } of [run, read]) assert.ok(peakMiB < 300, `${peakMiB} MiB`);
  });

  it("are read in parts where a producer has written every byte", () => {
    const stack = custom(
      "corestack",
      0,
      text("main"),
      vec([0, u32(0), u32(0), u32(1), u32(1), u32(0), [0x7f, 1, 2, 3, 4]]),
    );
    const size = gibibyte - 200;
    const before = flat(HEADER, stack, custom("core", 0, 0), section(5, vec([1, 0, u32(16_384)])));
    const segment = flat([1, 0, 0x41, 0xc8, 0x01, 0x0b, u32(size)]);
    const head = flat(before, 11, u32(segment.length + size), segment);
    const file = openSync(join(folder, "dense.core"), "w");
    writeSync(file, head);
    ftruncateSync(file, head.length + size);
    closeSync(file);
    const read = wasmDap("core", join(folder, "dense.core"));
    assert.match(read.stdout, /Dialect wasm-edit/);
    assert.match(read.stdout, /Memory 0: 1073741824 bytes, 1073741624 of them in the coredump/);
    assert.ok(read.peakMiB < 300, `${read.peakMiB} MiB`);
  });

  it("leave nothing behind when the session ends while one is written", async () => {
    const program = join(folder, "dense.wasm");
    writeFileSync(program, largeMemoryProgram(256 << 20, 4096));
    const cores = join(folder, "cores");
    const adapter = spawn(process.execPath, [executable], { stdio: ["pipe", "pipe", "inherit"] });
    const client = new SessionClient(adapter.stdout, adapter.stdin);
    await client.ask("initialize", { adapterID: "wasm" });
    await client.ask("launch", { program });
    client.post("configurationDone");
    await client.event("stopped");
    const saving = client.post("saveCoredump", { path: join(cores, "dense.core") });
    // The file has been begun once there is one that is not finished.
    const deadline = Date.now() + 20_000;
    while (partsIn(cores).length === 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 1));
    assert.deepEqual(partsIn(cores), ["part"]);
    client.post("disconnect");
    await client.answerTo(saving);
    if (adapter.exitCode === null) await once(adapter, "exit");
    assert.deepEqual(readdirSync(cores), []);
  });
});

/** Ends of the names of what is in a folder, if there is one. */
function partsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => name.split(".").at(-1) ?? name);
  } catch {
    return [];
  }
}
