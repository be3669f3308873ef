import { type MemoryAddress, toMemoryAddress } from "../../../src/base/brand.ts";
import { CommandError } from "./command-error.ts";
import type { DebugConsole } from "./debug-console.ts";
import { evaluateHere } from "./evaluate-here.ts";
import { rowLines } from "./listing.ts";
import { integerOf } from "./value-format.ts";

/** What `x` shows: how many units, of how many bytes, in which form. */
interface Examination {
  readonly count: number;
  readonly format: string;
  readonly sizeBytes: number;
}

const sizes: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, g: 8 };
/** What the last `x` of a console was, for the next without its words. */
const lasts = new WeakMap<DebugConsole, Examination & { readonly next: MemoryAddress }>();
const mostUnits = 10_000;
const textLimit = 4096;

/** Does `x/8xw ADDRESS`. */
export async function examine(console: DebugConsole, rest: string): Promise<void> {
  const [, words = "", text = ""] = /^(?:\/(\S+))?\s*(.*)$/s.exec(rest) ?? [];
  const last = lasts.get(console);
  const asked = readWords(words, last);
  if (asked.format === "i") return instructions(console, asked.count, text);
  const address = text === "" ? last?.next : await addressOf(console, text);
  if (address === undefined)
    throw new CommandError("`x` needs an address: an expression such as buffer or 0x1f40.");
  void console.stopped;
  const show = asked.format === "s" ? showTexts : showUnits;
  const next = await show(console, address, asked);
  lasts.set(console, { ...asked, next: toMemoryAddress(next) });
}

/** @throws {CommandError} */
function readWords(words: string, last: Examination | undefined): Examination {
  const [, digits, letters] = /^(\d*)([a-z]*)$/.exec(words) ?? [];
  if (digits === undefined || letters === undefined) throw badWords(words);
  let format = last?.format ?? "x";
  let sizeBytes = last?.sizeBytes ?? 4;
  for (const letter of letters) {
    if (sizes[letter] !== undefined) sizeBytes = sizes[letter];
    else if ("xduotcafsi".includes(letter)) format = letter;
    else throw badWords(words);
  }
  if (format === "c" && !/[bhwg]/.test(letters)) sizeBytes = 1;
  if (format === "a" || (format === "f" && sizeBytes < 4)) sizeBytes = 4;
  const count = Number(digits || 1);
  if (count < 1 || count > mostUnits)
    throw new CommandError(`\`x\` shows 1 to ${mostUnits} units, not ${count}.`);
  return { count, format, sizeBytes };
}

const badWords = (words: string): CommandError =>
  new CommandError(
    `Expected a count, a format of x, d, u, o, t, c, a, f, s, i and a size of b, h, w, g, but found \`${words}\`.`,
  );

/** Where a value points, or lies. */
async function addressOf(console: DebugConsole, text: string): Promise<MemoryAddress> {
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) return toMemoryAddress(BigInt(text));
  const variable = await evaluateHere(console, text);
  const { memoryReference, memoryIndex = 0, kind, named, indexed } = variable;
  if (memoryIndex !== 0) throw new CommandError("`x` shows the program's first memory only.");
  const isPlace = kind === "pointer" || named > 0 || indexed > 0 || /^0x/.test(variable.value);
  const number = integerOf(variable.value);
  if (isPlace && memoryReference !== undefined) return memoryReference;
  if (number !== undefined && number >= 0n) return toMemoryAddress(number);
  if (memoryReference !== undefined) return memoryReference;
  throw new CommandError(`\`${text}\` is \`${variable.value}\`, which is no address.`);
}

async function showUnits(console: DebugConsole, address: MemoryAddress, asked: Examination): Promise<bigint> {
  const { count, format, sizeBytes } = asked;
  const bytes = await console.stopped.readMemory(0, address, count * sizeBytes);
  const available = Math.floor(bytes.length / sizeBytes);
  if (available === 0) throw new CommandError(`There is no memory at 0x${address.toString(16)}.`);
  const perLine = format === "a" ? 1 : Math.max(1, 16 / Math.max(sizeBytes, format === "t" ? 8 : 1) || 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: string[] = [];
  for (let first = 0; first < available; first += perLine) {
    const units: string[] = [];
    for (let at = first; at < Math.min(first + perLine, available); at++) {
      units.push(unitText(view, at * sizeBytes, asked));
    }
    const where = (address + BigInt(first * sizeBytes)).toString(16).padStart(8, "0");
    lines.push(`0x${where}:  ${units.join("  ")}`);
  }
  if (available < count) lines.push("The memory ends here.");
  console.say(lines.join("\n"));
  return address + BigInt(available * sizeBytes);
}

function unitText(view: DataView, at: number, { format, sizeBytes }: Examination): string {
  if (format === "f") {
    return String(
      sizeBytes === 8 ? view.getFloat64(at, true) : Number(view.getFloat32(at, true).toPrecision(7)),
    );
  }
  let unit = 0n;
  for (let byte = sizeBytes - 1; byte >= 0; byte--) unit = (unit << 8n) | BigInt(view.getUint8(at + byte));
  const bits = sizeBytes * 8;
  if (format === "d") return String(BigInt.asIntN(bits, unit));
  if (format === "u") return String(unit);
  if (format === "o") return `0${unit.toString(8).padStart(Math.ceil(bits / 3), "0")}`;
  if (format === "t") return unit.toString(2).padStart(bits, "0");
  if (format === "c") {
    const character = unit >= 0x20n && unit < 0x7fn ? ` '${String.fromCharCode(Number(unit))}'` : "";
    return `${BigInt.asIntN(bits, unit)}${character}`;
  }
  return `0x${unit.toString(16).padStart(sizeBytes * 2, "0")}`;
}

/** Texts that end with a zero byte, one after the other. */
async function showTexts(
  console: DebugConsole,
  address: MemoryAddress,
  { count }: Examination,
): Promise<bigint> {
  let at: bigint = address;
  const lines: string[] = [];
  for (let text = 0; text < count; text++) {
    const bytes = await console.stopped.readMemory(0, toMemoryAddress(at), textLimit);
    if (bytes.length === 0) {
      if (lines.length === 0) throw new CommandError(`There is no memory at 0x${address.toString(16)}.`);
      break;
    }
    const end = bytes.indexOf(0);
    const shown = new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end));
    lines.push(`0x${at.toString(16).padStart(8, "0")}:  ${JSON.stringify(shown)}${end < 0 ? "..." : ""}`);
    at += BigInt(end < 0 ? bytes.length : end + 1);
  }
  console.say(lines.join("\n"));
  return at;
}

/** Instructions from an offset in the module, or from where the frame stands. */
async function instructions(console: DebugConsole, count: number, text: string): Promise<void> {
  const { disassembly } = console.program;
  let offset: number;
  let here: number | undefined;
  if (text === "" || text === "$pc") {
    const { point } = await console.frame();
    if (!point) throw new CommandError("This frame is none of the program's own code.");
    offset = point.offset;
    here = offset;
  } else {
    const number = integerOf(text);
    if (number === undefined)
      throw new CommandError(`Expected an offset in the module, such as 0x54f, but found \`${text}\`.`);
    offset = Number(number);
  }
  console.say(rowLines(disassembly.rows(offset, 0, count), here, console.parts.style).join("\n"));
}
