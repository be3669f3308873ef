import { threadId as theThread } from "../convert/stop.ts";
import { noThread } from "./errors.ts";

/** @throws {UserError} for any thread but the one there is. */
export function checkThread(threadId: number): void {
  if (threadId !== theThread) throw noThread(threadId);
}
