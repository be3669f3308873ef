/** Escape sequences of terminals: of style and movement, and of titles and links. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-Z\\^-~])/g;
/** The beginning of one whose end is still to come. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const unfinished = /\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b]*\u001b?|[ -/]*)$/;
/** A beginning that is longer than this is none. */
const longestSequence = 256;

/** Text without the escape sequences in it, for clients that would show them as they are. Pieces may end within a sequence. */
export class PlainText {
  #rest = "";

  /** What is certain of a piece. */
  take(piece: string): string {
    const text = (this.#rest + piece).replace(sequences, "");
    const begun = unfinished.exec(text);
    this.#rest = begun && text.length - begun.index <= longestSequence ? text.slice(begun.index) : "";
    return text.slice(0, text.length - this.#rest.length);
  }
}
