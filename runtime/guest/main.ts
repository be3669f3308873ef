/**
 * The debuggee's process: starts the agent, then gives the main thread to the guest.
 *
 * Expects `WASM_DAP_CONNECT` in its environment: `host:port/token` of the controller.
 */
import { MessageChannel, Worker } from "node:worker_threads";
import { Word, wordCount } from "../suspend/control.ts";
import type { AgentData } from "./agent.ts";
import { GuestThread } from "./guest-thread.ts";

const pokeName = "wasm-dap.poke";
/** How long the agent may take to flush the last message, in milliseconds. */
const flushMs = 5000;

const [address, token] = (process.env.WASM_DAP_CONNECT ?? "").split("/");
if (!address || !token) {
  process.stderr.write(
    "This program is started by wasm-dap and by nobody else: WASM_DAP_CONNECT is not set.\n",
  );
  process.exit(2);
}
delete process.env.WASM_DAP_CONNECT;
// node:wasi announces itself as experimental on every start; the user has not asked for it.
process.removeAllListeners("warning");

const shared = new SharedArrayBuffer(wordCount * Int32Array.BYTES_PER_ELEMENT);
const words = new Int32Array(shared);
const { port1, port2 } = new MessageChannel();
const agentData: AgentData = { port: port2, words: shared, address, token, pokeName };
new Worker(new URL("./agent.js", import.meta.url), {
  workerData: agentData,
  transferList: [port2],
  stdin: false,
  execArgv: [],
});

const guest = new GuestThread(port1, words);
Object.defineProperty(globalThis, Symbol.for(pokeName), { value: () => guest.poked() });
const exitCode = guest.run();
Atomics.wait(words, Word.flushed, 0, flushMs);
process.exit(exitCode);
