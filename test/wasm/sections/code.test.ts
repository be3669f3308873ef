import assert from "node:assert/strict";
import { toDefinedFuncIndex, toModuleOffset } from "../../../src/base/brand.ts";
import {
  type CodeSection,
  CodeSectionWriter,
  type FunctionBody,
  findBodyAt,
  readCodeSection,
  readFunctionBody,
  writeLocals,
} from "../../../src/wasm/sections/code.ts";
import { F64, FUNCREF, I32 } from "../../../src/wasm/value-type.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, END, flat, i32Const, sized, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, written } from "./payload.ts";

const EMPTY_BODY = sized(vec(), END);
const read = (...payload: Bytes[]): CodeSection => readCodeSection(cursorOf("code", ...payload));
const bodyOf = (...body: Bytes[]): FunctionBody => {
  const bytes = flat(vec(sized(...body)));
  return readFunctionBody(bytes, read(bytes), toDefinedFuncIndex(0));
};

describe("code section", () => {
  it("gives the place of every body, behind its size", () => {
    const code = read(vec(EMPTY_BODY, sized(vec([2, 0x7f]), i32Const(1), 0x1a, END), EMPTY_BODY));
    assert.equal(code.count, 3);
    assert.deepEqual([code.start, code.entriesStart, code.end], [0, 1, 15]);
    assert.deepEqual([...code.bodyStarts], [2, 5, 13]);
    assert.deepEqual([...code.bodyEnds], [4, 12, 15]);
  });

  it("gives a body's place behind a size that is padded, as linkers write it", () => {
    const code = read(1, [0x82, 0x80, 0x80, 0x80, 0x00], vec(), END);
    assert.deepEqual([...code.bodyStarts, ...code.bodyEnds], [6, 8]);
  });

  it("decodes local declarations as runs, and where the instructions start", () => {
    const body = bodyOf(vec([u32(300), 0x7f], [1, 0x7c], [0, 0x70]), i32Const(1), 0x1a, END);
    assert.deepEqual(body, {
      start: 2,
      instructionsStart: 10,
      end: 14,
      locals: [
        { count: 300, type: I32 },
        { count: 1, type: F64 },
        { count: 0, type: FUNCREF },
      ],
      localCount: 301,
    });
  });

  it("writes local declarations as they were read", () => {
    const declarations = flat(vec([u32(300), 0x7f], [1, 0x63, 5]));
    const body = bodyOf(declarations, END);
    assert.deepEqual(
      written((writer) => writeLocals(writer, body.locals)),
      [...declarations],
    );
  });

  it("writes bodies one by one, and says where each starts in the payload", () => {
    const payload = flat(
      vec(EMPTY_BODY, sized(vec([2, 0x7f]), new Uint8Array(200).fill(0x01), END), EMPTY_BODY),
    );
    const code = read(payload);
    const writer = new CodeSectionWriter(code.count);
    const starts = [0, 1, 2].map((index) =>
      writer.add(payload, code.bodyStarts[index], code.bodyEnds[index]),
    );
    assert.deepEqual(starts, [...code.bodyStarts]);
    assert.deepEqual([...writer.finish()], [...payload]);
  });

  it("finds the body that holds a place, and none for the sizes between bodies", () => {
    const code = read(vec(EMPTY_BODY, sized(), EMPTY_BODY));
    const found = Array.from({ length: 10 }, (_, offset) => findBodyAt(code, toModuleOffset(offset)));
    //                       count     size        body  size       size       body  end
    assert.deepEqual(found, [undefined, undefined, 0, 0, undefined, undefined, 2, 2, undefined, undefined]);
  });

  it("takes 50,000 locals and refuses more, at the declarations", () => {
    assert.equal(bodyOf(vec([u32(49_999), 0x7f], [1, 0x7e]), END).localCount, 50_000);
    assertMalformed(() => bodyOf(vec([u32(50_000), 0x7f], [1, 0x7e]), END), {
      code: "bad-limit",
      section: "code",
      offset: 2,
    });
    assertMalformed(() => bodyOf(vec([u32(2 ** 32 - 1), 0x7f], [u32(2 ** 32 - 1), 0x7e]), END), {
      code: "bad-limit",
      section: "code",
      offset: 2,
    });
  });

  it("refuses a local of no type", () => {
    assertMalformed(() => bodyOf(vec([1, 0x40]), END), {
      code: "bad-value-type",
      section: "code",
      offset: 4,
    });
  });

  it("refuses declarations that reach beyond their body", () => {
    assertMalformed(() => bodyOf(), { code: "unexpected-end", section: "code", offset: 2 });
    assertMalformed(() => bodyOf(2, 1, 0x7f), { code: "unexpected-end", section: "code", offset: 2 });
  });

  it("refuses a body that reaches beyond the section, at its size", () => {
    assertMalformed(() => read(vec(EMPTY_BODY, [5, 0, END])), {
      code: "unexpected-end",
      section: "code",
      offset: 4,
    });
  });

  it("refuses a count that the bytes cannot hold, before asking for memory", () => {
    assertMalformed(() => read(u32(2 ** 32 - 1), EMPTY_BODY), {
      code: "unexpected-end",
      section: "code",
      offset: 0,
    });
  });

  it("refuses bytes behind its last body", () => {
    assertMalformed(() => read(vec(EMPTY_BODY), 0), { code: "trailing-bytes", section: "code", offset: 4 });
  });

  it("answers an index without a body as the caller's mistake", () => {
    const bytes = flat(vec(EMPTY_BODY));
    assert.throws(() => readFunctionBody(bytes, read(bytes), toDefinedFuncIndex(1)), RangeError);
  });
});
