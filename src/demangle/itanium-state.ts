import type { Part } from "./declarator.ts";
import { Reader } from "./reader.ts";

/** What is known while one mangled C++ name is read. */
export class ItaniumState {
  readonly reader: Reader;
  /** What `S_`, `S0_` and so on stand for. */
  readonly substitutions: Part[] = [];
  /** What `T_`, `T0_` and so on stand for: the arguments of the innermost template named in the encoding. */
  parameters: readonly Part[] = [];
  /** Whether the parameters of a lambda are read, of which those without a type are its own templates'. */
  inLambda = false;
  /** Whether what a template requires is read, in which parameters of templates around have no arguments. */
  inConstraint = false;

  constructor(text: string) {
    this.reader = new Reader(text);
  }

  remember(part: Part): Part {
    this.reader.made(part.left + part.right);
    this.substitutions.push(part);
    return part;
  }
}
