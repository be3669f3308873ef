import type { FuncIndex } from "../base/brand.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import type { EndWatch, Stop, StopReason, Target } from "../target/target.ts";
import type { WasmModule } from "../wasm/module.ts";
import { CatchingFrames } from "./catching-frames.ts";
import type { DebuggerParts } from "./debugger.ts";
import type { ExceptionFilter, ExceptionRequest, Frame, StopDescription } from "./debugger-types.ts";
import { type ExceptionCondition, readExceptionCondition } from "./exception-conditions.ts";
import { readGivingUp } from "./giving-up.ts";
import { GuestWords } from "./guest-words.ts";
import type { PausedGuest } from "./paused-guest.ts";
import { readStandardMessage } from "./standard-message.ts";
import { functionOf } from "./step-targets.ts";
import { isCxxThrow, readThrownObject, type ThrownObject, type ThrowPlace } from "./thrown-object.ts";

type End = Extract<StopReason, { readonly kind: "trap" | "exception" | "throw" | "exit" }>;
type EndDescription = Extract<StopDescription, { readonly kind: "trap" | "exception" }>;

interface SpeakingObject extends ThrownObject {
  readonly message?: string;
}

/** Frames that are looked at to find out why a program gives up. */
const mostFrames = 40;

/**
 * Traps, exceptions and ends as a user sees them: what each of them is, and whether anybody wants to see it.
 *
 * All kinds but the last three of `ExceptionFilter` stop the guest unless it is said otherwise.
 */
export class ExceptionStops {
  readonly #target: Target;
  readonly #module: WasmModule | undefined;
  readonly #debugInfo: DebugInfo;
  readonly #catching: CatchingFrames | undefined;
  /** What stops the guest; everything that ends it, without. */
  #wanted: ReadonlyMap<ExceptionFilter, ExceptionCondition> | undefined;
  /** What the target has been told, as text: nothing, at first. */
  #told = JSON.stringify({ throws: "none", rethrows: false, exits: false } satisfies EndWatch);
  /** The user has seen the exception on its way out. */
  #shownUncaught = false;

  /** `module`: absent where the code is not at hand; nobody is then known to catch anything. */
  constructor({ target, module, debugInfo }: Pick<DebuggerParts, "target" | "module" | "debugInfo">) {
    this.#target = target;
    this.#module = module;
    this.#debugInfo = debugInfo;
    this.#catching = module && new CatchingFrames(module);
  }

