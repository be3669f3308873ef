/**
 * What gimli-wasm hands out: flat columns, one typed array per property, never an object per row.
 *
 * All columns of one answer have the same length unless said otherwise. They are copies: they stay
 * valid when the core's memory grows and for as long as the caller keeps them.
 * Offsets are bytes from the start of the named section. `NONE` stands for "absent" in u32 columns.
 */

/** "No value" in an unsigned 32-bit column. */
export const NONE = 0xffff_ffff;

/** A string that has not been read yet: where it starts. `Dwarf.string` reads it. */
export interface StringColumn {
  /** One of `StringSection`; 0 where the row has no string. */
  readonly section: Uint8Array;
  readonly offset: Uint32Array;
}

/** Sections a string can start in (values of `StringColumn.section`). */
export const StringSection = {
  none: 0,
  debugStr: 1,
  debugLineStr: 2,
  /** Inline in .debug_info (or .debug_info.dwo). */
  debugInfo: 3,
  debugTypes: 4,
  /** Inline in .debug_line. */
  debugLine: 5,
} as const;

/**
 * Header of every unit, and what its root DIE says, read through the root's abbreviation alone. In section order.
 *
 * Offsets of units and DIEs count from the start of .debug_info. The type units of version 4, which have a
 * section of their own, come last and count on from the end of .debug_info, as if .debug_types followed it:
 * so one number says which unit or DIE is meant everywhere, and `Dwarf.bytes` reads either. Files of split units
 * count on likewise, in the order they were added.
 */
export interface UnitColumns {
  /** Start of the unit's header. */
  readonly offset: Uint32Array;
  /** Whole length in bytes, header included: `offset + length` is the next unit. */
  readonly length: Uint32Array;
  /** DWARF version, 2 to 5. */
  readonly version: Uint8Array;
  /** 4 or 8. */
  readonly addressSize: Uint8Array;
  /** DW_UT_*: 1 compile, 2 type, 3 partial, 4 skeleton, 5 split compile, 6 split type. Units before version 5 are given the kind they amount to. */
  readonly unitType: Uint8Array;
  /** Offset of the root DIE. */
  readonly root: Uint32Array;
  /** DW_TAG_* of the root; 0 when the unit has none. */
  readonly rootTag: Uint16Array;
  /** DW_AT_language, 0 if absent. */
  readonly language: Uint16Array;
  /** DW_AT_stmt_list: offset of the line program in .debug_line, or NONE. */
  readonly lineProgram: Uint32Array;
  /** DW_AT_low_pc as a code address; −1 if absent or a tombstone. 0 does occur for units described by ranges. */
  readonly lowPc: Float64Array;
  /** End of the unit's code, exclusive, when DW_AT_high_pc is given; −1 if absent or if the unit's code was dropped. */
  readonly highPc: Float64Array;
  /** 1 when the root has DW_AT_ranges. */
  readonly hasRanges: Uint8Array;
  readonly name: StringColumn;
  readonly compDir: StringColumn;
  readonly producer: StringColumn;
  /** DW_AT_(GNU_)dwo_name. */
  readonly dwoName: StringColumn;
  /** DW_AT_GNU_dwo_id or the header's; 0n if absent. */
  readonly dwoId: BigUint64Array;
  /** What `AttrClass.typeSignature` values refer to; 0n unless this is a type unit. */
  readonly typeSignature: BigUint64Array;
  /** Offset of the DIE of the type that a type unit is for; NONE for other units. */
  readonly typeDie: Uint32Array;
  /** Of a split unit from `Dwarf.addSplit`: the module's unit that it belongs to, by their ids. NONE for other units. */
  readonly skeleton: Uint32Array;
}

/** Ranges, half open, tombstoned and empty ones already dropped, in the order given. */
export interface RangeColumns {
  /** First code address. */
  readonly begin: Float64Array;
  /** One past the last. */
  readonly end: Float64Array;
}

/** File table of one line program's header, without files that the program defines itself (DW_LNE_define_file). Row `i` is file number `firstFile + i`. */
export interface LineHeader {
  /** Offset of the program in .debug_line. */
  readonly offset: number;
  /** Offset just past the program. */
  readonly end: number;
  readonly version: number;
  /** File number of row 0 in `fileName`: 1 up to version 4, 0 from version 5. */
  readonly firstFile: number;
  /** Include directories. Up to version 4, directory 0 is the unit's compilation directory and is not in the table: row `i` is directory `i + 1`. From version 5 row 0 is directory 0. */
  readonly directories: StringColumn;
  readonly firstDirectory: number;
  readonly fileName: StringColumn;
  readonly fileDirectory: Uint32Array;
  /** 16 bytes per file when `hasMd5`, else empty. */
  readonly md5: Uint8Array;
  readonly hasMd5: boolean;
  /** Embedded source text (DW_LNCT_LLVM_source); all `none` when there is none. */
  readonly source: StringColumn;
}

