import { parseArgs } from "node:util";
import { closestTo } from "./closest.ts";
import { UsageError } from "./usage-error.ts";

/** An option of a command: how it is read and what help says of it. */
export interface OptionSpec {
  readonly name: string;
  /** One letter that does as well. */
  readonly short?: string;
  /** What its value is called in help; absent for an option that is there or not. */
  readonly value?: string;
  /** Whether it may be given more than once. */
  readonly isMany?: boolean;
  readonly about: string;
}

/** Options with a title, as help shows them. */
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly OptionSpec[];
}

/** What a command line has of the options, and the words that are none. */
export class ReadOptions {
  readonly words: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(words: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.words = words;
    this.#values = values;
  }

  /** The value of an option; the last one where it was given more than once. */
  text(name: string): string | undefined {
    return this.texts(name).at(-1);
  }

  /** Its values, in their order. */
  texts(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  has(name: string): boolean {
    return this.#values[name] === true;
  }
}

/** Reads a command line. @throws {UsageError} with one sentence. */
export function readOptions(args: readonly string[], groups: readonly OptionGroup[]): ReadOptions {
  const specs = groups.flatMap(({ options }) => options);
  const options = Object.fromEntries(
    specs.map(({ name, short, value }) => [
      name,
      {
        ...(value === undefined ? { type: "boolean" as const } : { type: "string" as const, multiple: true }),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return new ReadOptions(positionals, values);
  } catch (error) {
    throw new UsageError(sentenceOf(error, specs));
  }
}

/** The first sentence of what Node says, with the option that was meant if that can be guessed. */
function sentenceOf(error: unknown, specs: readonly OptionSpec[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const [sentence = ""] = message.split(/\. |\n/);
  const [, unknown] = /^Unknown option '--([^'=]+)/.exec(message) ?? [];
  const near =
    unknown === undefined
      ? undefined
      : closestTo(
          unknown,
          specs.map(({ name }) => name),
        );
  const hint = near === undefined ? "" : ` Did you mean \`--${near}\`?`;
  return `${sentence.replace(/\.$/, "")}.${hint}`;
}

/** `NAME=VALUE` pairs. @throws {UsageError} */
export function pairs(option: string, form: string, values: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf("=");
      if (at <= 0) throw new UsageError(`\`${option}\` must be ${form}, but is \`${value}\`.`);
      return [value.slice(0, at), value.slice(at + 1)];
    }),
  );
}

/** Cuts at commas that are not inside brackets or quotes of an expression. */
export function splitList(list: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let quote: string | undefined;
  let item = "";
  for (const character of list) {
    if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if (character === "," && depth === 0 && quote === undefined) {
      items.push(item);
      item = "";
    } else item += character;
  }
  return [...items, item].map((one) => one.trim()).filter((one) => one !== "");
}
