import type { CodeReader } from "../../src/wasm/code-reader.ts";
import { instructionInfo } from "../../src/wasm/instructions.ts";

interface Instruction {
  readonly offset: number;
  readonly name: string;
  readonly local: number;
  readonly labels: readonly number[];
  /** Positions of instructions that may come next. */
  readonly next: number[];
  /** Positions of handlers that may come next, before the instruction has done anything. */
  readonly handlers: number[];
}

interface OpenBlock {
  readonly start: number;
  readonly name: string;
  readonly dividers: number[];
  end: number;
}

/**
 * Locals live at each instruction of a function, by offset, computed the long way: every edge of control flow
 * written down, then sets joined along them until nothing changes.
 */
export function naiveLiveness(reader: CodeReader): Map<number, number[]> {
  const code = readCode(reader);
  connect(code);
  const live = code.map(() => new Set<number>());
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = code.length - 1; at >= 0; at--) {
      const { name, local, next, handlers } = code[at] as Instruction;
      const before = live[at] as Set<number>;
      const size = before.size;
      for (const each of next) {
        for (const one of live[each] ?? []) if (!(isSet(name) && one === local)) before.add(one);
      }
      for (const each of handlers) for (const one of live[each] ?? []) before.add(one);
      if (name === "local.get") before.add(local);
      if (before.size > size) changed = true;
    }
  }
  return new Map(code.map(({ offset }, at) => [offset, [...(live[at] ?? [])].sort((a, b) => a - b)]));
}

const isSet = (name: string): boolean => name === "local.set" || name === "local.tee";

function readCode(reader: CodeReader): Instruction[] {
  const code: Instruction[] = [];
  while (reader.next()) {
    const info = instructionInfo(reader.opcode);
    const [kind] = info?.immediates ?? [];
    const labels: number[] = [];
    if (kind === "labels") reader.labels(labels);
    else if (kind === "label") labels.push(reader.index());
    if (reader.mnemonic === "try_table") reader.catchLabels(labels);
    const local = kind === "local" ? reader.index() : -1;
    code.push({ offset: reader.offset, name: reader.mnemonic, local, labels, next: [], handlers: [] });
  }
  return code;
}

function connect(code: readonly Instruction[]): void {
  const blocks = findBlocks(code);
  const open: OpenBlock[] = [{ start: -1, name: "block", dividers: [], end: code.length }];
  code.forEach((instruction, at) => {
    const { name, labels, next, handlers } = instruction;
    const target = (label: number): number => {
      const block = open[open.length - 1 - label];
      return block?.name === "loop" ? block.start : (block?.end ?? code.length);
    };
    for (const block of open) handlers.push(...handlersOf(block, at, code));
    const block = blocks.get(at);
    if (block?.start === at) {
      if (name === "try_table") block.dividers.push(...labels.map(target));
      open.push(block);
    }
    if (name === "if") next.push((block?.dividers[0] ?? block?.end ?? at) + (block?.dividers.length ? 1 : 0));
    if (name.startsWith("br")) next.push(...labels.map(target));
    if (["else", "catch", "catch_all"].includes(name)) next.push(block?.end ?? at);
    else if (!leaves(name)) next.push(at + 1);
    if (name === "end" || name === "delegate") open.pop();
  });
}

/** Of an instruction within a block: where that block's handlers begin, if they guard it. */
function handlersOf(block: OpenBlock, at: number, code: readonly Instruction[]): number[] {
  if (block.name === "try_table") return block.dividers;
  if (block.name !== "try" || code[block.end]?.name === "delegate") return [];
  const [first = -1] = block.dividers;
  return at <= first ? block.dividers.map((divider) => divider + 1) : [];
}

const leaves = (name: string): boolean =>
  ["br", "br_table", "return", "unreachable", "throw", "rethrow", "throw_ref"].includes(name);

/** Each block under its start, its dividers and its end. */
function findBlocks(code: readonly Instruction[]): Map<number, OpenBlock> {
  const blocks = new Map<number, OpenBlock>();
  const open: OpenBlock[] = [];
  code.forEach(({ name }, at) => {
    if (["block", "loop", "if", "try", "try_table"].includes(name)) {
      const block = { start: at, name, dividers: [], end: at };
      open.push(block);
      blocks.set(at, block);
      return;
    }
    const block = open.at(-1);
    if (!block) return;
    if (["else", "catch", "catch_all"].includes(name)) block.dividers.push(at);
    else if (name === "end" || name === "delegate") open.pop();
    else return;
    block.end = at;
    blocks.set(at, block);
  });
  return blocks;
}
