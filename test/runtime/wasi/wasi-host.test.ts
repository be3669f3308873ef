import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createWasiHost, providesImport } from "../../../runtime/wasi/wasi-host.ts";
import { TargetError } from "../../../src/base/errors.ts";
import { inTemporaryFolder } from "../../support/temporary-folder.ts";
import { ExitedWith, FakeConsole, wasiGuest } from "../../support/wasi-guest.ts";
import { call, I32, i32Const, limits, WasmBuilder } from "../../support/wasm-builder.ts";

const terminal = { stdin: false, stdout: false, stderr: false };
const nothing = { args: [], env: {}, preopens: {}, terminal };
const modules = ["wasi_snapshot_preview1", "wasi_unstable"] as const;

const DROP = 0x1a;

/** Puts a 32-bit number in memory, as the bytes of a data segment. */
const word = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

/** Exports `run`, which prints "hi" and exits with 7; its memory is where `placed` says. */
function greeter(placed: "imported" | "hidden" | "exported"): Uint8Array {
  const builder = new WasmBuilder()
    .type([I32, I32, I32, I32], [I32])
    .type([I32])
    .type([])
    .import("wasi_snapshot_preview1", "fd_write", "func", 0)
    .import("wasi_snapshot_preview1", "proc_exit", "func", 1);
  if (placed === "imported") builder.import("env", "memory", "memory", limits(1));
  else builder.memory(limits(1));
  if (placed !== "imported") builder.export(placed === "exported" ? "memory" : "appended", "memory", 0);
  return builder
    .func(2, [], i32Const(1), i32Const(0), i32Const(1), i32Const(40), call(0), DROP, i32Const(7), call(1))
    .export("run", "func", 2)
    .data(0, word(100), word(2))
    .data(100, new TextEncoder().encode("hi"))
    .build();
}

describe("the WASI host", () => {
  it("provides exactly the functions it says it does", () => {
    const { imports } = createWasiHost(nothing, new FakeConsole());
    assert.deepEqual(Object.keys(imports).sort(), [...modules].sort());
    for (const module of modules) {
      const names = Object.keys(imports[module] ?? {});
      const notSaid = names.filter((name) => !providesImport(module, name));
      assert.deepEqual(notSaid, module === "wasi_unstable" ? ["sock_accept"] : []);
    }
    const names = Object.keys(imports.wasi_snapshot_preview1 ?? {});
    assert.equal(names.length, 46);
  });

  it("does not claim what it has not", () => {
    assert.equal(providesImport("wasi_snapshot_preview1", "fd_write"), true);
    assert.equal(providesImport("wasi_snapshot_preview1", "thread_spawn"), false);
    assert.equal(providesImport("wasi_snapshot_preview1", "constructor"), false);
    assert.equal(providesImport("wasi_unstable", "sock_accept"), false);
    assert.equal(providesImport("wasi_unstable", "fd_read"), true);
    assert.equal(providesImport("env", "fd_write"), false);
  });

  it("names its functions as WASI does, for those who look at the stack", () => {
    const { imports } = createWasiHost(nothing, new FakeConsole());
    for (const module of modules) {
      for (const [name, value] of Object.entries(imports[module] ?? {})) {
        assert.equal((value as { readonly name: string }).name, name);
      }
    }
  });

  for (const placed of ["imported", "hidden", "exported"] as const) {
    it(`serves a module whose memory is ${placed}`, () => {
      const console = new FakeConsole();
      const host = createWasiHost(nothing, console);
      const imported = new WebAssembly.Memory({ initial: 1 });
      const module = new WebAssembly.Module(greeter(placed) as BufferSource);
      const { exports } = new WebAssembly.Instance(module, { ...host.imports, env: { memory: imported } });
      host.bind((exports.memory ?? exports.appended ?? imported) as WebAssembly.Memory);
      assert.throws(exports.run as () => void, (error) => error instanceof ExitedWith && error.code === 7);
      assert.deepEqual(console.writes, [{ stream: "stdout", text: "hi" }]);
    });
  }

  it("gives arguments and environment", () => {
    const guest = wasiGuest({ args: ["program", "ä b"], env: { NAME: "value" } });
    assert.equal(guest.call("args_sizes_get", 0, 4), 0);
    assert.deepEqual([guest.view().getUint32(0, true), guest.view().getUint32(4, true)], [2, 13]);
    assert.equal(guest.call("args_get", 100, 200), 0);
    assert.equal(guest.text(200, 13), "program\0ä b\0");
    assert.equal(guest.call("environ_get", 300, 400), 0);
    assert.equal(guest.text(400, 11), "NAME=value\0");
  });

  it("lets node:wasi reach addresses beyond 2 GiB", () => {
    const guest = wasiGuest({ memory: new WebAssembly.Memory({ initial: 32769 }) });
    assert.equal(guest.call("clock_time_get", 0, 0n, 0x8000_0000), 0);
    assert.notEqual(guest.view().getBigUint64(0x8000_0000, true), 0n);
  });

  it("lets node:wasi work on a shared memory", () => {
    inTemporaryFolder({ file: "contents" }, (folder) => {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
      const guest = wasiGuest({ memory, preopens: { "/": folder } });
      const fd = guest.open("file");
      assert.equal(guest.call("fd_read", fd, ...guest.vectors(0, [100, 8]), 40), 0);
      assert.equal(guest.text(100, 8), "contents");
    });
  });

  it("shows a guest nothing outside of its folders", () => {
    inTemporaryFolder({ secret: "contents" }, (folder) => {
      const inner = join(folder, "inner");
      mkdirSync(inner);
      const guest = wasiGuest({ preopens: { "/given": inner } });
      for (const path of ["../secret", join(folder, "secret")]) {
        assert.throws(() => guest.open(path), /answered 76/);
      }
    });
  });

  it("refuses a folder that does not exist, naming both paths, before anything runs", () => {
    inTemporaryFolder({}, (folder) => {
      const missing = join(folder, "missing");
      assert.throws(
        () => createWasiHost({ ...nothing, preopens: { "/": folder, "/data": missing } }, new FakeConsole()),
        new TargetError(
          "launch-failed",
          `Cannot give the guest the folder "${missing}" as "/data": it does not exist.`,
        ),
      );
    });
  });

  it("refuses a file in place of a folder", () => {
    inTemporaryFolder({ file: "" }, (folder) => {
      const file = join(folder, "file");
      assert.throws(
        () => createWasiHost({ ...nothing, preopens: { "/data": file } }, new FakeConsole()),
        new TargetError(
          "launch-failed",
          `Cannot give the guest the folder "${file}" as "/data": it is not a folder.`,
        ),
      );
    });
  });

  it("prints no warning about node:wasi, and lets other warnings be", () => {
    const host = new URL(
      `../../../runtime/wasi/wasi-host${extname(fileURLToPath(import.meta.url))}`,
      import.meta.url,
    );
    const program = `
      import { createWasiHost } from ${JSON.stringify(host.href)};
      createWasiHost({ args: [], env: {}, preopens: {}, terminal: {} }, {});
      process.emitWarning("something else");`;
    const args = [...process.execArgv, "--input-type=module", "--eval", program];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
    assert.match(stderr, /something else/);
    assert.doesNotMatch(stderr, /WASI|experimental/i);
  });
});
