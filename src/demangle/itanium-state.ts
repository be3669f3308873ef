import type { Part } from "./declarator.ts";
import { Reader } from "./reader.ts";

/** What is known while one mangled C++ name is read. */
export class ItaniumState {
  readonly reader: Reader;
  readonly grammar: ItaniumGrammar;
  /** What `S_`, `S0_` and so on stand for. */
  readonly substitutions: Part[] = [];
  /** What `T_`, `T0_` and so on stand for: the arguments of the innermost template named in the encoding. */
  parameters: readonly Part[] = [];
  /** Whether the parameters of a lambda are read, of which those without a type are its own templates'. */
  inLambda = false;
  /** Whether what a template requires is read, in which parameters of templates around have no arguments. */
  inConstraint = false;

  constructor(text: string, grammar: ItaniumGrammar) {
    this.reader = new Reader(text);
    this.grammar = grammar;
  }

  remember(part: Part): Part {
    this.reader.made(part.left + part.right);
    this.substitutions.push(part);
    return part;
  }
}

/**
 * The readers that are part of what they have parts of: a name has types in it, types have names and expressions, and
 * an expression may name a function with all its parameters. @throws {NotMangled}
 */
export interface ItaniumGrammar {
  /** `<encoding>`: the name of a function with its parameters, or of a variable. */
  encoding(state: ItaniumState): string;
  name(state: ItaniumState, facts: NameFacts | undefined): string;
  /** With `tag`, they are what template parameters stand for from here on. */
  templateArguments(state: ItaniumState, tag: boolean): string;
  expression(state: ItaniumState): string;
}

/** What the name of a function tells about how the rest of it is written. */
export interface NameFacts {
  /** Whether it ends in template arguments, and so has its result in front. */
  isTemplate: boolean;
  /** Constructors, destructors and conversions have no result. */
  hasNoResult: boolean;
  /** Qualifiers of a member function, behind its parameters. */
  qualifiers: string;
}
