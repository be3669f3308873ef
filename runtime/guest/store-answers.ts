import { TargetError } from "../../src/base/errors.ts";
import type { Question } from "../suspend/messages.ts";
import type { AgentPort } from "./agent-port.ts";
import type { GuestStore } from "./guest-store.ts";

/** Answers a question about the parked guest's memories, globals and tables. */
export function answerFromStore(
  store: GuestStore,
  question: Question,
  body: Uint8Array,
): Parameters<AgentPort["answer"]> {
  const done = { id: question.id, ok: true } as const;
  switch (question.q) {
    case "globals":
      return [{ ...done, values: question.names.map((name) => store.global(name)) }];
    case "set-global":
      store.setGlobal(question.name, question.value);
      return [done];
    case "read-memory":
      return [done, store.readMemory(question.name, BigInt(question.address), question.length)];
    case "non-zero-pages":
      return [done, store.nonZeroPages(question.name)];
    case "write-memory":
      store.writeMemory(question.name, BigInt(question.address), body);
      return [done];
    case "memory-sizes":
      return [{ ...done, sizes: question.names.map((name) => String(store.memorySize(name))) }];
    case "read-table":
      return [{ ...done, function: store.tableFunction(question.name, question.index) }];
    default:
      throw new TargetError("unsupported", `${question.q} is no question about the guest's state`);
  }
}
