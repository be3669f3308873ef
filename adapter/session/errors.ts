import { basename } from "node:path";
import { type MalformedCode, MalformedError, TargetError } from "../../src/base/errors.ts";
import { folderOf } from "../../src/base/path-text.ts";
import { caretText } from "../../src/symbols/text/caret-text.ts";
import { ExpressionError } from "../../src/symbols/variable.ts";
import { ArgumentError } from "../protocol/arguments.ts";
import { type Failure, RequestCancelled } from "../protocol/failure.ts";

interface UserErrorFacts {
  readonly show?: boolean;
  readonly word?: Failure["word"];
}

/** Something the user should know: whole sentences that say what was expected, what was found and what to do. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly id: number;
  readonly show: boolean;
  readonly word: Failure["word"];

  constructor(id: number, text: string, facts: UserErrorFacts = {}) {
    super(text);
    this.id = id;
    this.show = facts.show ?? false;
    this.word = facts.word;
  }
}

// 10xx: the order of requests.
export const notInitialized = (): UserError =>
  new UserError(1001, "The session has not begun: `initialize` comes first.");
export const initializedTwice = (): UserError =>
  new UserError(1002, "The session has begun already: `initialize` comes once.");
export const notLaunched = (): UserError => new UserError(1003, "No program is loaded: send `launch` first.");
export const launchedTwice = (): UserError =>
  new UserError(1004, "A program is loaded already: use `restart`, or a new session.");
export const notStopped = (why: string): UserError => new UserError(1005, why, { word: "notStopped" });
/** For a watch of a frame that is gone: VS Code's own words where there is no frame, so that nothing flashes up in between. */
export const notAvailable = (): UserError => notStopped("not available");
export const programEnded = (): UserError => new UserError(1006, "The program has ended.");
export const sessionEnded = (): UserError => new UserError(1007, "The session has ended.");

// 11xx: requests that make no sense.
export const unknownRequest = (command: string): UserError =>
  new UserError(
    1101,
    `There is no request \`${command}\` in the Debug Adapter Protocol as this adapter knows it.`,
  );
export const unsupportedRequest = (command: string): UserError =>
  new UserError(1102, `The request \`${command}\` is not supported by this adapter.`);
export const badArguments = (command: string, problem: string): UserError =>
  new UserError(1103, `Bad arguments for \`${command}\`: ${problem}`);
export const staleReference = (what: string, number: number): UserError =>
  new UserError(1104, `${what} ${number} belongs to an earlier stop: the program has run since.`);
export const unknownReference = (what: string, number: number): UserError =>
  new UserError(1105, `There is no ${what.toLowerCase()} ${number}.`);
export const noSuchVariable = (name: string): UserError =>
  new UserError(1106, `There is no variable \`${name}\` here.`);
export const notWritable = (name: string, why: string | undefined): UserError =>
  new UserError(
    1107,
    `\`${name}\` cannot be changed: ${why ?? "only numbers, characters, booleans, pointers and text can be"}.`,
  );
export const noFrames = (): UserError => new UserError(1108, "There is no frame to evaluate in.");
export const noThread = (threadId: number): UserError =>
  new UserError(1109, `There is no thread ${threadId}.`);
export const noSuchSource = (reference: number): UserError =>
  new UserError(1110, `There is no source with the reference ${reference}.`);
export const noSourceText = (
  path: string,
  looked: readonly string[],
  mapping: string | undefined,
): UserError =>
  new UserError(
    1111,
    `The source ${path} is not on this machine and its text is not in the debug info. Looked for: ${looked.join(", ")}. ${mapping === undefined ? `If it lies elsewhere, say so in the launch configuration: "sourceFileMap": { ${JSON.stringify(folderOf(path))}: "the folder it is in here" }` : `A file that may be it is here; in the launch configuration: ${mapping}`}.`,
  );
export const noException = (): UserError =>
  new UserError(1112, "The program did not stop at a trap or an exception.");

export const badReference = (reference: string): UserError =>
  new UserError(
    1113,
    `"${reference}" is no memory reference: expected a number such as 0x1f40, as variables, frames and instructions have them.`,
  );
export const tooManyInstructions = (most: number): UserError =>
  new UserError(1114, `At most ${most} instructions can be shown at a time.`);
export const tooMuchMemory = (most: number): UserError =>
  new UserError(1115, `At most ${most} bytes can be read at a time.`);
export const codeNotWritable = (reference: string): UserError =>
  new UserError(1116, `${reference} is in the program's code, which cannot be written to.`);
