import type { ByteWriter } from "../base/bytes.ts";
import { writeS32, writeU32 } from "../base/leb128.ts";
import {
  CALL,
  EMPTY_BLOCK_TYPE,
  END,
  GLOBAL_GET,
  GLOBAL_SET,
  I32_AND,
  I32_CONST,
  I64X2_EXTRACT_LANE,
  I64X2_REPLACE_LANE,
  I64X2_SPLAT,
  IF,
  LOCAL_GET,
  LOCAL_SET,
  type Opcode,
} from "../wasm/instructions.ts";
import type { AppendedLayout } from "./appended.ts";
import { isReadOnly, type SiteTable } from "./site-table.ts";
import { V128_SLOT } from "./spill-slots.ts";

/**
 * Writes the probe of a site:
 * `global.get mask; i32.const bit; i32.and; if; (spill); i32.const site; call $suspend; (reload); end`.
 *
 * It leaves the operand stack as it was, so it may stand before any instruction. Answers where its `if` is, as
 * an index into what `writer` holds.
 */
export function writeProbe(
  writer: ByteWriter,
  site: number,
  sites: SiteTable,
  layout: AppendedLayout,
): number {
  indexed(writer, GLOBAL_GET, layout.firstMaskGlobal + (site >>> 5));
  i32Const(writer, 1 << (site & 31));
  writer.u8(I32_AND);
  const branch = writer.length;
  writer.u8(IF);
  writer.u8(EMPTY_BLOCK_TYPE);
  const first = sites.spillStart[site] as number;
  const last = sites.spillStart[site + 1] as number;
  for (let at = first; at < last; at++) {
    writeSpill(writer, sites.spillLocal[at] as number, sites.spillSlot[at] as number, layout);
  }
  i32Const(writer, site);
  indexed(writer, CALL, layout.suspendFunction);
  for (let at = first; at < last && !isReadOnly(sites, site); at++) {
    writeReload(writer, sites.spillLocal[at] as number, sites.spillSlot[at] as number, layout);
  }
  writer.u8(END);
  return branch;
}

/** Bytes a probe has at most, by its spills; `vectors` of them are of type v128. */
export function mostProbeBytes(spills: number, vectors: number): number {
  return 28 + spills * 20 + vectors * 32;
}

function writeSpill(writer: ByteWriter, local: number, slot: number, layout: AppendedLayout): void {
  const global = layout.slotGlobals[slot] as number;
  indexed(writer, LOCAL_GET, local);
  if (layout.slotTypes[slot] === V128_SLOT) {
    lane(writer, I64X2_EXTRACT_LANE, 0);
    indexed(writer, GLOBAL_SET, global);
    indexed(writer, LOCAL_GET, local);
    lane(writer, I64X2_EXTRACT_LANE, 1);
    indexed(writer, GLOBAL_SET, global + 1);
  } else {
    indexed(writer, GLOBAL_SET, global);
  }
}

function writeReload(writer: ByteWriter, local: number, slot: number, layout: AppendedLayout): void {
  const global = layout.slotGlobals[slot] as number;
  indexed(writer, GLOBAL_GET, global);
  if (layout.slotTypes[slot] === V128_SLOT) {
    prefixed(writer, I64X2_SPLAT);
    indexed(writer, GLOBAL_GET, global + 1);
    lane(writer, I64X2_REPLACE_LANE, 1);
  }
  indexed(writer, LOCAL_SET, local);
}

function i32Const(writer: ByteWriter, value: number): void {
  writer.u8(I32_CONST);
  writeS32(writer, value);
}

function indexed(writer: ByteWriter, opcode: Opcode, index: number): void {
  writer.u8(opcode);
  writeU32(writer, index);
}

function lane(writer: ByteWriter, opcode: Opcode, index: number): void {
  prefixed(writer, opcode);
  writer.u8(index);
}

function prefixed(writer: ByteWriter, opcode: Opcode): void {
  writer.u8(opcode >>> 16);
  writeU32(writer, opcode & 0xffff);
}
