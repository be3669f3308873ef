import type { TargetOutput } from "../../src/target/target.ts";

/** A byte order mark is the program's own output: it stays. */
const newDecoder = () => new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The text a program prints, from bytes that arrive in pieces.
 *
 * A character whose bytes are split over two pieces comes with the second. Bytes that are no UTF-8 are
 * replaced, never dropped.
 */
export class OutputDecoder {
  readonly #decoders = { stdout: newDecoder(), stderr: newDecoder() };

  /** The text of a piece; empty while a character is not complete. */
  decode({ stream, bytes }: TargetOutput): string {
    return this.#decoders[stream].decode(bytes, { stream: true });
  }

  /** What was left of each stream when the program ended. */
  end(): readonly { readonly stream: TargetOutput["stream"]; readonly text: string }[] {
    return (["stdout", "stderr"] as const)
      .map((stream) => ({ stream, text: this.#decoders[stream].decode() }))
      .filter(({ text }) => text !== "");
  }
}
