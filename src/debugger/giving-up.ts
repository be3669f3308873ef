import type { Frame } from "./debugger-types.ts";

/** Why a program stands before an `unreachable` that its runtime put there. */
export interface GivingUp {
  readonly kind: "panic" | "abort";
  /** What the program said about it, or what it did: a clause. */
  readonly text: string;
}

/** Functions of Rust's runtime that a panic passes, mangled or not. */
const panics =
  /(?:\b|\d)(?:rust_panic|rust_begin_unwind|panic_fmt|panic_handler|__rust_start_panic)\b|(?:\b|\d)rust_panic/;
/** Functions that end a program of C or C++ on the program's own behalf, with what to say when the program has not. */
const aborts: readonly (readonly [name: RegExp, text: string])[] = [
  [/^__assert_fail\b/, "an assertion failed"],
  [/\b__?cxa_pure_virtual\b/, "a pure virtual function was called"],
  [/^std::(?:__\w+::)?(?:__)?terminate\b|\b__clang_call_terminate\b/, "std::terminate was called"],
  [/^abort\b|^std::process::abort\b|process5abort/, "abort was called"],
];

/**
 * What an `unreachable` means, by the frames it is in, innermost first, and by what the program has written last.
 *
 * `undefined` where nothing but the instruction is known.
 */
export function readGivingUp(frames: readonly Pick<Frame, "name">[], words: string): GivingUp | undefined {
  if (frames.some(({ name }) => panics.test(name))) {
    return { kind: "panic", text: panicText(words) ?? "panicked" };
  }
  const found = aborts.filter(([name]) => frames.some((frame) => name.test(frame.name)));
  const [first] = found;
  if (!first) return undefined;
  return { kind: "abort", text: abortText(words) ?? first[1] };
}

/** `panicked at main.rs:17:5: index out of bounds`, as Rust's own hook writes it, before 1.73 in another order. */
function panicText(words: string): string | undefined {
  const older = /panicked at '([\s\S]*)', ([^\n]+:\d+:\d+)\s*(?:\nnote: |$)/.exec(words);
  if (older) return `panicked at ${older[2]}: ${oneLine(older[1] ?? "")}`;
  const start = words.lastIndexOf("panicked at ");
  const found = /^panicked at ([^\n]+:\d+:\d+):\n([\s\S]*?)\n(?:note: |stack backtrace:|$)/.exec(
    start < 0 ? "" : `${words.slice(start).trimEnd()}\n`,
  );
  return found ? `panicked at ${found[1]}: ${oneLine(found[2] ?? "")}` : undefined;
}

/** The last line, when it is one that C's or C++'s library writes. */
function abortText(words: string): string | undefined {
  const last = words.trimEnd().split("\n").at(-1) ?? "";
  return /^Assertion failed: |^libc\+\+abi: |^Aborted\(/.test(last) ? oneLine(last) : undefined;
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, "; ").trim();
