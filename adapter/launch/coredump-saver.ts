import { resolve } from "node:path";
import { saveCoredump } from "../../runtime/coredump/save-coredump.ts";
import type { StopNumber } from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import type { StopNote } from "../../src/coredump/coredump-notes.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import { coredumpPieces } from "../../src/coredump/write-coredump.ts";
import type { DebuggerEvents, StopDescription } from "../../src/debugger/debugger-types.ts";
import type { Target } from "../../src/target/target.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import type { LaunchConfiguration } from "./configuration.ts";
import { expandCoredumpPath, usualCoredumpName } from "./coredump-path.ts";
import { sha256Of } from "./loaded-module.ts";
import { readVersion } from "./version.ts";

/** A coredump that has been written. */
export interface SavedCoredump {
  readonly path: string;
  readonly sizeBytes: number;
}

/** What coredumps are written of. */
export interface SaverParts {
  readonly target: Target;
  readonly module: WasmModule;
  readonly processId: number;
  readonly configuration: Pick<LaunchConfiguration, "program" | "cwd" | "coredump">;
}

/** Writes coredumps of one program: when asked at a stop, and by itself at traps if the configuration says so. */
export class CoredumpSaver {
  readonly #parts: SaverParts;
  readonly #writing = new Set<Promise<unknown>>();
  #stop: { readonly number: StopNumber; readonly description: StopDescription } | undefined;

  constructor(parts: SaverParts) {
    this.#parts = parts;
  }

  /**
   * Writes a coredump of the stop. `path` may have letters to be replaced; it is relative to the configuration's
   * working folder.
   *
   * Rejects with `TargetError` `not-stopped`, or as the target does when the program goes on or ends meanwhile; with
   * Node's error for a file that cannot be written, with the signal's reason when it is aborted. There is no file then.
   */
  async save(path?: string, signal?: AbortSignal): Promise<SavedCoredump> {
    const { target, module, processId, configuration } = this.#parts;
    const stop = this.#stop;
    if (!stop)
      throw new TargetError(
        "not-stopped",
        "The program is running: a coredump is written of one that is paused.",
      );
    const { program, cwd, coredump } = configuration;
    const time = Date.now();
    const pattern = path ?? coredump?.onTrap ?? usualCoredumpName;
    const file = resolve(cwd, expandCoredumpPath(pattern, { processId, time, program }));
    const pieces = coredumpPieces(target, stop.number, {
      executable: program,
      code: new ModuleCode(module),
      sha256: sha256Of(module),
      tool: `wasm-dap ${readVersion()}`,
      ...{ time, processId },
      stop: noteOf(stop.description),
    });
    const writing = saveCoredump(file, signal ? untilAborted(pieces, signal) : pieces);
    this.#writing.add(writing);
    try {
      return { path: file, sizeBytes: await writing };
    } finally {
      this.#writing.delete(writing);
    }
  }

  /** Settles when no coredump is being written any more: after the program has gone, at once. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writing);
  }

  /**
   * The events of the program, with a coredump written before the user is told of a trap. `note` is told what came of
   * it.
   */
  watch(events: DebuggerEvents, note: (text: string) => void): DebuggerEvents {
    return {
      ...events,
      stopped: (stop) => {
        this.#stop = stop;
        const { kind } = stop.description;
        const isEnd = kind === "trap" || kind === "exception";
        if (!isEnd || this.#parts.configuration.coredump?.onTrap === undefined) return events.stopped(stop);
        void this.#saveAtTrap(note).then(() => {
          // Who has resumed it meanwhile knows that it stopped.
          if (this.#stop === stop) events.stopped(stop);
        });
      },
      continued: () => {
        this.#stop = undefined;
        events.continued();
      },
      exited: (exit) => {
        this.#stop = undefined;
        events.exited(exit);
      },
    };
  }

  async #saveAtTrap(note: (text: string) => void): Promise<void> {
    try {
      const { path, sizeBytes } = await this.save();
      note(savedText({ path, sizeBytes }));
    } catch (error) {
      note(`No coredump was written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function* untilAborted<T>(pieces: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}

/** What a user is told of a coredump. */
export const savedText = ({ path, sizeBytes }: SavedCoredump): string =>
  `Coredump written to ${path} (${sizeBytes} bytes). Look into it with: wasm-dap core ${path}`;

function noteOf(description: StopDescription): StopNote {
  if (description.kind === "trap")
    return { kind: "trap", trap: description.trap, message: description.message };
  // To a coredump, one breakpoint is like another.
  if (description.kind === "data") return { kind: "breakpoint", trap: undefined, message: description.text };
  return {
    kind: description.kind,
    trap: undefined,
    message: description.kind === "exception" ? description.message : "",
  };
}
