/**
 * The agent: a thread beside the guest whose event loop never blocks. It carries messages between the socket and
 * the guest thread unread, wakes or pokes the guest thread, feeds it a terminal's input, and ends the process when
 * the controller has gone, unless that has said before that the guest may live on.
 */
import { createReadStream, fstatSync } from "node:fs";
import { Session } from "node:inspector";
import { connect, Socket } from "node:net";
import { isatty, ReadStream } from "node:tty";
import { type MessagePort, workerData } from "node:worker_threads";
import { GuestState, heartbeatMs, logHeldMs, Word, wordCount } from "../suspend/control.ts";
import { MessageReader, sendMessage } from "../suspend/framing.ts";
import { detachHeader, type GuestEvent, type QuestionKind } from "../suspend/messages.ts";
import type { AgentMail } from "./agent-port.ts";

/** What the guest thread gives its agent at its start. */
export interface AgentData {
  readonly port: MessagePort;
  readonly words: SharedArrayBuffer;
  /** `host:port` of the controller. */
  readonly address: string;
  readonly token: string;
  /** Name under which the guest thread's poke is found in its global object. */
  readonly pokeName: string;
}

/** How long a running guest may meet no site before a pause stops it in an interrupt, in milliseconds. */
const pauseGraceMs = 120;
/** How long an orphaned guest may take to unwind, in milliseconds. */
const orphanGraceMs = 500;

const data = workerData as AgentData;
const words = new Int32Array(data.words, 0, wordCount);
const [host = "", portText = ""] = splitAddress(data.address);
const socket = connect({ host, port: Number(portText), noDelay: true });
let inspector: Session | undefined;
let ending = false;
/** The controller has let go of the guest: there is nobody to talk to. */
let detached = false;
let heldTimer: NodeJS.Timeout | undefined;

setInterval(() => Atomics.add(words, Word.heartbeat, 1), heartbeatMs);

socket.on("connect", () => {
  send({ e: "hello", token: data.token, pid: process.pid, node: process.version });
});
const reader = new MessageReader((header, body) => toGuest(header, body));
socket.on("data", (chunk) => {
  try {
    reader.push(chunk);
  } catch {
    orphaned();
  }
});
socket.on("error", orphaned);
socket.on("close", orphaned);
data.port.on("message", (mail: AgentMail) => fromGuest(mail));
process.on("uncaughtException", () => process.kill(process.pid, "SIGKILL"));

function fromGuest(mail: AgentMail): void {
  if (mail === "pause-pending") setTimeout(() => ask({ q: "pause-here" }), pauseGraceMs);
  else if (mail === "end") end();
  else if (mail === "read-terminal") readTerminal();
  else {
    const [header, body] = mail;
    const output = header.startsWith('{"e":"output"') ? (body?.length ?? 0) : 0;
    if (detached) taken(output);
    else sendMessage(socket, header, body ? [body] : [], output > 0 ? () => taken(output) : undefined);
  }
}

/** Output is out of the way: a guest that waits for room is woken. */
function taken(bytes: number): void {
  if (bytes === 0) return;
  Atomics.add(words, Word.outputTaken, bytes);
  wake();
  if (isLogHeld() && heldTimer === undefined) heldTimer = setTimeout(askForLog, logHeldMs);
}

const isLogHeld = (): boolean => Atomics.load(words, Word.logHeld) === 1;

/** The guest lets go of what it holds back whenever it logs: asking is for one that has other things to do. */
function askForLog(): void {
  heldTimer = undefined;
  const isFree = Atomics.load(words, Word.outputSent) === Atomics.load(words, Word.outputTaken);
  if (isLogHeld() && isFree) ask({ q: "flush-log" });
  else if (isLogHeld()) heldTimer = setTimeout(askForLog, logHeldMs);
}

function toGuest(header: string, body: Uint8Array): void {
  if (header === detachHeader) detach();
  else pass(header, body);
}

function pass(header: string, body: Uint8Array): void {
  data.port.postMessage([header, body], [body.buffer as ArrayBuffer]);
  wake();
  if (Atomics.load(words, Word.state) === GuestState.running) poke();
}

function wake(): void {
  Atomics.add(words, Word.wake, 1);
  Atomics.notify(words, Word.wake);
}

/** A question of the agent's own, with the number of those that get no answer. */
function ask(question: QuestionKind): void {
  pass(JSON.stringify({ id: 0, ...question }), new Uint8Array(0));
}

/**
 * Runs the guest thread's mailbox inside V8's own interrupt checks: no polling, and no slow-down, because the session
 * never enables the debugger.
 */
function poke(): void {
  if (inspector === undefined) {
    inspector = new Session();
    inspector.connectToMainThread();
  }
  inspector.post("Runtime.evaluate", {
    expression: `globalThis[Symbol.for(${JSON.stringify(data.pokeName)})]()`,
  });
}

/** The controller has gone: the guest gets a moment to unwind its host frames, then the process dies. */
function orphaned(): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.kill(process.pid, "SIGKILL"), orphanGraceMs);
  ask({ q: "terminate" });
}

/** The guest hears of it when it can: it may be in a call that looks into no mailbox. */
function detach(): void {
  if (ending) return;
  ending = true;
  detached = true;
  ask({ q: "go-alone" });
  send({ e: "detached" });
  socket.end();
}

function end(): void {
  ending = true;
  inspector?.disconnect();
  const flushed = (): void => {
    Atomics.store(words, Word.flushed, 1);
    Atomics.notify(words, Word.flushed);
  };
  if (detached) {
    flushed();
    return;
  }
  socket.once("close", flushed);
  socket.end();
}

function readTerminal(): void {
  const input = openStdin();
  input.on("data", (chunk: Buffer) => {
    pass(JSON.stringify({ id: 0, q: "stdin", end: false }), new Uint8Array(chunk));
  });
  const over = (): void => ask({ q: "stdin", end: true });
  input.on("end", over);
  input.on("error", over);
}

function openStdin(): NodeJS.ReadableStream {
  if (isatty(0)) return new ReadStream(0);
  const kind = fstatSync(0);
  if (kind.isFIFO() || kind.isSocket()) return new Socket({ fd: 0, readable: true, writable: false });
  return createReadStream("", { fd: 0, autoClose: false });
}

function send(event: GuestEvent): void {
  sendMessage(socket, JSON.stringify(event));
}

function splitAddress(address: string): [string, string] {
  const colon = address.lastIndexOf(":");
  return [address.slice(0, colon), address.slice(colon + 1)];
}