/**
 * Rows of all line programs that are about given functions, by address, as `Dwarf.lineTable` puts them together.
 *
 * Of sequences that begin at one place there is the one that ends where the function there does, or else the first.
 * Rows of one sequence keep their order; sequences of careless tools may overlap. Rows with line 0, that end a sequence, or
 * with a line beyond 2²⁴, which is corrupt, have no slot and nothing but an address.
 */
export interface LineTableColumns {
  /** Code address. */
  readonly address: Uint32Array;
  /** Stands for a file: `firstSlot` of its program and the file's number; NONE where there is no line. */
  readonly slot: Uint32Array;
  /** From 1; 0 means "no line". */
  readonly line: Uint32Array;
  /** From 1; 0 means "no column". Narrow unless one of them is wide. */
  readonly column: Uint16Array | Uint32Array;
  /** `LineFlag.isStmt` and `LineFlag.prologueEnd`. */
  readonly flags: Uint8Array;
  /** Where each program starts in .debug_line. */
  readonly programs: Uint32Array;
  /** Slots of program `i` are from `firstSlot[i]` to `firstSlot[i + 1]`; the last stands for all files it does not have. */
  readonly firstSlot: Uint32Array;
  /** By program: 1 where it is malformed, which `Dwarf.lineRows` says more about. */
  readonly failed: Uint8Array;
  /** How many sequences are about none of the functions. */
  readonly foreign: number;
}

/** Code ranges of all units of a module, by where they begin; they may overlap. */
export interface ClaimColumns {
  readonly begin: Float64Array;
  readonly end: Float64Array;
  /** Row of the unit. */
  readonly unit: Uint32Array;
  /** Rows of units whose ranges are malformed, which `Dwarf.unitRanges` says more about. */
  readonly failed: Uint32Array;
}

/** Bits of `LineColumns.flags`. */
export const LineFlag = {
  isStmt: 1,
  basicBlock: 2,
  endSequence: 4,
  prologueEnd: 8,
  epilogueBegin: 16,
} as const;

/**
 * Rows of one line program in program order. A sequence that was dropped by the linker (its address is
 * a tombstone: one of the two largest of its size, or 0) is left out whole. Each sequence ends with an
 * `endSequence` row, but for one that the program itself leaves open.
 */
export interface LineColumns {
  /** Code address. Rises within a sequence. */
  readonly address: Float64Array;
  /** File number as in the program (see `LineHeader.firstFile`). */
  readonly file: Uint32Array;
  /** From 1; 0 means "no line". */
  readonly line: Uint32Array;
  /** From 1; 0 means "no column" (the left edge). */
  readonly column: Uint32Array;
  readonly flags: Uint8Array;
  readonly discriminator: Uint32Array;
}

/**
 * Functions and inlined calls of one unit that have code, in DIE order; one row per DIE. Code that the
 * linker dropped is none: ranges that start at a tombstone, or at 0, where a code section has no bodies.
 * `rangeStart[i]` to `rangeStart[i + 1]` are its rows in `ranges` (so `rangeStart` is one longer).
 */
export interface FunctionColumns {
  /** The DIE's offset, counted as `UnitColumns` does. */
  readonly die: Uint32Array;
  /** DW_TAG_subprogram (0x2e) or DW_TAG_inlined_subroutine (0x1d). */
  readonly tag: Uint16Array;
  /** Row of the innermost enclosing function or inlined call, or NONE. */
  readonly parent: Uint32Array;
  readonly rangeStart: Uint32Array;
  readonly ranges: RangeColumns;
  /** DW_AT_abstract_origin, else DW_AT_specification: a DIE's offset, or NONE. */
  readonly origin: Uint32Array;
  /** DW_AT_name found on the DIE or through its origins. */
  readonly name: StringColumn;
  /** DW_AT_linkage_name (or MIPS_linkage_name), likewise. */
  readonly linkageName: StringColumn;
  /** Of inlined calls; 0 if absent. `callFile` is NONE if absent. */
  readonly callFile: Uint32Array;
  readonly callLine: Uint32Array;
  readonly callColumn: Uint32Array;
}

