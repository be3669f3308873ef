import type { DebugProtocol } from "@vscode/debugprotocol";
import type { SourceFile } from "../../src/debuginfo/debug-info.ts";
import type { CodeRow } from "../../src/disassembly/disassembly.ts";
import type { ClientFacts } from "../protocol/client.ts";
import { toClientColumn, toClientLine } from "./position.ts";
import { toCodeReference } from "./reference.ts";

/** What rows need to know besides themselves. */
export interface RowFacts {
  readonly source: (file: SourceFile) => DebugProtocol.Source;
  /** Whether rows say which function they are of: the first one, and each that a function begins with. */
  readonly symbols: boolean;
  /** Whether the rows are of the module's code at all; else their offsets are addresses. */
  readonly reference?: (offset: number) => string;
  /** The row before the first, where these are the continuation of others. */
  readonly before?: CodeRow | undefined;
}

/** Rows of a listing for the client. A source is named where it differs from the row's before; a line everywhere. */
export function toDisassembled(
  client: ClientFacts,
  rows: readonly CodeRow[],
  facts: RowFacts,
): DebugProtocol.DisassembledInstruction[] {
  const { reference = toCodeReference, before } = facts;
  let told: SourceFile | undefined = lastSource(before);
  return rows.map((row, index) => {
    const address = reference(row.offset);
    const instructionBytes = toHex(row.bytes);
    const common = {
      address,
      ...(instructionBytes === "" ? {} : { instructionBytes }),
      instruction: row.text,
    };
    if (row.kind === "invalid") return { ...common, presentationHint: "invalid" };
    const { position } = row;
    const isNewSource = position !== undefined && position.source !== told;
    if (isNewSource) told = position.source;
    return {
      ...common,
      ...(facts.symbols && (row.isFirst || (index === 0 && before === undefined))
        ? { symbol: row.function }
        : {}),
      ...(isNewSource ? { location: facts.source(position.source) } : {}),
      ...(position === undefined ? {} : { line: toClientLine(client, position.line) }),
      ...(position?.column === undefined ? {} : { column: toClientColumn(client, position.column) }),
    };
  });
}

const lastSource = (row: CodeRow | undefined): SourceFile | undefined =>
  row?.kind === "instruction" ? row.position?.source : undefined;

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
