/** Names of types that are one letter in a mangled name. */
const builtins = new Map([
  ["v", "void"],
  ["w", "wchar_t"],
  ["b", "bool"],
  ["c", "char"],
  ["a", "signed char"],
  ["h", "unsigned char"],
  ["s", "short"],
  ["t", "unsigned short"],
  ["i", "int"],
  ["j", "unsigned int"],
  ["l", "long"],
  ["m", "unsigned long"],
  ["x", "long long"],
  ["y", "unsigned long long"],
  ["f", "float"],
  ["d", "double"],
]);

/**
 * The qualified name of a class from the text in its `type_info`, as the debug info writes it: `6Circle` is
 * `Circle`, `N6shapes3BoxIiEE` is `shapes::Box<int>`.
 *
 * Ends at the first zero. `undefined` for names with parts that classes one is likely to meet do not have.
 * Source: Itanium C++ ABI, "Mangling".
 */
export function readTypeInfoName(bytes: Uint8Array): string | undefined {
  return read(bytes, (reader) => reader.name());
}

/** As `readTypeInfoName`, for any type: `i` is `int`, `P5Error` is `Error *`. */
export function readTypeInfoType(bytes: Uint8Array): string | undefined {
  return read(bytes, (reader) => reader.type());
}

function read(bytes: Uint8Array, what: (reader: NameReader) => string | undefined): string | undefined {
  const end = bytes.indexOf(0);
  if (end < 1) return undefined;
  const text = String.fromCharCode(...bytes.subarray(0, end));
  // What is not to be compared by address has a star in front.
  const reader = new NameReader(text.startsWith("*") ? text.slice(1) : text);
  const name = what(reader);
  return reader.atEnd ? name : undefined;
}

class NameReader {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#position === this.#text.length;
  }

  name(): string | undefined {
    if (++this.#depth > 20) return undefined;
    if (this.#accept("St")) {
      const inStd = this.#source();
      const full = inStd === undefined ? undefined : this.#withArguments(inStd);
      return full && `std::${full}`;
    }
    if (!this.#accept("N")) {
      const only = this.#source();
      return only === undefined ? undefined : this.#withArguments(only);
    }
    const parts: string[] = [];
    while (!this.#accept("E")) {
      if (this.#accept("St")) parts.push("std");
      else {
        const part = this.#source();
        const full = part === undefined ? undefined : this.#withArguments(part);
        if (full === undefined) return undefined;
        parts.push(full);
      }
    }
    return parts.join("::");
  }

  /** A length and as many characters. */
  #source(): string | undefined {
    const digits = /^[1-9]\d{0,3}/.exec(this.#text.slice(this.#position))?.[0];
    if (digits === undefined) return undefined;
    const start = this.#position + digits.length;
    this.#position = start + Number(digits);
    if (this.#position > this.#text.length) return undefined;
    const name = this.#text.slice(start, this.#position);
    return name.startsWith("_GLOBAL__N") ? "(anonymous)" : name;
  }

  #withArguments(name: string): string | undefined {
    if (!this.#accept("I")) return name;
    const types: string[] = [];
    while (!this.#accept("E")) {
      const type = this.type();
      if (type === undefined) return undefined;
      types.push(type);
    }
    const joined = types.join(", ");
    return `${name}<${joined}${joined.endsWith(">") ? " " : ""}>`;
  }

  type(): string | undefined {
    if (this.#accept("K")) {
      const target = this.type();
      return target && `const ${target}`;
    }
    if (this.#accept("P")) {
      const target = this.type();
      return target && (target.endsWith("*") ? `${target}*` : `${target} *`);
    }
    const letter = this.#text[this.#position] ?? "";
    const builtin = builtins.get(letter);
    if (builtin) {
      this.#position++;
      return builtin;
    }
    return this.name();
  }

  #accept(text: string): boolean {
    if (!this.#text.startsWith(text, this.#position)) return false;
    this.#position += text.length;
    return true;
  }
}