/** What kind of thing an attribute's value is, after its form has been resolved (values of `DieColumns.attrClass`). */
export const AttrClass = {
  /** low/high: a code or data address, 64 bits. addrx forms are resolved. */
  address: 1,
  /** low/high: unsigned, 64 bits. */
  unsigned: 2,
  /** low/high: two's complement, 64 bits. */
  signed: 3,
  /** low: 0 or 1. */
  flag: 4,
  /** low: a DIE's offset, counted as `UnitColumns` does. Unit-relative forms are made absolute; whether a DIE is there is not looked at. */
  reference: 5,
  /** low: offset, high: a StringSection. strx forms are resolved. */
  string: 6,
  /** low: offset of the first byte, counted as DIEs are, high: length: what `Dwarf.bytes` takes. A DWARF expression. */
  expression: 7,
  /** As `expression`, but plain bytes (DW_FORM_block*, data16). */
  block: 8,
  /** low: what `Dwarf.locationList` takes, high: 0. loclistx is resolved. */
  locationList: 9,
  /** low: what `Dwarf.ranges` takes. rnglistx is resolved. */
  rangeList: 10,
  /** low: offset in .debug_line. */
  lineProgram: 11,
  /** low/high: 64-bit signature of a type unit. */
  typeSignature: 12,
  /** low: offset in .debug_macro, .debug_addr and other sections that are not interpreted here. */
  sectionOffset: 13,
  /** A supplementary file's string or DIE, or an index into a table that is not here (of a split unit's other file). */
  unavailable: 14,
} as const;

/**
 * All DIEs of one unit in section order (which is depth first, parents before children), null entries left out.
 * Row 0 is the root. Offsets count as in `UnitColumns`.
 */
export interface DieColumns {
  readonly offset: Uint32Array;
  readonly tag: Uint16Array;
  /** Row of the parent; NONE for the root. */
  readonly parent: Uint32Array;
  /** Row just past the last descendant: children of `i` start at `i + 1`, and the next sibling of a child `c` is `next[c]`. */
  readonly next: Uint32Array;
  /** `attrStart[i]` to `attrStart[i + 1]` are row `i`'s attributes (one longer than the other columns). */
  readonly attrStart: Uint32Array;
  /** The following have one entry per attribute. DW_AT_*. */
  readonly attrName: Uint16Array;
  /** DW_FORM_* as encoded. */
  readonly attrForm: Uint16Array;
  readonly attrClass: Uint8Array;
  readonly attrLow: Uint32Array;
  readonly attrHigh: Uint32Array;
}

/** Entries of a location list; addresses are absolute code addresses, tombstoned and empty ones dropped. */
export interface LocationColumns {
  readonly begin: Float64Array;
  /** Exclusive. Both are −1 for a default location (DW_LLE_default_location). */
  readonly end: Float64Array;
  /** The expression's bytes: entry `i` is `bytes.subarray(start[i], start[i + 1])` (`start` is one longer). */
  readonly start: Uint32Array;
  readonly bytes: Uint8Array;
}

/** What is in a slot of a Wasm frame (values of `SlotColumns.kind`). */
export const SlotKind = {
  /** `index` is a local that a variable or parameter is in, or in part, or that is needed to find it. */
  local: 0,
  /** Likewise a slot of the operand stack, counted from its bottom. */
  operand: 1,
  /** `index` is a local that a function's frame base is found by. */
  frameBase: 2,
} as const;

/**
 * Where in the code which slots of a Wasm frame (`DW_OP_WASM_location` 0 and 2) are named by locations of variables
 * and parameters, and by frame bases: half-open ranges, in DIE order, with repetitions where DIEs share a slot.
 */
export interface SlotColumns {
  readonly begin: Float64Array;
  readonly end: Float64Array;
  readonly kind: Uint8Array;
  readonly index: Uint32Array;
}

/** Bits of `NameColumns.flags`. */
export const NameFlag = {
  /** DW_AT_declaration: it is defined elsewhere. */
  declaration: 1,
  /** A static member of a record, which has its value. */
  staticConstant: 2,
} as const;

/**
 * What can be named from elsewhere, one row each, in DIE order: variables and functions at file and namespace level, static
 * members with values, enumerators, and types wherever they are. What has no name, and takes none over, is left out.
 */
export interface NameColumns {
  /** Its DIE, counted as `UnitColumns` does. */
  readonly die: Uint32Array;
  /** DW_TAG_*. */
  readonly tag: Uint16Array;
  /** `NameFlag`. */
  readonly flags: Uint8Array;
  /** DW_AT_name, its own or that of where it comes from. */
  readonly name: StringColumn;
}

/** Malformed DWARF: which section, at which byte of it, and what was wrong. The message says all three. */
export interface DwarfErrorFacts {
  /** Such as ".debug_info". */
  readonly section: string;
  readonly offset: number;
  /** gimli's own word for it. */
  readonly reason: string;
}
