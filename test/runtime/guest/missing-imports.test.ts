import assert from "node:assert/strict";
import { missingImports } from "../../../runtime/guest/missing-imports.ts";

/** What is said of a module with one import, behind the sentence about what there is. */
function cureFor(module: string, name: string): string {
  const { message } = missingImports("app.wasm", [{ module, name, kind: "function" }]);
  assert.ok(message.startsWith(`app.wasm imports what nobody provides: ${module}.${name} (function). `));
  return message.slice(message.indexOf("(wasi_snapshot_preview1). ") + 26);
}

describe("imports that nobody provides", () => {
  const hosts: readonly [string, readonly (readonly [string, string])[]][] = [
    [
      "Emscripten",
      [
        ["env", "emscripten_memcpy_big"],
        ["env", "_emscripten_throw_longjmp"],
        ["env", "setTempRet0"],
        ["env", "invoke_vii"],
        ["env", "__syscall_openat"],
      ],
    ],
    [
      "wasm-bindgen",
      [
        ["wbg", "__wbg_log_1"],
        ["__wbindgen_placeholder__", "__wbindgen_throw"],
        ["./app_bg.js", "f"],
      ],
    ],
    ["Go", [["gojs", "runtime.wasmExit"]]],
  ];
  for (const [host, imports] of hosts) {
    it(`are told to be of ${host}'s JavaScript, with the way to do without`, () => {
      for (const [module, name] of imports)
        assert.ok(cureFor(module, name).startsWith(`${host}'s JavaScript would: `));
    });
  }

  it("are only named where they may be anybody's", () => {
    assert.equal(cureFor("env", "draw"), "Link the module so that it needs nothing else.");
  });
});
