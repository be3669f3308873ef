import assert from "node:assert/strict";
import { ModuleBuffer } from "../../../runtime/guest/module-buffer.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("a module whose code comes first", () => {
  for (const [room, numbers] of [
    ["as much room as was said", { beforeCode: 10, wholeBytes: 100 }],
    ["more in front of the code than was said", { beforeCode: 1, wholeBytes: 100 }],
    ["more in all than was said", { beforeCode: 10, wholeBytes: 11 }],
    ["nothing said", { beforeCode: 0, wholeBytes: 0 }],
  ] as const) {
    it(`is put together: ${room}`, () => {
      const buffer = new ModuleBuffer();
      buffer.add(bytes(4, 5), numbers);
      buffer.add(bytes(6), numbers);
      buffer.add(bytes(7, 8, 9), numbers);
      assert.deepEqual(buffer.around(bytes(1, 2, 3, 10, 11), 3), bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    });
  }

  it("is what came last where no code came before", () => {
    assert.deepEqual(new ModuleBuffer().around(bytes(1, 2), 1), bytes(1, 2));
  });
});
