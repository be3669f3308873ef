import { MalformedError } from "../base/errors.ts";
import type { Coredump, CoredumpFrame, CoredumpThread, FoundDialect } from "./coredump.ts";
import type { CoredumpFile } from "./coredump-file.ts";
import { type Dialect, dialects } from "./dialects.ts";
import type { ModuleCode } from "./module-code.ts";

/** Code of the module that an instance is of; `undefined` where that module is not known. */
export type CodeOf = (instance: number) => ModuleCode | undefined;

export interface ReadOptions {
  /** What functions there are and what locals they have: tells dialects apart that fit equally well without. */
  readonly codeOf?: CodeOf;
  /** The dialect to read in, whatever fits. */
  readonly dialect?: Dialect | undefined;
}

/**
 * Reads a coredump in the dialect that fits it.
 *
 * Every dialect is tried on all the stacks; of those in which they can be read to the last byte the one wins whose
 * frames suit the code, and then the first of `dialects`.
 *
 * @throws {MalformedError} as the readers of the sections; where no dialect fits, the error of the one that got furthest.
 */
export function readCoredump(file: CoredumpFile, options: ReadOptions = {}): Coredump {
  const { executable, instances, notes, memories, globals } = file;
  const { found, threads, modules } = findStacks(file, options);
  return {
    ...{ executable, modules, instances, threads, memories, globals, notes },
    dialect: found,
    problems: problemsOf(file, found.dialect),
  };
}

interface Stacks {
  readonly found: FoundDialect;
  readonly threads: readonly CoredumpThread[];
  readonly modules: readonly string[];
}

interface Fitting extends Omit<Stacks, "found"> {
  readonly dialect: Dialect;
  readonly score: number;
}

interface Failing {
  readonly error: MalformedError;
  /** Frames read before it. */
  readonly frames: number;
}

function findStacks(file: CoredumpFile, { codeOf = () => undefined, dialect }: ReadOptions): Stacks {
  if (dialect) return stacksIn(file, dialect, "it was asked for");
  const [standard] = dialects;
  if (file.notes?.tool !== undefined && standard) {
    return stacksIn(file, standard, `${file.notes.tool} wrote it`);
  }
  const fitting: Fitting[] = [];
  let furthest: Failing | undefined;
  for (const each of dialects) {
    const tried = attempt(file, each, codeOf);
    if ("score" in tried) fitting.push(tried);
    // What allows for short stacks gets far in anything.
    else if (!furthest || (tried.frames > furthest.frames && !each.shortStacks)) furthest = tried;
  }
  const [best, ...others] = fitting.sort((a, b) => b.score - a.score);
  if (!best) throw furthest?.error ?? new Error("no dialect was tried");
  return { ...best, found: { dialect: best.dialect, reason: reasonFor(best, others) } };
}

function stacksIn(file: CoredumpFile, dialect: Dialect, reason: string): Stacks {
  return { threads: file.threads(dialect), modules: file.modules(dialect), found: { dialect, reason } };
}

function attempt(file: CoredumpFile, dialect: Dialect, codeOf: CodeOf): Fitting | Failing {
  let frames = 0;
  try {
    const threads = file.threads(dialect, () => frames++);
    const modules = file.modules(dialect);
    return { dialect, threads, modules, score: scoreOf(threads, file, codeOf) };
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { error, frames };
  }
}

/** Frames of each thread that are looked at: recursion without end repeats itself. */
const mostFrames = 200;

/** How well frames suit the instances and functions that are known. */
function scoreOf(threads: readonly CoredumpThread[], file: CoredumpFile, codeOf: CodeOf): number {
  const instances = Math.max(1, file.instances.length);
  let score = 0;
  for (const { frames } of threads) {
    for (const frame of frames.slice(0, mostFrames)) {
      if (frame.instance >= instances) score -= 2;
      const code = codeOf(frame.instance);
      if (code) score += scoreOfFrame(frame, code);
    }
  }
  return score;
}

function scoreOfFrame({ function: func, locals }: CoredumpFrame, code: ModuleCode): number {
  const types = code.localTypes(func);
  if (!types) return -2;
  if (locals.length === 0) return 1;
  if (locals.length !== types.length) return -1;
  const unlike = locals.some(({ type }, index) => type !== "unavailable" && type !== types[index]);
  return unlike ? 1 : 3;
}

function reasonFor(best: Fitting, others: readonly Fitting[]): string {
  const [second] = others;
  if (!second) return "the stacks can be read to their last byte in no other";
  if (best.score > second.score) {
    return "of those in which the stacks can be read to their last byte, its frames suit the module's functions best";
  }
  const same = others.filter(({ score }) => score === best.score).map(({ dialect }) => dialect.name);
  const empty = best.threads.every(({ frames }) =>
    frames.every(({ locals, operands }) => !locals.length && !operands.length),
  );
  const alike = empty ? "without values in them they are the same in" : "nothing in them tells it from";
  return `the stacks can be read to their last byte; ${alike} ${same.join(" and ")}`;
}

function problemsOf(file: CoredumpFile, { name }: Dialect): readonly string[] {
  const problems: string[] = [];
  for (const [index, memory] of file.memories.entries()) {
    const { firstAddress } = memory;
    if (memory.sizeBytes() > 0n && firstAddress === undefined) {
      problems.push(`The coredump holds no bytes of memory ${index}: what lies there is not known.`);
    } else if (name.startsWith("wasm-edit") && firstAddress !== undefined && firstAddress > 0) {
      problems.push(
        `The program's memory below address 0x${firstAddress.toString(16)} was overwritten by the coredump itself and reads as zero.`,
      );
    }
  }
  return problems;
}
