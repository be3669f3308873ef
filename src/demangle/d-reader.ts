import { Reader } from "./reader.ts";

/** What a name of D is read with. */
export class DReader extends Reader {
  readonly grammar: DGrammar;

  constructor(text: string, grammar: DGrammar) {
    super(text);
    this.grammar = grammar;
  }
}

/** How names are read, for types and values, which have names in them as names have them. @throws {NotMangled} */
export interface DGrammar {
  /** `_D`, a name and its type. */
  mangled(reader: DReader): string;
  /** A name alone. */
  qualifiedName(reader: DReader): string;
}
