import type { MessagePort } from "node:worker_threads";
import { TargetError } from "../../src/base/errors.ts";
import {
  type CallQuestion,
  type EncodedOutcome,
  type GuestExitCause,
  type GuestPlan,
  type GuestStopReason,
  type LoadQuestion,
  type Question,
  type QuestionKind,
  SiteKind,
} from "../suspend/messages.ts";
import type { WrittenRange } from "../wasi/written-ranges.ts";
import { AgentPort } from "./agent-port.ts";
import { BreakpointActions } from "./breakpoint-actions.ts";
import { callFunction } from "./call-function.ts";
import { callSitesHere, callSitesOf, depthHere, guestFrames, keepAllFrames } from "./call-stack.ts";
import { GuestConsoleHost } from "./guest-console.ts";
import { type LoadedGuest, loadGuest } from "./guest-loader.ts";
import { GuestStore } from "./guest-store.ts";
import { Mailbox, type MailContext } from "./mailbox.ts";
import { ModuleBuffer } from "./module-buffer.ts";
import { StepTest } from "./step-test.ts";
import { type StackReader, StopSnapshots } from "./stop-snapshots.ts";
import { answerFromStore } from "./store-answers.ts";
import { type DataStop, StoreWatch } from "./store-watch.ts";
import { ThrowWatch } from "./throw-watch.ts";
import { GuestEnd } from "./unwinding.ts";

/** What may come between a call and its end: what it may wait for, and what ends it. */
const duringCalls: ReadonlySet<string> = new Set<QuestionKind["q"]>([
  ...(["stdin", "flush-log", "arm", "terminate", "break-call", "go-alone"] as const),
]);

type Leave = { readonly kind: "resume"; readonly plan: GuestPlan } | { readonly kind: "unwind" };

/**
 * The guest thread: loads one guest, runs it, and parks it at the suspend point.
 *
 * Guest code calls in at two places only: `#onProbe` at an armed site and the console's blocking calls.
 * Questions come in through the mailbox. What each of them may do depends on where it meets the thread,
 * which is the `MailContext`.
 */
export class GuestThread {
  readonly #agent: AgentPort;
  readonly #mailbox: Mailbox;
  readonly #console: GuestConsoleHost;
  readonly #end = new GuestEnd();
  readonly #throws = new ThrowWatch();
  #watchesExits = false;
  #guest: LoadedGuest | undefined;
  #store: GuestStore | undefined;
  #snapshots: StopSnapshots | undefined;
  #actions: BreakpointActions | undefined;
  #watch: StoreWatch | undefined;
  #step: StepTest | undefined;
  #stop = 0;
  #parked: StackReader | undefined;
  #leave: Leave | undefined;
  #pausePending = false;
  #terminating = false;
  /** Nobody debugs the guest any more. */
  #alone = false;
  /** The user has seen the trap that is about to happen: an `unreachable`, with its frames alive. */
  #shownTrap = false;
  /** What the guest has said about why it is about to trap. */
  #abort: string | undefined;
  /** Of the guest to be loaded. */
  readonly #code = new ModuleBuffer();
  /** A function has been called for the debugger, inside of the stop. */
  #calling = false;
  /** That call is to end where it can. */
  #breaking = false;
  /** Asked while it lasts, to be answered after it. */
  readonly #deferred: (readonly [question: Question, body: Uint8Array])[] = [];

