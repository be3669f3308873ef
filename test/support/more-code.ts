import { ByteWriter } from "../../src/base/bytes.ts";
import { writeU32 } from "../../src/base/leb128.ts";
import { NOP } from "../../src/wasm/instructions.ts";
import { readModule } from "../../src/wasm/module.ts";
import { appendEntries, writeEditedModule } from "../../src/wasm/module-writer.ts";

/** Functions that are added: few enough for their number to take no more bytes than before, by which all code would move. */
const functions = 5;

/** A module with some more bytes of code, in functions without lines that nobody calls: half of it calls of one another. */
export function withCode(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const module = readModule(bytes);
  const type = module.types.types.findIndex(
    ({ composite: of }) => of.kind === "func" && of.params.length === 0 && of.results.length === 0,
  );
  const imported = module.imports.filter(({ type: of }) => of.kind === "func").length;
  const first = imported + module.functions.length;
  const types = new ByteWriter();
  const bodies = new ByteWriter();
  for (let index = 0; index < functions; index++) {
    writeU32(types, type);
    const body = new ByteWriter();
    writeU32(body, 0);
    while (body.length < size / functions) {
      body.u8(0x10);
      writeU32(body, first + ((index + 1) % functions));
      body.u8(NOP);
      body.u8(NOP);
    }
    body.u8(0x0b);
    writeU32(bodies, body.length);
    bodies.append(body);
  }
  return writeEditedModule(module, {
    standard: new Map([
      ["function", appendEntries(module, "function", functions, types.view())],
      ["code", appendEntries(module, "code", functions, bodies.view())],
    ]),
  });
}
