import type { StopNumber } from "../base/brand.ts";
import { ByteWriter } from "../base/bytes.ts";
import { writeU32 } from "../base/leb128.ts";
import type { RawValue, Target, TargetFrame } from "../target/target.ts";
import { writeName } from "../wasm/name-string.ts";
import { SECTION_IDS } from "../wasm/section-directory.ts";
import { BUILD_ID_SECTION, readBuildId } from "../wasm/sections/build-id.ts";
import { type MemoryType, writeMemorySection } from "../wasm/sections/memory.ts";
import {
  CORE_SECTION,
  COREINSTANCES_SECTION,
  COREMODULES_SECTION,
  writeCore,
  writeCoreinstances,
  writeCoremodules,
} from "./core-sections.ts";
import { type CoredumpFrame, missingValue, noIndex } from "./coredump.ts";
import {
  type CoredumpNotes,
  type HostFrameNote,
  isNoteValue,
  type ModuleNote,
  type StopNote,
  type ValueNote,
} from "./coredump-notes.ts";
import { CORESTACK_SECTION, writeCorestack } from "./corestack.ts";
import { writeGlobalValues } from "./global-values.ts";
import type { ModuleCode } from "./module-code.ts";
import { NOTES_SECTION, writeNotes } from "./notes-section.ts";
import { readTables } from "./table-entries.ts";
import { type CoredumpPiece, dataPieces } from "./write-data.ts";

/** What a coredump says besides what the target knows. */
export interface CoredumpFacts {
  /** What the program is called: a path, a URL or any text. */
  readonly executable: string;
  readonly code: ModuleCode;
  /** Of the module's bytes. */
  readonly sha256?: Uint8Array | undefined;
  readonly tool: string;
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly processId?: number | undefined;
  readonly stop: StopNote;
}

/**
 * A standard coredump of a paused guest, in pieces to be written one after another.
 *
 * Memory is read as the pieces are taken, a few MiB at a time, and runs of zeros are left out. A piece with `at` goes
 * over what was written there before: lengths that are known only at the end.
 *
 * Rejects as the target does: when the guest runs on or ends before the last piece, there is no coredump.
 */
export async function* coredumpPieces(
  target: Target,
  stop: StopNumber,
  facts: CoredumpFacts,
): AsyncGenerator<CoredumpPiece> {
  const { code, executable } = facts;
  const stack = await readStack(target, stop, code);
  const globals = await target.globals(stop);
  const sizes = await target.memorySizes(stop);
  const types = sizes.map((size, memory) => typeNow(code.spaces.memories[memory], size));
  const present = globals.filter(isPresent);
  const notes: CoredumpNotes = {
    ...{ tool: facts.tool, time: facts.time, processId: facts.processId, stop: facts.stop },
    modules: [moduleNote(facts)],
    hostFrames: stack.hostFrames,
    values: [...stack.values, ...globalNotes(present)],
    tables: await readTables(target, stop, code),
  };
  const instance = { module: 0, memories: sizes.map((_, index) => index), globals: indexesOf(globals) };

  const head = new ByteWriter(4096);
  head.u32(0x6d73_6100);
  head.u32(1);
  custom(head, CORE_SECTION, (to) => writeCore(to, executable));
  custom(head, NOTES_SECTION, (to) => writeNotes(to, notes));
  custom(head, COREMODULES_SECTION, (to) => writeCoremodules(to, [executable]));
  custom(head, COREINSTANCES_SECTION, (to) => writeCoreinstances(to, [instance]));
  custom(head, CORESTACK_SECTION, (to) => writeCorestack(to, { name: "main", frames: stack.frames }));
  if (types.length > 0) section(head, SECTION_IDS.memory, (to) => writeMemorySection(to, types));
  if (present.length > 0) section(head, SECTION_IDS.global, (to) => writeGlobalValues(to, present));
  yield { bytes: head.view() };
  yield* dataPieces(target, stop, types, sizes, head.length);
}

