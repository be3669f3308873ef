import type { Debugger } from "../../src/debugger/debugger.ts";
import type {
  Breakpoint,
  DebuggerEvents,
  Frame,
  MemoryChange,
  StopDescription,
} from "../../src/debugger/debugger-types.ts";
import { GuestDebugger } from "../../src/debugger/guest-debugger.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import type { FrameContext } from "../../src/symbols/frame-context.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import type { Exit, Target } from "../../src/target/target.ts";

/** One thing a debugger has told, in the order told. */
export type Told =
  | { readonly event: "stopped"; readonly number: number; readonly description: StopDescription }
  | { readonly event: "continued" }
  | { readonly event: "breakpointChanged"; readonly breakpoint: Breakpoint }
  | { readonly event: "memoryChanged"; readonly change: MemoryChange }
  | { readonly event: "exited"; readonly exit: Exit };

export interface RecorderOptions {
  readonly isShown?: (path: string) => boolean;
  readonly sourceFileMap?: Readonly<Record<string, string>>;
}

/** A debugger whose events are written down, and can be waited for. */
export class DebuggerRecorder {
  readonly debugger: Debugger;
  readonly told: Told[] = [];
  /** Contexts that symbols were asked with. */
  readonly contexts: FrameContext[] = [];
  /** What symbols were told to read again: address and bytes. */
  readonly memoryChanges: string[] = [];
  #read = 0;
  #wake: () => void = () => {};

  constructor(target: Target, debugInfo: DebugInfo, options: RecorderOptions = {}) {
    const tell = (told: Told): void => {
      this.told.push(told);
      this.#wake();
    };
    const events: DebuggerEvents = {
      stopped: ({ number, description }) => tell({ event: "stopped", number, description }),
      continued: () => tell({ event: "continued" }),
      output: () => {},
      breakpointChanged: (breakpoint) => tell({ event: "breakpointChanged", breakpoint }),
      exited: (exit) => tell({ event: "exited", exit }),
      memoryChanged: (change) => tell({ event: "memoryChanged", change }),
    };
    this.debugger = new GuestDebugger({
      target,
      debugInfo,
      symbols: this.#symbols(),
      events,
      isShown: options.isShown ?? (() => true),
      sourceFileMap: options.sourceFileMap ?? {},
    });
  }

  /** The next stop or exit that has not been read yet. */
  async next(): Promise<Extract<Told, { event: "stopped" | "exited" }>> {
    for (;;) {
      while (this.#read < this.told.length) {
        const told = this.told[this.#read++];
        if (told?.event === "stopped" || told?.event === "exited") return told;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next halt in short: why and where, such as `step f:6` or `exited 0`. */
  async halt(): Promise<string> {
    const told = await this.next();
    if (told.event === "exited") return `exited ${told.exit.exitCode}`;
    return `${told.description.kind} ${await this.where()}`;
  }

  /** Where the guest stands: the innermost frame that is the guest's, with its line from 1. */
  async where(): Promise<string> {
    const { frames } = await this.debugger.stackTrace(0, 20);
    return short(frames.find(({ kind }) => kind !== "host") ?? frames[0]);
  }

  /** The stack in short, innermost first. */
  async stack(): Promise<readonly string[]> {
    return (await this.debugger.stackTrace(0, 1000)).frames.map(short);
  }

  #symbols(): Symbols {
    const record = async (context: FrameContext) => {
      this.contexts.push(context);
      return [];
    };
    return {
      scopes: record,
      parameters: record,
      describeType: async (_frame, text) => ({ name: text, definition: text }),
      complete: async (_frame, _text, column) => ({ start: column, items: [] }),
      textOf: async () => "",
      memoryChanged: (address, length) => this.memoryChanges.push(`${address} ${length}`),
      evaluate: async (context) => {
        await record(context);
        throw new Error("nothing to evaluate");
      },
    };
  }
}

const short = (frame: Frame | undefined): string =>
  frame === undefined ? "nowhere" : `${frame.name}:${frame.position ? frame.position.line + 1 : "?"}`;
