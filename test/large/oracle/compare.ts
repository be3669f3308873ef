import type { DebugSession } from "../../support/debug-session.ts";
import type { Message } from "../../support/transcript.ts";
import { readQuoted } from "./quoted.ts";
import type { Seen } from "./seen.ts";

/** Compares values, with what they are made of, with what LLDB showed of them. */
export class Comparison {
  /** Values without parts that there was something to be said of. */
  compared = 0;
  /** What differs, each as `path: theirs, ours`. */
  readonly differences: string[] = [];
  readonly #session: DebugSession;
  readonly #optimised: boolean;

  constructor(session: DebugSession, { optimised }: { readonly optimised: boolean }) {
    this.#session = session;
    this.#optimised = optimised;
  }

  /** `variable` is absent where there is none, which is a difference unless the program is optimised; so is a value that there is not. */
  async compare(path: string, seen: Seen, variable: Message | undefined): Promise<void> {
    if (this.#optimised && (variable === undefined || variable.value.startsWith("<"))) return;
    if (variable === undefined) this.differences.push(`${path}: is there, is not`);
    else if (seen.members) await this.#compareMembers(path, seen.members, variable);
    else if (seen.array !== undefined) await this.#compareArray(path, seen, variable);
    else this.#compareText(path, seen, variable.value);
  }

  #compareText(path: string, seen: Seen, value: string): void {
    const theirs = expectedOf(seen);
    if (theirs === undefined) return;
    this.compared++;
    if (!theirs.holds(value)) this.differences.push(`${path}: ${theirs.text}, ${value}`);
  }

  async #compareMembers(
    path: string,
    members: Readonly<Record<string, Seen>>,
    variable: Message,
  ): Promise<void> {
    let children = await this.#childrenOf(variable);
    const raw = children.get("[raw]");
    // Shown as what it stands for, or a pointer to such a value: its members are one level down.
    const [first] = children.values();
    if (raw) children = await this.#childrenOf(raw);
    else if (first?.name.startsWith("*")) return this.#compareMembers(path, members, first);
    for (const [name, seen] of Object.entries(members)) {
      await this.compare(`${path}.${name}`, seen, children.get(name));
    }
  }

  async #compareArray(path: string, { array = 0, first = [] }: Seen, variable: Message): Promise<void> {
    const count = variable.indexedVariables ?? 0;
    if (count !== array) this.differences.push(`${path}: ${array} elements, ${count}`);
    const children = await this.#childrenOf(variable, { filter: "indexed", start: 0, count: first.length });
    for (const [index, seen] of first.entries()) {
      if (seen) await this.compare(`${path}[${index}]`, seen, children.get(`[${index}]`));
    }
  }

  async #childrenOf(variable: Message, page: object = {}): Promise<Map<string, Message>> {
    const { variablesReference: reference } = variable;
    return reference > 0 ? this.#session.children(reference, page) : new Map();
  }
}

interface Expected {
  readonly text: string;
  holds(value: string): boolean;
}

/** What the text of a value without parts has to be like, if there is anything to be said of it. */
function expectedOf(seen: Seen): Expected | undefined {
  const { int, float, bool, enum: enumerator, text, library } = seen;
  if (int !== undefined) return { text: int, holds: (value) => /^-?\d+/.exec(value)?.[0] === int };
  if (float !== undefined) return { text: float, holds: (value) => isSameNumber(value, float) };
  if (bool !== undefined) return { text: String(bool), holds: (value) => value === String(bool) };
  if (enumerator !== undefined) {
    const names = enumerator.replaceAll(" | ", "|");
    return { text: names, holds: (value) => value === names };
  }
  if (seen.function !== undefined) {
    return { text: seen.function, holds: (value) => value.includes(`(${seen.function}`) };
  }
  if (typeof text === "string") {
    return { text, holds: (value) => isText(value, Buffer.from(text, "hex")) };
  }
  if (seen.null !== undefined) {
    return { text: seen.null ? "null" : "not null", holds: (value) => isNull(value) === seen.null };
  }
  return typeof library === "string" ? expectedOfLibrary(library) : undefined;
}

/** Texts, and how many elements there are; what else LLDB says of the standard library is in words of its own. */
function expectedOfLibrary(summary: string): Expected | undefined {
  const quoted = readQuoted(summary);
  if (quoted) return { text: summary, holds: (value) => isText(value, quoted.bytes) };
  const size = /^size=\d+/.exec(summary)?.[0];
  if (size === undefined) return undefined;
  return { text: size, holds: (value) => /^size=\d+/.exec(value)?.[0] === size };
}

/** Whether a value shows a text, or as much of it as there is room for. */
function isText(value: string, bytes: Buffer): boolean {
  const ours = readQuoted(value);
  return ours !== undefined && (ours.isCut ? bytes.subarray(0, ours.bytes.length) : bytes).equals(ours.bytes);
}

const isNull = (value: string): boolean => /^(0x0+|nullptr)\b/.test(value);

/** LLDB writes fewer digits than numbers have. */
function isSameNumber(ours: string, theirs: string): boolean {
  const [a, b] = [numberOf(ours), numberOf(theirs)];
  return Object.is(a, b) || Math.abs(a - b) <= Math.abs(a) * 1e-14;
}

const numberOf = (text: string): number => Number(text.replace(/^(-?)inf$/, "$1Infinity"));
