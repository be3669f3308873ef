import type { CodeReader } from "../wasm/code-reader.ts";
import { BLOCK, CATCH, CATCH_ALL, DELEGATE, END, IF, LOOP, TRY, TRY_TABLE } from "../wasm/instructions.ts";

/**
 * Where a function may go on after it has caught an exception: behind its `catch` and `catch_all`, and where the labels
 * of its `try_table`s lead, as `ModuleOffset`s in rising order. Not where that is the end of the function.
 *
 * @param reader Stands before the body's first instruction.
 * @throws {MalformedError} as `CodeReader.next`.
 */
export function catchPlaces(reader: CodeReader): readonly number[] {
  const places = new Set<number>();
  const labels: number[] = [];
  // Of each open block: where its loop begins, 0 for others; and whether exceptions lead to its label.
  const loops: number[] = [0];
  const isTarget: boolean[] = [false];
  while (reader.next()) {
    switch (reader.opcode) {
      case TRY_TABLE:
        reader.catchLabels(labels);
        for (const label of labels) {
          const block = loops.length - 1 - label;
          const loop = loops[block] ?? 0;
          if (loop > 0) places.add(loop);
          else isTarget[block] = true;
        }
        loops.push(0);
        isTarget.push(false);
        break;
      case LOOP:
      case BLOCK:
      case IF:
      case TRY:
        loops.push(reader.opcode === LOOP ? reader.end : 0);
        isTarget.push(false);
        break;
      case CATCH:
      case CATCH_ALL:
        places.add(reader.end);
        break;
      case END:
      case DELEGATE:
        loops.pop();
        if (isTarget.pop() && loops.length > 0) places.add(reader.end);
    }
  }
  return [...places].sort((a, b) => a - b);
}