export const notBase64 = (): UserError => new UserError(1117, "`data` is not encoded in base64.");

export const noSuchMode = (mode: string): UserError =>
  new UserError(
    1121,
    `There is no mode \`${mode}\` of data breakpoints: there are \`write\` and \`change\`.`,
  );
export const doesNotRun = (why: string): UserError => new UserError(1118, why);
export const noCoredumpOf = (): UserError =>
  new UserError(1119, "This is a coredump already: one can be written of a program that runs here.");
export const coredumpNotWritten = (why: string): UserError =>
  new UserError(1120, `No coredump was written: ${why}`);

/** What is wrong with an expression, where it was typed: with the place. */
export const badExpression = (error: ExpressionError, text: string): UserError =>
  new UserError(1301, caretText(error.message, text, error.column));

// 12xx: a program that cannot be started.
export const badConfiguration = (problems: readonly string[]): UserError =>
  new UserError(1201, problems.join(" "), { show: true });
const launchFailed = (text: string): UserError => new UserError(1202, text, { show: true });
export const attachUnsupported = (): UserError =>
  new UserError(
    1204,
    "Attaching to a running program is not supported: use a `launch` configuration, or name a coredump as `coreFile`.",
    { show: true },
  );
export const launchAborted = (): UserError =>
  new UserError(1205, "The launch was given up because the session ended.", { word: "cancelled" });

/** Sentences for what can be wrong with a module as a whole; `path` is the module's. */
const moduleSentences: Partial<Record<MalformedCode, (name: string) => string>> = {
  "not-wasm": (name) =>
    `${name} is not a WebAssembly module: it does not begin with the bytes 00 61 73 6d ("\\0asm"). \`program\` must name a compiled .wasm file.`,
  "is-component": (name) =>
    `${name} is a WebAssembly component. Components are not supported yet: give the core module it was made from.`,
  "unexpected-end": (name) =>
    `${name} is truncated: it ends in the middle of a section. Build or copy it again.`,
};

/** Whatever a launch rejected with, as one error for the user that names the program. */
export function toLaunchError(error: unknown, program: string): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof MalformedError) {
    const sentence = moduleSentences[error.code]?.(program);
    return launchFailed(
      sentence === undefined
        ? `${program} is not a valid WebAssembly module: ${error.message}.`
        : error.offset === 0
          ? sentence
          : `${sentence} (${error.section}, offset 0x${error.offset.toString(16)})`,
    );
  }
  if (error instanceof TargetError) return launchFailed(error.message);
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown };
  const file = typeof path === "string" ? path : program;
  if (code === "ENOENT") return launchFailed(`There is no file ${file}.${hint(file, program)}`);
  if (code === "EISDIR") return launchFailed(`${file} is a folder, not a file.${hint(file, program)}`);
  if (code === "EACCES" || code === "EPERM")
    return launchFailed(`${file} may not be read: permission denied.`);
  const why = error instanceof Error ? error.message : String(error);
  return launchFailed(`${basename(program)} could not be started: ${why}`);
}

const hint = (file: string, program: string): string =>
  file === program ? " `program` must name a compiled .wasm file." : "";

/** One function turns everything that can be thrown into an error answer. `log` gets what is a bug of ours. */
export function toFailure(error: unknown, command: string, log: (text: string) => void): Failure {
  const user = toUserError(error, command);
  if (user !== undefined) {
    const { id, message: text, show, word } = user;
    return { id, text, show, ...(word === undefined ? {} : { word }) };
  }
  const what = error instanceof Error ? error : new Error(String(error));
  log(`Internal error in \`${command}\`: ${what.stack ?? what.message}`);
  return { id: 1900, text: `Internal error in \`${command}\`: ${what.message}`, show: false };
}

function toUserError(error: unknown, command: string): UserError | undefined {
  if (error instanceof UserError) return error;
  if (error instanceof ArgumentError) return badArguments(command, error.message);
  if (error instanceof RequestCancelled)
    return new UserError(1010, "The request was cancelled.", { word: "cancelled" });
  if (error instanceof ExpressionError) return new UserError(1301, error.message);
  if (error instanceof TargetError)
    return targetErrors[error.code]?.(error) ?? new UserError(1302, error.message);
  if (error instanceof MalformedError)
    return new UserError(1303, `The debug info is damaged: ${error.message}.`);
  return undefined;
}

const targetErrors: Partial<Record<TargetError["code"], (error: TargetError) => UserError>> = {
  "not-stopped": (error) => notStopped(error.message),
  exited: programEnded,
};
