import type { Debugger } from "../../src/debugger/debugger.ts";
import { threadId as theThread } from "../convert/stop.ts";
import { noThread } from "./errors.ts";

/** @throws {UserError} for any thread but those there are: one, unless the debugger names more. */
export function checkThread(threadId: number, core?: Debugger): void {
  const threads = core?.threads ?? [{ number: theThread }];
  if (!threads.some(({ number }) => number === threadId)) throw noThread(threadId);
}
