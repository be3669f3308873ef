import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CodeRow } from "../../src/disassembly/disassembly.ts";
import { toDisassembled } from "../convert/disassembled.ts";
import { type Place, toMemoryReference } from "../convert/reference.ts";
import { boolean, count, integer, optional, string } from "../protocol/arguments.ts";
import { tooManyInstructions } from "../session/errors.ts";
import { findPlace } from "../session/places.ts";
import { nextTurn } from "../session/progress.ts";
import { request } from "../session/request.ts";

/** More than anybody looks at, and little enough for one message. */
const mostInstructions = 100_000;
/** Rows before anything else has a turn. */
const rowsAtOnce = 2000;

/**
 * The program's code as text, exactly as many rows as asked. Where there is no code, rows say so. Whether the program
 * runs or stands makes no difference.
 */
export const disassemble = request("disassemble", {
  needs: "launched",
  arguments: {
    memoryReference: string,
    offset: optional(integer),
    instructionOffset: optional(integer),
    instructionCount: count,
    resolveSymbols: optional(boolean),
  },
  cancellable: true,
  progress: "Listing instructions",
  capabilities: { supportsDisassembleRequest: true },
  async run(session, asked, { signal }) {
    const {
      memoryReference,
      offset,
      instructionOffset = 0,
      instructionCount,
      resolveSymbols = false,
    } = asked;
    if (instructionCount > mostInstructions) throw tooManyInstructions(mostInstructions);
    const place = findPlace(memoryReference, offset);
    const facts = {
      symbols: resolveSymbols,
      source: session.toSource.bind(session),
    };
    if (place.kind === "memory") {
      const rows = noInstructions(place, instructionOffset, instructionCount);
      const reference = (address: number) => toMemoryReference(place.memory, BigInt(address)) ?? "0x0";
      return { instructions: toDisassembled(session.facts, rows, { ...facts, reference }) };
    }
    const instructions: DebugProtocol.DisassembledInstruction[] = [];
    const { disassembly } = session.launched;
    let before: CodeRow | undefined;
    for (let done = 0; done < instructionCount; done += rowsAtOnce) {
      if (done > 0) await nextTurn();
      signal.throwIfAborted();
      const count = Math.min(rowsAtOnce, instructionCount - done);
      const rows = disassembly.rows(place.offset, instructionOffset + done, count);
      instructions.push(...toDisassembled(session.facts, rows, { ...facts, before }));
      before = rows.at(-1);
    }
    return { instructions };
  },
});

/** Linear memory holds no instructions: every byte of it is none. */
function noInstructions(
  { address }: Extract<Place, { kind: "memory" }>,
  skip: number,
  count: number,
): readonly CodeRow[] {
  return Array.from({ length: count }, (_, row) => ({
    kind: "invalid",
    offset: Math.max(0, Number(address) + skip + row),
    bytes: new Uint8Array(0),
    text: "(data, no code)",
  }));
}
