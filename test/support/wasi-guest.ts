import type { GuestConsole } from "../../runtime/wasi/console.ts";
import { createWasiHost } from "../../runtime/wasi/wasi-host.ts";
import type { WasiOptions } from "../../runtime/wasi/wasi-options.ts";
import type { WrittenBy } from "../../runtime/wasi/written-ranges.ts";

/** What `FakeConsole.exit` throws in place of unwinding a guest. */
export class ExitedWith extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exited with ${code}`);
    this.code = code;
  }
}

/** A console under a test's control: it keeps what was printed, and waits in real time unless told otherwise. */
export class FakeConsole implements GuestConsole {
  /** One entry for each write. */
  readonly writes: { readonly stream: "stdout" | "stderr"; readonly text: string }[] = [];
  /** Bytes to be read from stdin, a chunk at a time. */
  readonly input: Uint8Array[] = [];
  inputEnded = false;
  /** The timeouts of all waits, in milliseconds. */
  readonly waits: (number | undefined)[] = [];
  /** Runs in every wait, in place of time going by. */
  onWait: ((timeoutMs: number | undefined) => void) | undefined;

  /** Makes text available on stdin. */
  type(text: string): void {
    this.input.push(new TextEncoder().encode(text));
  }

  write(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    this.writes.push({ stream, text: Buffer.from(bytes).toString() });
  }

  readStdin(into: Uint8Array): number {
    const chunk = this.input.shift();
    if (!chunk) return 0;
    const taken = chunk.subarray(0, into.length);
    into.set(taken);
    if (taken.length < chunk.length) this.input.unshift(chunk.subarray(taken.length));
    return taken.length;
  }

  stdinState(): "open" | "ready" | "closed" {
    if (this.input.length > 0) return "ready";
    return this.inputEnded ? "closed" : "open";
  }

  wait(timeoutMs: number | undefined, ready: () => boolean): boolean {
    this.waits.push(timeoutMs);
    if (this.onWait) this.onWait(timeoutMs);
    else if (timeoutMs === undefined) throw new Error("the guest would wait for ever");
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, timeoutMs);
    return ready();
  }

  exit(code: number): never {
    throw new ExitedWith(code);
  }
}

/** A WASI host with a memory and no guest: a test makes the guest's calls. */
export interface WasiGuest {
  readonly console: FakeConsole;
  readonly memory: WebAssembly.Memory;
  /** Calls a function as Wasm does: i32 as signed numbers, i64 as bigints. Answers its errno. */
  call(name: string, ...args: (number | bigint)[]): number;
  /** What a call is said to write. */
  writtenBy(name: string): WrittenBy | undefined;
  /** Memory as it is now. */
  view(): DataView;
  /** Puts text at an address; answers address and length in bytes. */
  put(address: number, text: string): [number, number];
  /** `length` bytes at an address, as text. */
  text(address: number, length: number): string;
  /** Puts an array of (address, length) at an address; answers its address and length. */
  vectors(address: number, ...buffers: readonly (readonly [number, number])[]): [number, number];
  /** Opens a file below the first preopened folder, for reading and writing; answers its descriptor. */
  open(path: string): number;
}

/** What a test may choose about its guest. */
export interface WasiGuestOptions extends Partial<WasiOptions> {
  readonly memory?: WebAssembly.Memory;
  readonly module?: "wasi_snapshot_preview1" | "wasi_unstable";
}

/** To read, write, seek, tell, set flags and get attributes. */
const rightsOfFile = 0x20006en;

/** A host for a test: no arguments, folders or terminals, one page of memory, unless given. */
export function wasiGuest(options: WasiGuestOptions = {}): WasiGuest {
  const {
    memory = new WebAssembly.Memory({ initial: 1 }),
    module = "wasi_snapshot_preview1",
    ...rest
  } = options;
  const terminal = { stdin: false, stdout: false, stderr: false };
  const console = new FakeConsole();
  const host = createWasiHost({ args: [], env: {}, preopens: {}, terminal, ...rest }, console);
  host.bind(memory);
  const view = (): DataView => new DataView(memory.buffer);
  const bytes = (address: number, length: number): Uint8Array =>
    new Uint8Array(memory.buffer, address, length);
  const guest: WasiGuest = {
    console,
    memory,
    view,
    call(name, ...args) {
      const call = host.imports[module]?.[name];
      if (typeof call !== "function") throw new Error(`${module} has no ${name}`);
      const asWasm = args.map((arg) => (typeof arg === "number" ? arg | 0 : BigInt.asIntN(64, arg)));
      return call(...asWasm) as number;
    },
    writtenBy: (name) => host.writtenBy(module, name),
    put(address, text) {
      const encoded = new TextEncoder().encode(text);
      bytes(address, encoded.length).set(encoded);
      return [address, encoded.length];
    },
    text: (address, length) => Buffer.from(bytes(address, length)).toString(),
    vectors(address, ...buffers) {
      for (const [i, [start, length]] of buffers.entries()) {
        view().setUint32(address + i * 8, start, true);
        view().setUint32(address + i * 8 + 4, length, true);
      }
      return [address, buffers.length];
    },
    open(path) {
      const [address, length] = guest.put(60000, path);
      const errno = guest.call("path_open", 3, 0, address, length, 0, rightsOfFile, rightsOfFile, 0, 61000);
      if (errno !== 0) throw new Error(`path_open of ${path} answered ${errno}`);
      return view().getUint32(61000, true);
    },
  };
  return guest;
}
