/** One code per thing that can be wrong with bytes someone gave us. Add a line here before throwing a new one. */
export type MalformedCode =
  // Wasm binary format
  | "not-wasm"
  | "unsupported-version"
  | "is-component"
  | "unexpected-end"
  | "leb128-too-long"
  | "leb128-overflow"
  | "bad-section-id"
  | "bad-section-size"
  | "bad-section-order"
  | "unknown-opcode"
  | "bad-value-type"
  | "bad-index"
  | "bad-utf8"
  | "bad-structure"
  | "bad-limit"
  | "trailing-bytes"
  // coredumps
  | "not-coredump"
  // DWARF
  | "dwarf"
  | "address-past-code"
  // source maps
  | "source-map";

/**
 * The bytes are wrong. Thrown by readers only, and caught at the border that chose to read.
 *
 * `offset` counts bytes from the start of `section` for DWARF sections and from byte 0 of the file
 * for everything else.
 */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
  readonly code: MalformedCode;
  readonly section: string;
  readonly offset: number;
  /** What is wrong, without the place. */
  readonly detail: string;
  constructor(code: MalformedCode, section: string, offset: number, detail: string) {
    super(`${detail} (${section}, offset 0x${offset.toString(16)})`);
    this.detail = detail;
    this.code = code;
    this.section = section;
    this.offset = offset;
  }
}

/** Why an engine cannot do what it was asked. */
export type TargetErrorCode =
  | "not-stopped"
  | "not-running"
  | "stale-stop"
  | "exited"
  | "disconnected"
  | "unsupported"
  | "invalid-module"
  | "missing-imports"
  | "missing-export"
  | "bad-address"
  | "launch-failed";

/** The target cannot; `message` is one sentence for the user. */
export class TargetError extends Error {
  override readonly name = "TargetError";
  readonly code: TargetErrorCode;
  constructor(code: TargetErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Closes a union: a value that reaches it is a case somebody forgot. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
