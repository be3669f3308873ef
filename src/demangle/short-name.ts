/** Characters of a name that are read at a glance: longer ones lose what is deep within their template arguments. */
const comfortable = 100;

/**
 * A name of a function or type with less in it to read: without the parts of it that everybody leaves out, and, where
 * it is long even so, with `…` in place of arguments within arguments, or of all of them.
 *
 * What is left out is what the language itself fills in: the namespace for a version of the library, default arguments
 * of its templates, tags for its ABI. So a short name may stand for several long ones but never for something else.
 */
export function shortName(name: string): string {
  // Most names have nothing that could be left out.
  if (!/[<[]|\d::/.test(name)) return name;
  const plain = withoutVersions(name.replace(/\[abi:[^\]]*\]/g, "").replace(/\bstd::__\w*\d::/g, "std::"));
  const reader = new Reader(plain);
  const parts = reader.sequence();
  // Brackets that do not match are no arguments.
  if (!reader.isWhole) return plain;
  for (const depth of [Number.POSITIVE_INFINITY, 2, 1]) {
    const text = written(parts, depth);
    if (text.length <= comfortable || depth === 1) return text;
  }
  return plain;
}

/** A name without the inline namespaces that stand for versions of a library: `std::__2`, `fmt::v9`, `nlohmann::json_abi_v3_11_2`. */
export function withoutVersions(name: string): string {
  return name.replace(/(^|::)(?:__\d+|v\d+|\w+_v\d+(?:_\d+)*)(?=::)/g, "").replace(/^::/, "");
}

/** Text as it is, or a list in angle brackets. */
type Part = string | readonly Argument[];

interface Argument {
  readonly parts: readonly Part[];
  /** With all that is in it, without what everybody leaves out. */
  readonly text: string;
}

/** Lists within lists, at most: names come from modules of anyone. */
const maxDepth = 100;

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #isBroken = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether all of the text could be read. */
  get isWhole(): boolean {
    return !this.#isBroken && this.#at >= this.#text.length;
  }

  /** Up to the end, or to a comma or bracket that belongs to who asked. */
  sequence(inList = false): readonly Part[] {
    const parts: Part[] = [];
    let text = "";
    let parentheses = 0;
    while (!this.#isBroken && this.#at < this.#text.length) {
      const rest = this.#text.slice(this.#at, this.#at + 16);
      const operator = /^operator(?:<=>|<<=|>>=|<<|>>|<=|>=|->\*|->|<|>)|^->|^=>/.exec(rest)?.[0];
      if (operator) {
        text += operator;
        this.#at += operator.length;
        continue;
      }
      const char = this.#text[this.#at] as string;
      if (char === "<") {
        this.#at++;
        parts.push(text, this.#list());
        text = "";
        continue;
      }
      if (char === ">" || (char === "," && inList && parentheses === 0)) break;
      if (char === "(") parentheses++;
      if (char === ")") parentheses--;
      text += char;
      this.#at++;
    }
    parts.push(text);
    return parts;
  }

  #list(): readonly Argument[] {
    const list: Argument[] = [];
    if (++this.#depth > maxDepth) this.#isBroken = true;
    while (!this.#isBroken) {
      const parts = this.sequence(true);
      list.push({ parts, text: written(parts, Number.POSITIVE_INFINITY).trim() });
      const end = this.#text[this.#at++];
      if (end === ">") break;
      if (end !== ",") this.#isBroken = true;
    }
    this.#depth--;
    return list;
  }
}

function written(parts: readonly Part[], depth: number): string {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    // A type with its trait in front of a method is no list of arguments.
    else if (/(?:^|[^\w>})\]"'$…])$/.test(text)) text += `<${written(part[0]?.parts ?? [], depth)}>`;
    else text = withArguments(text, part, depth);
  }
  return text;
}

function withArguments(before: string, list: readonly Argument[], depth: number): string {
  const template = /[\w:]*$/.exec(before)?.[0] ?? "";
  const start = before.slice(0, before.length - template.length);
  const texts = list.map(({ text }) => text);
  const kept = withoutDefaults(template, texts);
  if (template === "std::basic_string" && kept.length === 1) {
    const alias = strings.get(kept[0] ?? "");
    if (alias) return start + alias;
  }
  if (depth <= 1) return `${before}<…>`;
  if (depth === Number.POSITIVE_INFINITY) return `${before}<${kept.join(", ")}>`;
  const shown = kept.map((_, index) => written(list[index]?.parts ?? [], depth - 1).trim());
  return `${before}<${shown.join(", ")}>`;
}

const strings = new Map([
  ["char", "std::string"],
  ["wchar_t", "std::wstring"],
  ["char8_t", "std::u8string"],
  ["char16_t", "std::u16string"],
  ["char32_t", "std::u32string"],
]);

/** Arguments without those at the end that the library's templates have by themselves. */
function withoutDefaults(template: string, all: readonly string[]): readonly string[] {
  const [first = "", second = ""] = all;
  const defaults = [
    /^std::/.test(template)
      ? [
          ...["allocator", "less", "hash", "equal_to", "default_delete", "char_traits"].map(
            (name) => `std::${name}<${first}>`,
          ),
          `std::allocator<std::pair<const ${first}, ${second}>>`,
          `std::allocator<std::pair<${first} const, ${second}>>`,
        ]
      : ["alloc::alloc::Global", "std::hash::random::RandomState"],
  ].flat();
  let count = all.length;
  while (count > 1 && defaults.includes(withoutSpaces(all[count - 1] ?? ""))) count--;
  return all.slice(0, count);
}

/** Brackets that close one after another once had to be kept apart. */
function withoutSpaces(text: string): string {
  return text.replace(/> +(?=>)/g, ">");
}