interface Stack {
  readonly frames: readonly CoredumpFrame[];
  readonly hostFrames: readonly HostFrameNote[];
  readonly values: readonly ValueNote[];
}

/** Frames whose locals are asked for: each question may cost the engine a walk over the whole stack. */
const askedFrames = 200;
const askedFramesOfDeepStack = 16;
const deepStack = 2000;

async function readStack(target: Target, stop: StopNumber, code: ModuleCode): Promise<Stack> {
  const { total } = await target.frames(stop, 0, 1);
  const list = total === 0 ? [] : (await target.frames(stop, 0, total)).frames;
  const asked = total > deepStack ? askedFramesOfDeepStack : askedFrames;
  const frames: CoredumpFrame[] = [];
  const hostFrames: HostFrameNote[] = [];
  const values: ValueNote[] = [];
  for (const [index, frame] of list.entries()) {
    if (frame.kind === "host") {
      const { name, path, line } = frame;
      hostFrames.push({ thread: 0, before: frames.length, name, path, line });
      continue;
    }
    const types = code.localTypes(frame.function) ?? [];
    const read = index < asked ? await readValues(target, stop, index) : { locals: [], operands: [] };
    // Where nothing is known, as many markers as there are locals: their number is known.
    const locals = types.map((_, local) => read.locals[local] ?? missingValue);
    for (const [kind, list] of [["local", locals] as const, ["operand", read.operands] as const]) {
      for (const [at, value] of list.entries()) {
        if (isNoteValue(value)) values.push({ thread: 0, frame: frames.length, kind, index: at, value });
      }
    }
    frames.push({ ...placeOf(frame, code), instance: 0, locals, operands: read.operands });
  }
  return { frames, hostFrames, values };
}

async function readValues(target: Target, stop: StopNumber, frame: number) {
  const locals = await target.locals(stop, frame);
  const operands = (await target.operands?.(stop, frame)) ?? [];
  return { locals, operands };
}

type WasmFrame = Extract<TargetFrame, { readonly kind: "wasm" }>;

/** Offsets count from the function's body, as Wasmtime's do. */
function placeOf(
  { function: func, offset }: WasmFrame,
  code: ModuleCode,
): Pick<CoredumpFrame, "function" | "codeOffset"> {
  const body = code.bodyOf(func);
  const inside = body !== undefined && offset >= body.start && offset < body.end;
  return { function: func, codeOffset: inside ? offset - body.start : 0 };
}

function moduleNote({ sha256, code }: CoredumpFacts): ModuleNote {
  const cursor = code.module.customCursor(BUILD_ID_SECTION);
  return { module: 0, sha256, buildId: cursor && readBuildId(cursor).slice() };
}

const isPresent = (value: RawValue): boolean => value.type !== "unavailable";

/** References, of which the global section says only that there are some. */
function globalNotes(globals: readonly RawValue[]): readonly ValueNote[] {
  return globals.flatMap((value, index) =>
    value.type === "ref" ? [{ thread: 0, frame: 0, kind: "global" as const, index, value }] : [],
  );
}

/** Indexes among the globals that are there. */
function indexesOf(globals: readonly RawValue[]): readonly number[] {
  let next = 0;
  return globals.map((value) => (isPresent(value) ? next++ : noIndex));
}

/** The memory's type with the size that it has grown to. */
function typeNow(declared: MemoryType | undefined, size: bigint): MemoryType {
  const pageBytes = 1n << BigInt(declared?.pageSizeLog2 ?? 16);
  return { addressType: "i32", shared: false, ...declared, minimum: size / pageBytes };
}

function custom(writer: ByteWriter, name: string, write: (to: ByteWriter) => void): void {
  section(writer, SECTION_IDS.custom, (to) => {
    writeName(to, name);
    write(to);
  });
}

function section(writer: ByteWriter, id: number, write: (to: ByteWriter) => void): void {
  const payload = new ByteWriter(256);
  write(payload);
  writer.u8(id);
  writeU32(writer, payload.length);
  writer.append(payload);
}
