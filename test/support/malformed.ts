import assert from "node:assert/strict";
import { type MalformedCode, MalformedError } from "../../src/base/errors.ts";

/** `read` must throw a MalformedError with exactly this code, section and offset. */
export function assertMalformed(
  read: () => unknown,
  expected: { readonly code: MalformedCode; readonly section: string; readonly offset: number },
): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof MalformedError, `threw ${error}`);
    assert.deepEqual({ code: error.code, section: error.section, offset: error.offset }, expected);
    return true;
  });
}
