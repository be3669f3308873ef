import { decodePunycode } from "./punycode.ts";
import { NotMangled, Reader } from "./reader.ts";

/**
 * A name in Rust's v0 mangling, without hashes of crates; `undefined` for any other. Source: RFC 2603, "Symbol Name Mangling v0".
 */
export function demangleRustV0(name: string): string | undefined {
  const [, body = ""] = /^_R([A-Z].*)$/s.exec(name) ?? [];
  // What a linker or LLVM has added is no part of it.
  const end = body.search(/[.$]/);
  const symbol = end < 0 ? body : body.slice(0, end);
  if (symbol === "") return undefined;
  try {
    const parser = new RustParser(symbol);
    const path = parser.path(true);
    // The crate that it was instantiated in.
    if (!parser.reader.atEnd) parser.path(false);
    return parser.reader.atEnd ? path : undefined;
  } catch (error) {
    if (error instanceof NotMangled) return undefined;
    throw error;
  }
}

const basicTypes: Readonly<Record<string, string>> = {
  ...{
    a: "i8",
    b: "bool",
    c: "char",
    d: "f64",
    e: "str",
    f: "f32",
    h: "u8",
    i: "isize",
    j: "usize",
    l: "i32",
  },
  ...{
    m: "u32",
    n: "i128",
    o: "u128",
    s: "i16",
    t: "u16",
    u: "()",
    v: "...",
    x: "i64",
    y: "u64",
    z: "!",
    p: "_",
  },
};

class RustParser {
  readonly reader: Reader;
  /** Lifetimes of the `for<…>`s around. */
  #bound = 0;

  constructor(symbol: string) {
    this.reader = new Reader(symbol);
  }

  /** `inValue`: where type arguments stand behind `::`. */
  path(inValue: boolean): string {
    return this.reader.nested(() => this.#path(inValue));
  }

  #path(inValue: boolean): string {
    const { reader } = this;
    switch (reader.next()) {
      case "C":
        this.#disambiguator();
        return this.#identifier();
      case "M": {
        this.#disambiguator();
        this.path(false);
        return `<${this.#type()}>`;
      }
      case "X": {
        this.#disambiguator();
        this.path(false);
        const type = this.#type();
        return reader.made(`<${type} as ${this.path(false)}>`);
      }
      case "Y": {
        const type = this.#type();
        return reader.made(`<${type} as ${this.path(false)}>`);
      }
      case "N":
        return this.#nestedPath(inValue);
      case "I": {
        const generic = this.path(inValue);
        const args = this.#list(() => this.#genericArgument());
        return reader.made(`${generic}${inValue ? "::" : ""}<${args.join(", ")}>`);
      }
      case "B":
        return this.#backReference(() => this.path(inValue));
      default:
        throw new NotMangled();
    }
  }

