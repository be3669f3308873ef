import { readBackReference } from "./d-back-references.ts";
import type { DReader } from "./d-reader.ts";
import { NotMangled } from "./reader.ts";

const basic: Readonly<Record<string, string>> = {
  ...{
    v: "void",
    g: "byte",
    h: "ubyte",
    s: "short",
    t: "ushort",
    i: "int",
    k: "uint",
    l: "long",
    m: "ulong",
  },
  ...{ f: "float", d: "double", e: "real", o: "ifloat", p: "idouble", j: "ireal", q: "cfloat", r: "cdouble" },
  ...{ c: "creal", b: "bool", a: "char", u: "wchar", w: "dchar", n: "typeof(null)" },
};

/** What comes in front of the types of functions that are called as another language's are. */
const conventions: Readonly<Record<string, string>> = {
  ...{ F: "", U: "extern(C) ", W: "extern(Windows) ", V: "extern(Pascal) " },
  ...{ R: "extern(C++) ", Y: "extern(Objective-C) " },
};

export const isCallConvention = (letter: string): boolean => /^[FUWVRY]$/.test(letter);

/** A type as D writes it. @throws {NotMangled} */
export function readType(reader: DReader): string {
  return reader.nested(() => reader.made(readPlain(reader)));
}

function readPlain(reader: DReader): string {
  const letter = reader.peek();
  if (letter === "Q") return readBackReference(reader, readType);
  if (isCallConvention(letter)) return readFunction(reader, "function", "");
  reader.next();
  const known = basic[letter];
  if (known !== undefined) return known;
  switch (letter) {
    case "x":
      return `const(${readType(reader)})`;
    case "y":
      return `immutable(${readType(reader)})`;
    case "O":
      return `shared(${readType(reader)})`;
    case "A":
      return `${readType(reader)}[]`;
    case "G": {
      const count = reader.match(/\d+/y);
      return `${readType(reader)}[${count}]`;
    }
    case "H": {
      const key = readType(reader);
      return `${readType(reader)}[${key}]`;
    }
    case "P":
      return isFunction(reader) ? readType(reader) : `${readType(reader)}*`;
    case "D":
      return readDelegate(reader);
    case "C":
    case "S":
    case "E":
    case "T":
    case "I":
      return reader.grammar.qualifiedName(reader);
    case "B": {
      // Types in a row.
      const count = Number(reader.match(/\d+/y));
      const types: string[] = [];
      for (let index = 0; index < count; index++) types.push(readType(reader));
      return `tuple(${types.join(", ")})`;
    }
    case "N":
      return readRare(reader);
    case "z":
      if (reader.take("i")) return "cent";
      reader.expect("k");
      return "ucent";
    default:
      throw new NotMangled();
  }
}

function readRare(reader: DReader): string {
  switch (reader.next()) {
    case "g":
      return `inout(${readType(reader)})`;
    case "h":
      return `__vector(${readType(reader)})`;
    case "n":
      return "noreturn";
    default:
      throw new NotMangled();
  }
}

/** Whether what is pointed to is a function: there are pointers to it and no values of it. */
function isFunction(reader: DReader): boolean {
  if (reader.peek() !== "Q") return isCallConvention(reader.peek());
  const here = reader.position;
  const result = readBackReference(reader, (there) => isCallConvention(there.peek()));
  reader.position = here;
  return result;
}

function readDelegate(reader: DReader): string {
  const modifiers = suffixModifiers(reader);
  if (reader.peek() === "Q")
    return readBackReference(reader, (there) => readFunction(there, "delegate", modifiers));
  return readFunction(reader, "delegate", modifiers);
}

/** ` const` and the like, as they stand behind a method's parameters. */
export function suffixModifiers(reader: DReader): string {
  let text = "";
  for (;;) {
    if (reader.take("x")) text += " const";
    else if (reader.take("y")) text += " immutable";
    else if (reader.take("O")) text += " shared";
    else if (reader.take("Ng")) text += " inout";
    else return text;
  }
}

function readFunction(reader: DReader, word: "function" | "delegate", modifiers: string): string {
  return reader.nested(() => {
    const { convention, attributes, list } = readParameters(reader);
    const result = readType(reader);
    return reader.made(`${convention}${result} ${word}(${list})${attributes}${modifiers}`);
  });
}

const attributes: Readonly<Record<string, string>> = {
  ...{ a: " pure", b: " nothrow", c: " ref", d: " @property", e: " @trusted", f: " @safe" },
  ...{ i: " @nogc", j: " return", l: " scope", m: " @live" },
};

/** A function's type up to its result. */
export function readParameters(reader: DReader): {
  readonly convention: string;
  readonly attributes: string;
  /** As between parentheses. */
  readonly list: string;
} {
  const convention = conventions[reader.next()];
  if (convention === undefined) throw new NotMangled();
  let words = "";
  // `Ng`, `Nh`, `Nk` and `Nn` are no attributes: with them a parameter begins.
  while (reader.peek() === "N" && attributes[reader.peek(1)] !== undefined) {
    reader.next();
    words += attributes[reader.next()];
  }
  const parameters: string[] = [];
  for (;;) {
    if (reader.take("Z")) break;
    if (reader.take("X")) {
      parameters.push(`${parameters.pop() ?? ""}...`);
      break;
    }
    if (reader.take("Y")) {
      parameters.push("...");
      break;
    }
    parameters.push(readParameter(reader));
  }
  return { convention, attributes: words, list: reader.made(parameters.join(", ")) };
}

function readParameter(reader: DReader): string {
  let storage = "";
  for (;;) {
    if (reader.take("M")) storage += "scope ";
    else if (reader.take("Nk")) storage += "return ";
    else if (reader.take("J")) storage += "out ";
    else if (reader.take("K")) storage += "ref ";
    else if (reader.take("L")) storage += "lazy ";
    else if (reader.take("I")) storage += "in ";
    else return storage + readType(reader);
  }
}
