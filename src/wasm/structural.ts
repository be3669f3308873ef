import { BLOCK, CATCH, CATCH_ALL, DELEGATE, ELSE, END, LOOP, TRY, TRY_TABLE } from "./instructions.ts";

/** Whether an instruction does nothing but open, divide or close a block. */
export function onlyStructures(opcode: number): boolean {
  switch (opcode) {
    case BLOCK:
    case LOOP:
    case ELSE:
    case END:
    case TRY:
    case TRY_TABLE:
    case CATCH:
    case CATCH_ALL:
    case DELEGATE:
      return true;
    default:
      return false;
  }
}
