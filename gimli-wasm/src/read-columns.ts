import type {
  ClaimColumns,
  DieColumns,
  FunctionColumns,
  LineColumns,
  LineHeader,
  LocationColumns,
  NameColumns,
  RangeColumns,
  SlotColumns,
  StringColumn,
  UnitColumns,
} from "./columns.ts";
import type { Answer } from "./core.ts";

/** A string column takes two places: its sections, its offsets. */
function strings(answer: Answer, column: number): StringColumn {
  return { section: answer.u8(column), offset: answer.u32(column + 1) };
}

/** Columns as `units` in rust/src/units.rs puts them. */
export function readUnits(answer: Answer): UnitColumns {
  return {
    offset: answer.u32(0),
    length: answer.u32(1),
    version: answer.u8(2),
    addressSize: answer.u8(3),
    unitType: answer.u8(4),
    root: answer.u32(5),
    rootTag: answer.u16(6),
    language: answer.u16(7),
    lineProgram: answer.u32(8),
    lowPc: answer.f64(9),
    highPc: answer.f64(10),
    hasRanges: answer.u8(11),
    name: strings(answer, 12),
    compDir: strings(answer, 14),
    producer: strings(answer, 16),
    dwoName: strings(answer, 18),
    dwoId: answer.u64(20),
    typeSignature: answer.u64(21),
    typeDie: answer.u32(22),
    skeleton: answer.u32(23),
  };
}

/** Columns as every list of ranges has them. */
export function readRanges(answer: Answer, column = 0): RangeColumns {
  return { begin: answer.f64(column), end: answer.f64(column + 1) };
}

/** Columns as `line_header` in rust/src/lines.rs puts them: four numbers, then the tables. */
export function readLineHeader(answer: Answer, offset: number): LineHeader {
  const [end = 0, version = 0, hasMd5 = 0] = answer.u32(0);
  const first = version >= 5 ? 0 : 1;
  return {
    offset,
    end,
    version,
    firstFile: first,
    directories: strings(answer, 1),
    firstDirectory: first,
    fileName: strings(answer, 3),
    fileDirectory: answer.u32(5),
    md5: answer.u8(6),
    hasMd5: hasMd5 !== 0,
    source: strings(answer, 7),
  };
}

/** Columns as `line_rows` in rust/src/lines.rs puts them. */
export function readLineRows(answer: Answer): LineColumns {
  return {
    address: answer.f64(0),
    file: answer.u32(1),
    line: answer.u32(2),
    column: answer.u32(3),
    flags: answer.u8(4),
    discriminator: answer.u32(5),
  };
}

/** Columns as `of_all_units` in rust/src/lists.rs puts them. */
export function readClaims(answer: Answer): ClaimColumns {
  return { begin: answer.f64(0), end: answer.f64(1), unit: answer.u32(2), failed: answer.u32(3) };
}

/** Columns as `functions` in rust/src/functions.rs puts them. */
export function readFunctions(answer: Answer): FunctionColumns {
  return {
    die: answer.u32(0),
    tag: answer.u16(1),
    parent: answer.u32(2),
    rangeStart: answer.u32(3),
    ranges: readRanges(answer, 4),
    origin: answer.u32(6),
    name: strings(answer, 7),
    linkageName: strings(answer, 9),
    callFile: answer.u32(11),
    callLine: answer.u32(12),
    callColumn: answer.u32(13),
  };
}

/** Columns as `dies` in rust/src/dies.rs puts them. */
export function readDies(answer: Answer): DieColumns {
  return {
    offset: answer.u32(0),
    tag: answer.u16(1),
    parent: answer.u32(2),
    next: answer.u32(3),
    attrStart: answer.u32(4),
    attrName: answer.u16(5),
    attrForm: answer.u16(6),
    attrClass: answer.u8(7),
    attrLow: answer.u32(8),
    attrHigh: answer.u32(9),
  };
}

/** Columns as `location_list` in rust/src/lists.rs puts them. */
export function readLocations(answer: Answer): LocationColumns {
  return { begin: answer.f64(0), end: answer.f64(1), start: answer.u32(2), bytes: answer.u8(3) };
}

/** Columns as `slots` in rust/src/slots.rs puts them. */
export function readSlots(answer: Answer): SlotColumns {
  return { begin: answer.f64(0), end: answer.f64(1), kind: answer.u8(2), index: answer.u32(3) };
}

/** Columns as `names` in rust/src/name_index.rs puts them. */
export function readNames(answer: Answer): NameColumns {
  return { die: answer.u32(0), tag: answer.u16(1), flags: answer.u8(2), name: strings(answer, 3) };
}
