import type { Launched } from "../../launch/launch.ts";
import { CommandError } from "./command-error.ts";
import type { ProgramInput } from "./debug-console.ts";

/**
 * Input that commands give, a line at a time.
 *
 * A program that has been given nothing before it begins finds that there is nothing: whoever follows commands from a
 * file cannot be asked for more. Where something was given, more may come until `eof`.
 */
export class CommandedInput implements ProgramInput {
  readonly #hasFile: boolean;
  #program: Launched | undefined;
  /** What was given for the program that is to run next: another may take the place of the one that is loaded. */
  #given: (string | undefined)[] = [];
  #isUnderWay = false;

  /** `hasFile`: the program reads a file, and nothing else. */
  constructor({ hasFile }: { readonly hasFile: boolean }) {
    this.#hasFile = hasFile;
  }

  attach(program: Launched): void {
    this.#program = program;
    this.#isUnderWay = false;
    for (const text of this.#given) program.writeStdin(encoded(text));
  }

  begins(): void {
    if (this.#given.length === 0 && !this.#hasFile) this.#program?.writeStdin(undefined);
    this.#given = [];
    this.#isUnderWay = true;
  }

  ended(): void {
    this.#isUnderWay = false;
    this.#program = undefined;
  }

  give(text: string | undefined): void {
    if (this.#hasFile)
      throw new CommandError("The program reads the file of `--stdin`, not what commands give it.");
    if (!this.#isUnderWay) this.#given.push(text);
    this.#program?.writeStdin(encoded(text));
  }
}

/** Input that comes from a stream: what this command itself has to read. */
export class PassedInput implements ProgramInput {
  readonly #stream: NodeJS.ReadableStream;
  #program: Launched | undefined;
  #isBegun = false;
  #hasEnded = false;

  constructor(stream: NodeJS.ReadableStream) {
    this.#stream = stream;
  }

  attach(program: Launched): void {
    this.#program = program;
    if (this.#hasEnded) program.writeStdin(undefined);
    if (this.#isBegun) return;
    this.#isBegun = true;
    const end = (): void => {
      this.#hasEnded = true;
      this.#program?.writeStdin(undefined);
    };
    this.#stream.on("data", (chunk: Buffer) => this.#program?.writeStdin(chunk));
    this.#stream.on("end", end);
    this.#stream.on("error", end);
  }
}

const encoded = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : new TextEncoder().encode(text);