  constructor(port: MessagePort, words: Int32Array) {
    keepAllFrames();
    this.#agent = new AgentPort(port);
    this.#mailbox = new Mailbox(port, words, (question, body, context) =>
      this.#answer(question, body, context),
    );
    this.#console = new GuestConsoleHost(this.#agent, this.#mailbox, words, {
      interrupted: () => this.#pausePending || this.#terminating || this.#breaking,
      attend: () => this.#attend(),
      exit: (code) => this.#exiting(code),
    });
  }

  /** What the agent's poke calls; safe at any time. */
  poked(): void {
    this.#mailbox.poked();
  }

  /** From before the guest is loaded to after it has ended; answers the process's exit status. */
  run(): number {
    this.#mailbox.undisturbed(() => this.#park(() => ({ sites: [], inHostCall: false })));
    const guest = this.#guest;
    if (guest === undefined || this.#terminating) return this.#exit(143, { kind: "terminated" });
    try {
      const results = guest.run();
      return this.#exit(0, { kind: "exit" }, results);
    } catch (thrown) {
      return this.#mailbox.undisturbed(() => this.#thrown(thrown));
    }
  }

  #thrown(thrown: unknown): number {
    const end = this.#end.explains(thrown);
    if (end !== undefined)
      return end.exitCode === undefined
        ? this.#exit(143, { kind: "terminated" })
        : this.#exit(end.exitCode, { kind: "exit" });
    const stackOverflow = thrown instanceof RangeError;
    const isTrap = thrown instanceof WebAssembly.RuntimeError || stackOverflow;
    const message = this.#abort ?? (thrown instanceof Error ? thrown.message : describeThrown(thrown));
    if (!this.#shownTrap && !this.#alone) {
      const last = isTrap || thrown instanceof Error ? undefined : this.#throws.last;
      const stack = last ?? { sites: callSitesOf(thrown), inHostCall: false };
      this.#stopFor(
        isTrap
          ? { kind: "trap", message, stackOverflow }
          : { kind: "exception", message, known: last !== undefined },
        () => stack,
      );
      if (this.#terminating) return this.#exit(143, { kind: "terminated" });
    }
    if (this.#alone)
      this.#console.write("stderr", Buffer.from(`The program ended with a trap: ${message}\n`));
    return this.#exit(134, { kind: "trap", message });
  }

  /** Called by the guest at a site whose bit is set. */
  #onProbe(site: number): void {
    if (this.#calling && this.#breaking) this.#end.unwind(undefined);
    if (this.#calling || this.#alone) return;
    this.#mailbox.undisturbed(() => {
      if (site >= (this.#guest as LoadedGuest).kinds.length) return this.#onStore(site);
      this.#watch?.reached(site);
      const reason = this.#stopReasonAt(site);
      if (reason !== undefined && !this.#terminating) this.#stopFor(reason, stackHere);
      // Last, so that a breakpoint on the same instruction does not hide the trap.
      if (!this.#terminating) this.#stopForEnd(site, this.#guest as LoadedGuest);
      if (this.#terminating) this.#end.unwind(undefined);
    });
  }

  /** A store has written what is watched, and its locals are where they can be read. */
  #onStore(site: number): void {
    const decided = this.#watch?.decide(site);
    if (decided && !this.#terminating) this.#stopFor({ kind: "data", site, ...decided }, stackHere);
    if (this.#terminating) this.#end.unwind(undefined);
  }

  /** Called by the guest when a call of the host's returns, which may have written to memory. */
  #afterHostCall(host: string, written: readonly WrittenRange[]): void {
    if (this.#watch?.isWatching !== true || this.#calling) return;
    this.#mailbox.undisturbed(() => {
      const decided: DataStop | undefined = this.#watch?.hostWrote(written);
      if (decided && !this.#terminating) this.#stopFor({ kind: "data", host, ...decided }, stackInHostCall);
      if (this.#terminating) this.#end.unwind(undefined);
    });
  }

  /** Stops where the guest gives up or throws, if that is wanted. */
  #stopForEnd(site: number, { kinds, functionCount }: LoadedGuest): void {
    const kind = kinds[site];
    if (kind === SiteKind.beforeUnreachable) {
      const { text: words } = this.#console.lastWords;
      const message = this.#abort;
      const said = { ...(message === undefined ? {} : { message }), ...(words === "" ? {} : { words }) };
      this.#stopFor({ kind: "unreachable", site, ...said }, stackHere);
      this.#shownTrap = true;
    } else if (this.#throws.stopsAt(kind, stackHere, functionCount)) {
      this.#stopFor({ kind: "throw", site, again: kind === SiteKind.beforeRethrow }, stackHere);
    }
  }

  /** The guest asks to be ended. */
  #exiting(exitCode: number): never {
    if (this.#watchesExits && exitCode !== 0 && !this.#terminating && !this.#calling) {
      this.#mailbox.undisturbed(() => this.#stopFor({ kind: "exit", exitCode }, stackInHostCall));
    }
    return this.#end.unwind(this.#terminating ? undefined : exitCode);
  }

  #stopReasonAt(site: number): GuestStopReason | undefined {
    const guest = this.#guest as LoadedGuest;
    const rules = guest.masks.isArmed(site) ? this.#actions?.at(site) : "pass";
    if (rules === "no-rules" || rules === undefined) return { kind: "breakpoint", site };
    const otherwise = this.#step?.endsAt(site, this.#frameProbe)
      ? "step"
      : this.#pausePending
        ? "pause"
        : undefined;
    if (rules === "pass") return otherwise && { kind: otherwise, site };
    return { kind: "breakpoint", site, rules: { ...rules, ...(otherwise ? { otherwise } : {}) } };
  }

  readonly #frameProbe = {
    stackPointer: (): bigint | undefined => this.#guest?.stackPointer(),
    depth: (): number => depthHere(this.#guest?.functionCount ?? 0),
  };

  /** Stops, tells, parks, and goes on as told; returns when the guest may run, or is to be unwound. */
  #stopFor(reason: GuestStopReason, stack: StackReader): void {
    if (this.#alone) return;
    this.#stop++;
    this.#pausePending = false;
    this.#step = undefined;
    this.#guest?.masks.plan([]);
    this.#guest?.masks.all(false);
    const { snapshot, body } = this.#snapshots?.take(stack) ?? { snapshot: { values: [] }, body: undefined };
    this.#agent.event({ e: "stopped", stop: this.#stop, reason, snapshot }, body);
    this.#park(stack);
  }

  #park(stack: StackReader): void {
    const outer = this.#parked;
    this.#parked = stack;
    this.#leave = undefined;
    this.#mailbox.wait("parked", undefined, () => this.#leave !== undefined);
    this.#parked = outer;
    const leave = this.#leave as Leave | undefined;
    this.#leave = undefined;
    if (leave?.kind === "resume") this.#plan(leave.plan);
  }

  #plan(plan: GuestPlan): void {
    const guest = this.#guest;
    if (guest === undefined) return;
    this.#step = plan.kind === "step" ? new StepTest(plan.ends, guest.lines, guest.kinds) : undefined;
    guest.masks.plan(plan.kind === "step" ? plan.ends : []);
  }

  /** A blocking host call was interrupted: park there, or end. */
  #attend(): void {
    if (this.#pausePending) this.#stopFor({ kind: "pause" }, stackInHostCall);
    if (this.#terminating || this.#breaking) this.#end.unwind(undefined);
  }

  #answer(question: Question, body: Uint8Array, context: MailContext): void {
    const isAwaited = question.id !== 0;
    if (this.#calling && !duringCalls.has(question.q)) {
      this.#deferred.push([question, body]);
      return;
    }
    try {
      const answer = this.#act(question, body, context);
      if (isAwaited) this.#agent.answer(...answer);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error === this.#end.error) throw error;
      if (!isAwaited) return;
      const code = error instanceof TargetError ? error.code : "unsupported";
      this.#agent.answer({ id: question.id, ok: false, code, message });
    }
    if (question.q === "call") for (const asked of this.#deferred.splice(0)) this.#answer(...asked, context);
  }

  #act(question: Question, body: Uint8Array, context: MailContext): Parameters<AgentPort["answer"]> {
    const done = { id: question.id, ok: true } as const;
    switch (question.q) {
      case "code":
        this.#code.add(body, question);
        return [done];
      case "load":
        this.#load(question, body);
        return [done];
      case "arm":
        this.#actions?.set(question.rules ?? [], body);
        this.#guest?.masks.arm(question.sites);
        return [done];
      case "watch": {
        const refused = this.#watch?.set(question.watches, body) ?? [];
        this.#guest?.masks.beyond(this.#watch?.leaf);
        return [{ ...done, refused }];
      }
      case "watch-ends":
        this.#watchesExits = question.exits;
        this.#guest?.masks.watch(this.#throws.set(question));
        return [done];
      case "stdin":
        this.#console.feed(body, question.end);
        return [done];
      case "flush-log":
        this.#console.flushLog();
        return [done];
      case "pause":
        // Behind a `resume` in one batch of mail the guest is as good as running.
        if (this.#leave?.kind === "resume") this.#askForPause("running");
        else if (context !== "parked") this.#askForPause(context);
        return [done];
      case "pause-here":
        if (this.#pausePending && context === "running") this.#stopFor({ kind: "pause" }, stackHere);
        return [done];
      case "terminate":
        this.#terminating = true;
        if (this.#calling) this.#breakCall();
        this.#guest?.masks.all(true);
        if (context === "parked") this.#leave = { kind: "unwind" };
        return [done];
      case "break-call":
        if (this.#calling) this.#breakCall();
        return [done];
      case "go-alone":
        this.#goAlone();
        if (context === "parked") this.#leave = { kind: "resume", plan: { kind: "continue" } };
        return [done];
      case "resume":
        if (context !== "parked") throw new TargetError("not-stopped", "The guest is running already.");
        this.#leave = { kind: "resume", plan: question.plan };
        return [done];
      case "frames": {
        const frames = guestFrames(this.#paused()(), this.#guest?.functionCount ?? 0);
        const { start, count } = question;
        return [{ ...done, frames: frames.slice(start, start + count), total: frames.length }];
      }
      case "call":
        this.#paused();
        return [{ ...done, called: this.#call(question) }];
      default:
        this.#paused();
        this.#snapshots?.asked(question);
        try {
          return answerFromStore(this.#store as GuestStore, question, body);
        } finally {
          if (question.q === "write-memory") this.#watch?.forgetChanges();
        }
    }
  }

  /** Calls a guest function on top of the parked frames. The guest is parked all the while, for whoever asks. */
  #call(question: CallQuestion): EncodedOutcome {
    const guest = this.#guest as LoadedGuest;
    const parked = this.#parked;
    const abort = this.#abort;
    guest.masks.quiet(true);
    this.#calling = true;
    try {
      const outcome = this.#mailbox.running(() =>
        callFunction(guest.exports, this.#store as GuestStore, question, (thrown) =>
          this.#end.explains(thrown),
        ),
      );
      return this.#breaking && outcome.kind === "exited" ? { kind: "broken-off" } : outcome;
    } finally {
      this.#calling = false;
      if (this.#breaking) guest.masks.all(false);
      this.#breaking = false;
      this.#parked = parked;
      this.#abort = abort;
      this.#watch?.forgetChanges();
      guest.masks.quiet(this.#alone);
      if (this.#terminating) this.#leave = { kind: "unwind" };
      else if (this.#alone) this.#leave = { kind: "resume", plan: { kind: "continue" } };
    }
  }

  /** Lets the call end at the next site, or in the host call that it waits in. */
  #breakCall(): void {
    this.#breaking = true;
    this.#guest?.masks.quiet(false);
    this.#guest?.masks.all(true);
  }

  /** From here on the guest runs as if there were no debugger, at the cost of checks that never hold. */
  #goAlone(): void {
    this.#alone = true;
    this.#pausePending = false;
    this.#watchesExits = false;
    this.#watch?.set([], new Uint8Array(0));
    this.#guest?.masks.quiet(true);
    this.#console.detach();
  }

  #askForPause(context: MailContext): void {
    this.#pausePending = true;
    if (context !== "running") return;
    this.#guest?.masks.all(true);
    this.#agent.note("pause-pending");
  }

  #paused(): StackReader {
    if (this.#parked === undefined || this.#store === undefined)
      throw new TargetError("not-stopped", "The guest is running.");
    return this.#parked;
  }

  #load(question: LoadQuestion, body: Uint8Array): void {
    this.#guest = loadGuest(question, body, this.#code, this.#console, {
      onProbe: (site) => this.#onProbe(site),
      onStored: (...store) => (this.#calling ? 0 : (this.#watch?.stored(...store) ?? 0)),
      afterHostCall: (...call) => this.#afterHostCall(...call),
      wantsHostWrites: () => this.#watch?.isWatching === true && !this.#calling,
      onAbort: (message) => {
        this.#abort = message;
      },
    });
    this.#store = new GuestStore(this.#guest.exports);
    this.#snapshots = new StopSnapshots(this.#guest, this.#store);
    const { exports } = this.#guest;
    const [memory] = question.names.memories;
    if (question.names.watches.length > 0) this.#watchStores(this.#guest, question.names);
    this.#actions = new BreakpointActions({ exports, memory }, (records) => this.#console.log(records));
  }

  #watchStores(guest: LoadedGuest, names: LoadQuestion["names"]): void {
    const { exports } = guest;
    this.#watch = new StoreWatch({ exports, names, stackPointer: guest.stackPointer }, (breakpoints) => {
      guest.masks.beyond(this.#watch?.leaf);
      this.#agent.event({ e: "expired", breakpoints });
    });
  }

  #exit(exitCode: number, cause: GuestExitCause, results?: readonly string[]): number {
    this.#agent.event({ e: "exited", exitCode, cause, ...(results ? { results } : {}) });
    this.#agent.note("end");
    return exitCode;
  }
}

const stackInHostCall: StackReader = (limit) => ({ sites: callSitesHere(limit), inHostCall: true });

const stackHere: StackReader = (limit) => ({ sites: callSitesHere(limit), inHostCall: false });

function describeThrown(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null && thrown.constructor?.name === "Exception")
    return "a WebAssembly exception that nobody caught";
  return String(thrown);
}
