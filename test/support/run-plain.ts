import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI } from "node:wasi";
import type { Call, Fixture, Run, TrapKind } from "./fixtures.ts";

/** What a guest did when nobody debugged it: the truth that a debugged run is compared with. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; absent after a trap or when exports were called. */
  readonly exit?: number;
  readonly trap?: TrapKind;
  /** What the engine threw at a trap; its stack names the place. */
  readonly error?: Error;
  /** Results of the calls, i64 as decimal text. */
  readonly results: readonly (number | string | undefined)[];
  /** Linear memory as the guest left it. */
  readonly memory: Uint8Array;
}

/**
 * Runs a guest to its end in this thread, on `node:wasi` and the engine alone.
 *
 * `bytes` may stand for another form of the same guest, and `prepare` is given its instance before any of its
 * exports is called. Standard streams and preopened folders are files in a folder of their own, gone when
 * this returns.
 */
export function runPlain(
  fixture: Pick<Fixture, "name" | "bytes">,
  run: Run,
  bytes: Uint8Array<ArrayBuffer> = fixture.bytes,
  prepare: (instance: WebAssembly.Instance) => void = () => {},
): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "wasm-dap-run-"));
  const file = (name: string): string => join(folder, name);
  writeFileSync(file("stdin"), run.stdin ?? "");
  const streams = [
    openSync(file("stdin"), "r"),
    openSync(file("stdout"), "w"),
    openSync(file("stderr"), "w"),
  ] as const;
  try {
    const preopens = (run.preopens ?? []).map(
      (guestPath, index) => [guestPath, file(`preopen-${index}`)] as const,
    );
    for (const [, hostPath] of preopens) mkdirSync(hostPath);
    const wasi = new WASI({
      version: "preview1",
      args: [fixture.name, ...(run.args ?? [])],
      env: { ...run.env },
      preopens: Object.fromEntries(preopens),
      stdin: streams[0],
      stdout: streams[1],
      stderr: streams[2],
      returnOnExit: true,
    });
    const end = runToEnd(bytes, wasi, run, prepare);
    return {
      ...end,
      stdout: readFileSync(file("stdout"), "utf8"),
      stderr: readFileSync(file("stderr"), "utf8"),
    };
  } finally {
    for (const stream of streams) closeSync(stream);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The kind of a trap by the engine's error; undefined when it is none. Knows the words of V8 in Node 20 to 26. */
export function trapKindOf(error: unknown): TrapKind | undefined {
  if (error instanceof RangeError) return /call stack/.test(error.message) ? "stack-overflow" : undefined;
  if (isGuestException(error)) return "exception";
  if (!(error instanceof WebAssembly.RuntimeError)) return undefined;
  return trapWords.find(([words]) => words.test(error.message))?.[1];
}

/** The types of Node 20 do not know the class that it has. */
function isGuestException(error: unknown): boolean {
  const { Exception } = WebAssembly as unknown as { readonly Exception: new (...args: never[]) => object };
  return error instanceof Exception;
}

const trapWords: readonly (readonly [RegExp, TrapKind])[] = [
  [/^unreachable/, "unreachable"],
  [/memory access out of bounds/, "memory-out-of-bounds"],
  [/(divide|remainder) by zero/, "divide-by-zero"],
  [/divide result unrepresentable/, "integer-overflow"],
  [/float unrepresentable/, "invalid-conversion"],
  [/signature mismatch|null function/, "indirect-call-mismatch"],
  [/table index is out of bounds/, "table-out-of-bounds"],
];

type End = Omit<Outcome, "stdout" | "stderr">;

function runToEnd(
  bytes: Uint8Array<ArrayBuffer>,
  wasi: WASI,
  run: Run,
  prepare: (instance: WebAssembly.Instance) => void,
): End {
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, { ...importsOf(wasi), ...memoriesFor(module) });
  const { memory } = instance.exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error("the guest exports no memory");
  const left = (): Uint8Array => new Uint8Array(memory.buffer.slice(0));
  try {
    prepare(instance);
    if (run.calls === undefined) {
      const exit = wasi.start(instance);
      return { exit, results: [], memory: left() };
    }
    const isReactor = "_initialize" in instance.exports;
    if (isReactor) wasi.initialize(instance);
    return { results: run.calls.map((call) => callExport(instance, call)), memory: left() };
  } catch (error) {
    const trap = trapKindOf(error);
    if (trap === undefined) throw error;
    return { trap, error: error as Error, results: [], memory: left() };
  }
}

/** Room for what a guest that imports its memory has in it. */
const importedPages = 4;

function memoriesFor(module: WebAssembly.Module): WebAssembly.Imports {
  const wanted = WebAssembly.Module.imports(module).filter(({ kind }) => kind === "memory");
  return Object.fromEntries(
    wanted.map(({ module: from, name }) => [
      from,
      { [name]: new WebAssembly.Memory({ initial: importedPages }) },
    ]),
  );
}

/**
 * What `wasi` provides, each function behind one of JavaScript.
 *
 * Wasm calls Node 20's own by way of V8's fast calls, during which there must be no garbage collection; but its
 * `fd_write` and others may start one, and the process then dies in `uvwasi_destroy` or elsewhere.
 */
function importsOf(wasi: WASI): WebAssembly.Imports {
  const modules = Object.entries(
    wasi.getImportObject() as Record<string, Record<string, (...args: unknown[]) => unknown>>,
  );
  return Object.fromEntries(
    modules.map(([name, functions]) => [
      name,
      Object.fromEntries(
        Object.entries(functions).map(([key, call]) => [key, (...args: unknown[]) => call(...args)]),
      ),
    ]),
  );
}

function callExport(instance: WebAssembly.Instance, { invoke, args }: Call): number | string | undefined {
  const callee = instance.exports[invoke];
  if (typeof callee !== "function") throw new Error(`the guest exports no function ${invoke}`);
  const result: unknown = callee(...args.map((arg) => (typeof arg === "string" ? BigInt(arg) : arg)));
  return typeof result === "bigint" ? String(result) : (result as number | undefined);
}