  #nestedPath(inValue: boolean): string {
    const namespace = this.reader.next();
    const path = this.path(inValue);
    const number = this.#disambiguator();
    const name = this.#identifier();
    if (!/[A-Z]/.test(namespace)) return this.reader.made(name === "" ? path : `${path}::${name}`);
    const kind = namespace === "C" ? "closure" : namespace === "S" ? "shim" : namespace;
    return this.reader.made(`${path}::{${kind}${name === "" ? "" : `:${name}`}#${number}}`);
  }

  #genericArgument(): string {
    if (this.reader.take("L")) return this.#lifetime(this.#base62());
    if (this.reader.take("K")) return this.#constant(false);
    return this.#type();
  }

  #type(): string {
    return this.reader.nested(() => this.#readType());
  }

  #readType(): string {
    const { reader } = this;
    const tag = reader.peek();
    const basic = basicTypes[tag];
    if (basic !== undefined) {
      reader.next();
      return basic;
    }
    switch (tag) {
      case "R":
      case "Q": {
        reader.next();
        const lifetime = reader.take("L") ? this.#base62() : 0;
        const name = lifetime === 0 ? "" : `${this.#lifetime(lifetime)} `;
        return reader.made(`&${name}${tag === "Q" ? "mut " : ""}${this.#type()}`);
      }
      case "P":
      case "O":
        reader.next();
        return reader.made(`*${tag === "P" ? "const" : "mut"} ${this.#type()}`);
      case "A": {
        reader.next();
        const element = this.#type();
        return reader.made(`[${element}; ${this.#constant(true)}]`);
      }
      case "S":
        reader.next();
        return reader.made(`[${this.#type()}]`);
      case "T": {
        reader.next();
        const types = this.#list(() => this.#type());
        return reader.made(`(${types.join(", ")}${types.length === 1 ? "," : ""})`);
      }
      case "F":
        reader.next();
        return this.#binder(() => this.#functionType());
      case "D":
        reader.next();
        return this.#traitObject();
      case "B":
        reader.next();
        return this.#backReference(() => this.#type());
      default:
        return this.path(false);
    }
  }

  #functionType(): string {
    const { reader } = this;
    const unsafe = reader.take("U") ? "unsafe " : "";
    let abi = "";
    if (reader.take("K")) {
      const name = reader.take("C") ? "C" : this.#undisambiguated().replaceAll("_", "-");
      abi = `extern "${name}" `;
    }
    const parameters = this.#list(() => this.#type());
    const result = reader.take("u") ? "" : ` -> ${this.#type()}`;
    return reader.made(`${unsafe}${abi}fn(${parameters.join(", ")})${result}`);
  }

  #traitObject(): string {
    const { reader } = this;
    const traits = this.#binder(() => this.#list(() => this.#dynamicTrait()).join(" + "));
    if (!reader.take("L")) throw new NotMangled();
    const lifetime = this.#base62();
    return reader.made(`dyn ${traits}${lifetime === 0 ? "" : ` + ${this.#lifetime(lifetime)}`}`);
  }

  #dynamicTrait(): string {
    const { reader } = this;
    let path = this.path(false);
    while (reader.take("p")) {
      const name = this.#undisambiguated();
      const binding = `${name} = ${this.#type()}`;
      path = path.endsWith(">") ? `${path.slice(0, -1)}, ${binding}>` : `${path}<${binding}>`;
      reader.made(path);
    }
    return path;
  }

  #binder(inner: () => string): string {
    const count = this.reader.take("G") ? this.#base62() + 1 : 0;
    if (count > 100) throw new NotMangled();
    this.#bound += count;
    const names = Array.from({ length: count }, (_, index) => this.#lifetime(count - index));
    const text = inner();
    this.#bound -= count;
    return this.reader.made(count === 0 ? text : `for<${names.join(", ")}> ${text}`);
  }

  /** 1 is the innermost one bound, 0 one that has no name. */
  #lifetime(index: number): string {
    if (index === 0) return "'_";
    const depth = this.#bound - index;
    if (depth < 0) throw new NotMangled();
    return depth < 26 ? `'${String.fromCharCode(97 + depth)}` : `'_${depth}`;
  }

  #constant(inType: boolean): string {
    return this.reader.nested(() => this.#readConstant(inType));
  }

  #readConstant(inType: boolean): string {
    const { reader } = this;
    const tag = reader.next();
    if (tag === "B") return this.#backReference(() => this.#constant(inType));
    if (tag === "p") return "_";
    if ("ailnsx".includes(tag)) return `${reader.take("n") ? "-" : ""}${this.#hexNumber()}`;
    if ("hjmoty".includes(tag)) return this.#hexNumber();
    if (tag === "b") return this.#hexNumber() === "0" ? "false" : "true";
    if (tag === "c") {
      const point = Number(this.#hexNumber());
      if (point > 0x10ffff) throw new NotMangled();
      return JSON.stringify(String.fromCodePoint(point)).replace(/^"|"$/g, "'");
    }
    throw new NotMangled();
  }

  #hexNumber(): string {
    const digits = this.reader.match(/[0-9a-f]*_/y).slice(0, -1);
    if (digits.length > 16) return `0x${digits}`;
    return BigInt(`0x${digits || "0"}`).toString();
  }

  #list<T>(read: () => T): T[] {
    const list: T[] = [];
    while (!this.reader.take("E")) list.push(read());
    return list;
  }

  #backReference(read: () => string): string {
    return this.reader.elsewhere(this.#base62(), read);
  }

  #disambiguator(): number {
    return this.reader.take("s") ? this.#base62() + 1 : 0;
  }

  #identifier(): string {
    return this.#undisambiguated();
  }

  #undisambiguated(): string {
    const { reader } = this;
    const isPunycode = reader.take("u");
    const length = Number(reader.match(/0|[1-9]\d*/y));
    reader.take("_");
    const text = reader.text(length);
    if (!isPunycode) return text;
    return decodePunycode(text) ?? `punycode{${text}}`;
  }

  /** `_` is 0, and digits count from 1. */
  #base62(): number {
    const digits = this.reader.match(/[0-9a-zA-Z]*_/y).slice(0, -1);
    if (digits === "") return 0;
    let value = 0;
    for (const digit of digits) value = value * 62 + base62Digits.indexOf(digit);
    return value + 1;
  }
}

const base62Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
