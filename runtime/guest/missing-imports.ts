import { TargetError } from "../../src/base/errors.ts";

/** Hosts that compilers write programs for besides WASI: how their imports are told, and how to do without them. */
const otherHosts: readonly {
  readonly is: (module: string, name: string) => boolean;
  readonly cure: string;
}[] = [
  {
    is: (module, name) =>
      module === "env" &&
      /^_?(emscripten_|embind_|invoke_|__syscall_|setTempRet0|getTempRet0|__cxa_throw)/.test(name),
    cure: "Emscripten's JavaScript would: link with -sSTANDALONE_WASM, and without EM_ASM, embind and the like.",
  },
  {
    is: (module) => /^(__wbindgen_|wbg$|\.\/.*_bg\.js$)/.test(module),
    cure: "wasm-bindgen's JavaScript would: build for wasm32-wasip1.",
  },
  {
    is: (module) => /^(go|gojs)$/.test(module),
    cure: "Go's JavaScript would: build with GOOS=wasip1.",
  },
];

/**
 * The error that a module's imports are which nobody provides; it names them all, and the host that they are of where
 * that is known.
 */
export function missingImports(
  path: string,
  missing: readonly WebAssembly.ModuleImportDescriptor[],
): TargetError {
  const list = missing.map((item) => `${item.module}.${item.name} (${item.kind})`).join(", ");
  const host = otherHosts.find(({ is }) => missing.some(({ module, name }) => is(module, name)));
  const cure = host?.cure ?? "Link the module so that it needs nothing else.";
  return new TargetError(
    "missing-imports",
    `${path} imports what nobody provides: ${list}. wasm-dap provides WASI preview 1 (wasi_snapshot_preview1). ${cure}`,
  );
}
