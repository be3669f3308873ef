import type { LoggedValue } from "../../src/target/guest-code.ts";
import { LogTag, recordHeadBytes } from "../suspend/log-record.ts";

/** Reads what the guest thread has logged. Its values lie in `bytes`. */
export function* readLogRecords(
  bytes: Uint8Array,
): Generator<{ readonly log: number; readonly values: readonly LoggedValue[] }, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + recordHeadBytes <= bytes.length; ) {
    const log = view.getUint32(at, true);
    const end = at + recordHeadBytes + view.getUint32(at + 4, true);
    at += recordHeadBytes;
    const values: LoggedValue[] = [];
    while (at < end) {
      const tag = view.getUint8(at++);
      if (tag === LogTag.number) {
        values.push({ kind: "number", bytes: bytes.subarray(at, at + 8) });
        at += 8;
        continue;
      }
      const hasAddress = tag === LogTag.text || tag === LogTag.nowhere;
      const address = hasAddress ? view.getBigUint64(at, true) : 0n;
      if (hasAddress) at += 8;
      if (tag === LogTag.nowhere) {
        values.push({ kind: "text", address, bytes: undefined });
        continue;
      }
      const length = view.getUint32(at, true);
      const body = bytes.subarray(at + 4, at + 4 + length);
      at += 4 + length;
      if (tag === LogTag.text) values.push({ kind: "text", address, bytes: body });
      else values.push({ kind: "failed", reason: new TextDecoder().decode(body) });
    }
    at = end;
    yield { log, values };
  }
}
