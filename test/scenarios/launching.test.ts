import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRaw, startTestServer, type TestServer } from "../support/dap-client.ts";
import { fixture } from "../support/fixtures.ts";

describe("a program that cannot be launched", () => {
  let server: TestServer;
  let folder: string;
  before(async () => {
    server = await startTestServer();
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-launching-"));
    const { bytes } = fixture("hello", "dwarf5.O0");
    const files: Record<string, string | Uint8Array> = {
      "text.wasm": "int main() {}",
      "empty.wasm": "",
      "truncated.wasm": bytes.subarray(0, bytes.length / 2),
      "component.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
      // A function body that leaves nothing on the stack where its type promises an i32.
      "invalid.wasm": Uint8Array.of(
        ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        ...[1, 5, 1, 0x60, 0, 1, 0x7f],
        ...[3, 2, 1, 0],
        ...[10, 4, 1, 2, 0, 0x0b],
      ),
    };
    for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  /** The answer to a launch that fails, and what came with it. */
  const launch = async (configuration: object) => {
    const { client } = await connectRaw(server.port);
    await client.ask("initialize", { adapterID: "wasm" });
    const answer = await client.request("launch", configuration);
    assert.equal(answer.success, false, "the launch succeeded");
    assert.equal(answer.body.error.showUser, true);
    await client.event("terminated");
    await client.ask("disconnect");
    await client.end();
    client.verify();
    return answer.message as string;
  };

  const bad: readonly [what: string, file: string, sentence: RegExp][] = [
    ["is no file", "missing.wasm", /There is no file .*missing\.wasm/],
    ["is a text file", "text.wasm", /text\.wasm is not a WebAssembly module/],
    ["is empty", "empty.wasm", /empty\.wasm is (truncated|not a WebAssembly module)/],
    ["is truncated", "truncated.wasm", /truncated/],
    ["is a component", "component.wasm", /component.*not supported yet/],
    [
      "is nothing that this V8 knows",
      "invalid.wasm",
      /^V8 does not accept .*invalid\.wasm: .+\. This is Node\.js [\d.]+: if .* newer one, name that as `runtimeExecutable`\.$/s,
    ],
    ["is a folder", ".", /is a folder/],
  ];
  for (const [what, file, sentence] of bad) {
    it(`says so when it ${what}`, async () => {
      assert.match(await launch({ program: join(folder, file) }), sentence);
    });
  }

  it("names every import that nobody provides", async () => {
    const message = await launch({ program: fixture("imports", "dwarf5.O0").path });
    for (const name of ["env.foo", "env.bar", "host.log"]) assert.ok(message.includes(name), message);
  });

  it("names an export that is not there", async () => {
    const { path } = fixture("reactor", "dwarf5.O0");
    assert.match(await launch({ program: path, invoke: "nothing" }), /nothing/);
  });

  it("says what is wrong with its configuration", async () => {
    assert.match(await launch({}), /`program` is missing/);
    const { path } = fixture("hello", "dwarf5.O0");
    assert.match(await launch({ program: path, stdin: "/no/such/file" }), /\/no\/such\/file/);
    assert.match(
      await launch({ program: path, preopens: { "/data": "/no/such/folder" } }),
      /\/no\/such\/folder/,
    );
    assert.match(await launch({ program: path, runtimeExecutable: "/no/such/node" }), /\/no\/such\/node/);
    assert.match(await launch({ program: path, cwd: "/no/such/cwd" }), /"cwd" a folder/);
  });
});