  /** Chooses what stops the guest, and answers what is wrong with each request. */
  async choose(requests: readonly ExceptionRequest[]): Promise<readonly (string | undefined)[]> {
    const read = requests.map((request) => ({ request, read: readExceptionCondition(request) }));
    this.#wanted = new Map(
      read.flatMap(({ request, read }) => ("holds" in read ? [[request.filter, read.holds] as const] : [])),
    );
    await this.watch();
    return read.map(({ read }) => ("problem" in read ? read.problem : undefined));
  }

  /** Tells the target what to stop for. */
  async watch(): Promise<void> {
    const isWanted = (filter: ExceptionFilter) => this.#wanted?.has(filter) ?? false;
    const uncaught = (this.#wanted?.has("exception") ?? true) && this.#throws;
    const watch: EndWatch = {
      throws: isWanted("thrown") ? "all" : uncaught ? "new" : "none",
      rethrows: isWanted("rethrown"),
      exits: isWanted("exit"),
    };
    const told = JSON.stringify(watch);
    if (told === this.#told) return;
    this.#told = told;
    await this.#target.watchEnds?.(watch);
  }

  /** Whether a halt is one of those that are read here. */
  isEnd(halt: Stop): halt is Stop & { readonly reason: End } {
    return ["trap", "exception", "throw", "exit"].includes(halt.reason.kind);
  }

  /** What an end is to a user; `undefined` where nobody wants to see it. */
  async describe(
    { reason }: Stop & { readonly reason: End },
    paused: PausedGuest,
  ): Promise<EndDescription | undefined> {
    switch (reason.kind) {
      case "trap":
        return this.#trap(reason, paused);
      case "throw":
        return this.#throw(reason, paused);
      case "exit": {
        const message = `exit with status ${reason.exitCode}`;
        const facts = { message, status: reason.exitCode };
        return this.#isWanted("exit", facts)
          ? { kind: "exception", message, how: "exit", alive: true }
          : undefined;
      }
      case "exception":
        return this.#escaped(reason);
    }
  }

  async #trap(
    { trap, message, alive, words = "" }: Extract<End, { kind: "trap" }>,
    paused: PausedGuest,
  ): Promise<EndDescription | undefined> {
    const description = { kind: "trap", trap, message, alive } as const;
    // What the host has been told by the program itself says more than anything else could.
    const why =
      trap === "unreachable" && message === "unreachable"
        ? readGivingUp(await framesOf(paused), words)
        : undefined;
    if (!why) return this.#isWanted(trap, { message }) ? description : undefined;
    const { kind, text } = why;
    return this.#isWanted(kind, { message: text })
      ? { ...description, message: text, givesUp: kind }
      : undefined;
  }

  async #throw(
    { at: point, again }: Extract<End, { kind: "throw" }>,
    paused: PausedGuest,
  ): Promise<EndDescription | undefined> {
    const frames = await framesOf(paused);
    const name = frames[0]?.name ?? "";
    const thrown = await this.#thrown({ stop: paused.stop, point, name });
    // The function of the runtime that throws again may leave the `throw` to another.
    const isAgain = again || frames.slice(0, 2).some((frame) => /rethrow/i.test(frame.name));
    const how = isAgain ? "rethrown" : "thrown";
    const facts = { typeName: thrown?.typeName, message: "" };
    const isUncaught = how === "thrown" && !(await this.#isCaught(point, name, paused));
    if (isUncaught && this.#isWanted("exception", facts)) {
      this.#shownUncaught = true;
      return described("uncaught", thrown);
    }
    return this.#isWanted(how, facts) ? described(how, thrown) : undefined;
  }

  /** What is thrown at a place, with what it says of itself if it is of the library's classes. */
  async #thrown(place: ThrowPlace): Promise<SpeakingObject | undefined> {
    const module = this.#module;
    if (module === undefined) return undefined;
    const object = await readThrownObject(this.#target, module, place);
    if (object === undefined) return undefined;
    const memory = new GuestWords(this.#target, place.stop);
    const nameOf = (func: FuncIndex) => functionOf(module, this.#debugInfo, func)?.name;
    const message = await readStandardMessage(memory, object, nameOf);
    return { ...object, ...(message === undefined ? {} : { message }) };
  }

  /** An exception is on its way out of the guest: what was thrown is not known any more. */
  #escaped({ message, known }: Extract<End, { kind: "exception" }>): EndDescription | undefined {
    if (this.#shownUncaught || !this.#isWanted("exception", { message })) return undefined;
    const where =
      known === true ? `${message}; it has been unwound, and frames show where it last threw` : message;
    return { kind: "exception", message: where };
  }

  async #isCaught(
    point: Extract<End, { kind: "throw" }>["at"],
    name: string,
    paused: PausedGuest,
  ): Promise<boolean> {
    const tag = this.#catching?.tagAt(point);
    if (!this.#catching || tag === undefined) return true;
    for (const { offset } of await paused.wasmFrames()) {
      if (this.#catching.catches(offset, tag, !isCxxThrow(name))) return true;
    }
    return false;
  }

  /** Without a choice, what ends the guest does. A condition on a type whose name is not known is not met. */
  #isWanted(filter: ExceptionFilter, facts: Parameters<ExceptionCondition>[0]): boolean {
    if (!this.#wanted) return !["thrown", "rethrown", "exit"].includes(filter);
    return this.#wanted.get(filter)?.(facts) ?? false;
  }

  /** Whether the module has anything that throws. */
  get #throws(): boolean {
    return this.#module !== undefined && hasTags(this.#module);
  }
}

const hasTags = (module: WasmModule): boolean =>
  module.tags.length > 0 || module.imports.some(({ type }) => type.kind === "tag");

async function framesOf(paused: PausedGuest): Promise<readonly Frame[]> {
  return (await paused.stackTrace(0, mostFrames)).frames;
}

function described(
  how: "thrown" | "rethrown" | "uncaught",
  thrown: SpeakingObject | undefined,
): EndDescription {
  const what = thrown?.typeName ?? "an exception";
  const said = thrown?.message === undefined ? "" : `: ${thrown.message}`;
  const message =
    how === "uncaught"
      ? `${what} is thrown, and nothing catches it${said}`
      : `${what} is ${words[how]}${said}`;
  const { typeName, address } = thrown ?? {};
  return {
    ...{ kind: "exception", message, how, alive: true },
    ...(typeName === undefined ? {} : { typeName }),
    ...(typeName === undefined || address === undefined
      ? {}
      : { object: `*(${typeName} *)0x${address.toString(16)}` }),
  };
}

const words = { thrown: "thrown", rethrown: "thrown again" };
