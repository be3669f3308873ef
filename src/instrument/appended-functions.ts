import { ByteWriter } from "../base/bytes.ts";
import { writeS32, writeU32 } from "../base/leb128.ts";
import {
  CALL,
  CALL_INDIRECT,
  ELSE,
  EMPTY_BLOCK_TYPE,
  END,
  GLOBAL_SET,
  I32_CONST,
  I32_LT_U,
  IF,
  LOCAL_GET,
} from "../wasm/instructions.ts";
import { type AppendedLayout, WORDS_PER_CHUNK } from "./appended.ts";
import { writeWatchBodies, writeWatchTypeIndexes } from "./watch.ts";

/** Type indexes of the appended functions, in order: entries of the function section. */
export function writeAppendedTypeIndexes(writer: ByteWriter, layout: AppendedLayout): void {
  writeU32(writer, layout.suspendType);
  for (let chunk = 0; chunk < layout.chunkCount; chunk++) writeU32(writer, layout.setMaskType);
  writeU32(writer, layout.setMaskType);
  writeU32(writer, layout.suspendType);
  if (layout.watch) writeWatchTypeIndexes(writer, layout.watch);
}

/** Bodies of the appended functions, in order: entries of the code section. */
export function writeAppendedBodies(writer: ByteWriter, layout: AppendedLayout): void {
  writeBody(writer, (body) => writeSuspend(body, layout));
  const globalOf = (word: number) => layout.firstMaskGlobal + word;
  for (let chunk = 0; chunk < layout.chunkCount; chunk++) {
    const first = chunk * WORDS_PER_CHUNK;
    const end = Math.min(first + WORDS_PER_CHUNK, layout.maskWords);
    writeBody(writer, (body) => {
      writeChoice(body, first, end, 1, (word) => {
        indexed(body, LOCAL_GET, 1);
        indexed(body, GLOBAL_SET, globalOf(word));
      });
    });
  }
  writeBody(writer, (body) => {
    writeChoice(body, 0, layout.maskWords, WORDS_PER_CHUNK, (word) => {
      indexed(body, LOCAL_GET, 0);
      indexed(body, LOCAL_GET, 1);
      indexed(body, CALL, layout.firstChunkFunction + word / WORDS_PER_CHUNK);
    });
  });
  writeBody(writer, (body) => {
    for (let word = 0; word < layout.maskWords; word++) {
      indexed(body, LOCAL_GET, 0);
      indexed(body, GLOBAL_SET, globalOf(word));
    }
  });
  if (layout.watch) writeWatchBodies(layout.watch, layout.suspendTable, (write) => writeBody(writer, write));
}

/** `$suspend(site)`: calls entry 0 of the table with the site. */
function writeSuspend(body: ByteWriter, layout: AppendedLayout): void {
  indexed(body, LOCAL_GET, 0);
  i32Const(body, 0);
  indexed(body, CALL_INDIRECT, layout.suspendType);
  writeU32(body, layout.suspendTable);
}

/**
 * Code that does one of several things by the value of local 0, which is in `first` to `end` (exclusive), as a
 * binary tree of ifs; `writeLeaf` writes what is done for `step` values from one that it is given on.
 */
function writeChoice(
  body: ByteWriter,
  first: number,
  end: number,
  step: number,
  writeLeaf: (value: number) => void,
): void {
  const leaves = Math.ceil((end - first) / step);
  if (leaves === 0) return;
  if (leaves === 1) {
    writeLeaf(first);
    return;
  }
  const middle = first + (leaves >>> 1) * step;
  indexed(body, LOCAL_GET, 0);
  i32Const(body, middle);
  body.u8(I32_LT_U);
  body.u8(IF);
  body.u8(EMPTY_BLOCK_TYPE);
  writeChoice(body, first, middle, step, writeLeaf);
  body.u8(ELSE);
  writeChoice(body, middle, end, step, writeLeaf);
  body.u8(END);
}

function writeBody(writer: ByteWriter, write: (body: ByteWriter) => void): void {
  const body = new ByteWriter();
  body.u8(0); // no locals
  write(body);
  body.u8(END);
  writeU32(writer, body.length);
  writer.append(body);
}

function i32Const(body: ByteWriter, value: number): void {
  body.u8(I32_CONST);
  writeS32(body, value);
}

function indexed(body: ByteWriter, opcode: number, index: number): void {
  body.u8(opcode);
  writeU32(body, index);
}
