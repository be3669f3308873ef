/**
 * Numbers that look alike and mean different things, as types that do not mix.
 *
 * The makers below only relabel; they are called where a number enters the
 * program (a format reader, an engine's answer) and nowhere else.
 */
declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Bytes from byte 0 of a module file. V8 and source maps count this way. */
export type ModuleOffset = Brand<number, "ModuleOffset">;
/** Bytes from the first byte of the code section's payload (its function count). DWARF for Wasm counts this way. */
export type CodeOffset = Brand<number, "CodeOffset">;
/** Index in a module's function index space, imports first. */
export type FuncIndex = Brand<number, "FuncIndex">;
/** Position among a module's defined functions, imports left out. */
export type DefinedFuncIndex = Brand<number, "DefinedFuncIndex">;
/** Byte address in a linear memory: 32-bit memories use 0 to 2³²−1, memory64 the whole range. */
export type MemoryAddress = Brand<bigint, "MemoryAddress">;
/** Number of a stop, from 1, never reused within a session. */
export type StopNumber = Brand<number, "StopNumber">;
/** Opaque number shared by the statements of one source line, so that "still on this line" is one comparison. 0 is never one. */
export type LineKey = Brand<number, "LineKey">;

export const toModuleOffset = (value: number): ModuleOffset => value as ModuleOffset;
export const toCodeOffset = (value: number): CodeOffset => value as CodeOffset;
export const toFuncIndex = (value: number): FuncIndex => value as FuncIndex;
export const toDefinedFuncIndex = (value: number): DefinedFuncIndex => value as DefinedFuncIndex;
export const toMemoryAddress = (value: bigint | number): MemoryAddress => BigInt(value) as MemoryAddress;
export const toStopNumber = (value: number): StopNumber => value as StopNumber;
export const toLineKey = (value: number): LineKey => value as LineKey;
