import { readBackNumber, readBackReference } from "./d-back-references.ts";
import { DReader } from "./d-reader.ts";
import { isCallConvention, readParameters, readType, suffixModifiers } from "./d-types.ts";
import { readValue } from "./d-values.ts";
import { NotMangled } from "./reader.ts";

/**
 * A name in D's mangling with its parameters' types, as `t.Point.sum(int) const`; without its result and attributes.
 * `undefined` for any other.
 *
 * Source: the specification of D, "Application Binary Interface", on name mangling; the texts are those of binutils'
 * c++filt, but for functions and delegates, which stand as they do in source: `int delegate(uint)`.
 */
export function demangleD(name: string): string | undefined {
  if (name === "_Dmain") return "D main";
  try {
    const reader = new DReader(name, { mangled: readMangled, qualifiedName: readQualifiedName });
    const text = readMangled(reader);
    return reader.atEnd ? text : undefined;
  } catch (error) {
    if (error instanceof NotMangled) return undefined;
    throw error;
  }
}

/** `_D`, a name, and the type that it has: that of a variable, or the result of a function. Without one the compiler made it. */
function readMangled(reader: DReader): string {
  reader.expect("_D");
  const { text, modifiers, isTyped } = readNames(reader);
  if (!isTyped && !reader.take("Z")) readType(reader);
  return text + modifiers;
}

/** The name of a type, or of what a template is given: as many parts as there are. */
const readQualifiedName = (reader: DReader): string => readNames(reader).text;

interface Names {
  readonly text: string;
  /** ` const` of a method, which stands behind the last name and no other. */
  readonly modifiers: string;
  /** Set where no type follows: it has been read, or there is none. */
  readonly isTyped: boolean;
}

function readNames(reader: DReader): Names {
  return reader.nested(() => {
    const parts: string[] = [];
    let signature = noSignature;
    do {
      if (reader.take("0")) continue;
      const part = readPart(reader);
      const made = compilersOwn.get(part);
      if (made !== undefined && reader.take("Z")) {
        return { text: reader.made(`${made} for ${parts.join(".")}`), modifiers: "", isTyped: true };
      }
      // What functions of one name declare within them is told apart by a number around it.
      if (/^__S\d+$/.test(part) && beginsName(reader)) continue;
      signature = readSignature(reader);
      parts.push(part === "this(this)" ? part : part + signature.text);
    } while (!signature.isTyped && beginsName(reader));
    return { ...signature, text: reader.made(parts.join(".")) };
  });
}

/** What the compiler makes for a type or a module, by the name it gives it. */
const compilersOwn: ReadonlyMap<string, string> = new Map([
  ["__init", "initializer"],
  ["__vtbl", "vtable"],
  ["__Class", "ClassInfo"],
  ["__Interface", "Interface"],
  ["__ModuleInfo", "ModuleInfo"],
]);

/** What a name is called in source, where that is something else. */
const special: ReadonlyMap<string, string> = new Map([
  ["__ctor", "this"],
  ["__dtor", "~this"],
  ["__postblit", "this(this)"],
]);

/** Whether another name follows: by its length, as a template's instance, or as one that was there before. */
function beginsName(reader: DReader): boolean {
  const next = reader.peek();
  if (/\d/.test(next)) return true;
  if (next === "_") return reader.peek(1) === "_" && /[TU]/.test(reader.peek(2));
  if (next !== "Q") return false;
  const here = reader.position;
  const distance = reader.attempt(() => {
    reader.position = here + 1;
    return readBackNumber(reader);
  });
  reader.position = here;
  return distance !== undefined && /\d/.test(reader.textAt(here - distance));
}

function readPart(reader: DReader): string {
  if (reader.peek() === "Q") return readBackReference(reader, readPart);
  if (reader.peek() === "_") return readInstance(reader);
  const length = Number(reader.match(/\d+/y));
  const end = reader.position + length;
  // Compilers have put the length of the whole before an instance as well.
  if (/^__[TU]/.test(reader.peek() + reader.peek(1) + reader.peek(2))) {
    const instance = readInstance(reader);
    if (reader.position !== end) throw new NotMangled();
    return instance;
  }
  const text = reader.text(length);
  return special.get(text) ?? text;
}

const noSignature: Names = { text: "", modifiers: "", isTyped: false };

/** The types of a function's parameters, where the name is that of a function. */
function readSignature(reader: DReader): Names {
  const read = (): Names => {
    const isMethod = reader.take("M");
    const modifiers = isMethod ? suffixModifiers(reader) : "";
    const list = (from: DReader) => `(${readParameters(from).list})`;
    if (isCallConvention(reader.peek())) return { text: list(reader), modifiers, isTyped: false };
    // A type that was there before is there with its result.
    if (isMethod) return { text: readBackReference(reader, list), modifiers, isTyped: true };
    throw new NotMangled();
  };
  return reader.attempt(read) ?? noSignature;
}

/** `__T`, a name, what it is given, and `Z`: `largest!(int)`. */
function readInstance(reader: DReader): string {
  return reader.nested(() => {
    if (!reader.take("__T")) reader.expect("__U");
    const name = readPart(reader);
    const given: string[] = [];
    while (!reader.take("Z")) given.push(readArgument(reader));
    return reader.made(`${name}!(${given.join(", ")})`);
  });
}

function readArgument(reader: DReader): string {
  // One for which the template has a specialisation.
  reader.take("H");
  switch (reader.next()) {
    case "T":
      return readType(reader);
    case "S":
      return readSymbol(reader);
    case "V": {
      const at = reader.position;
      const type = readType(reader);
      return readValue(reader, { text: type, kind: kindOf(reader, at) });
    }
    case "X":
      return reader.text(Number(reader.match(/\d+/y)));
    default:
      throw new NotMangled();
  }
}

/** Digits of a length: names are shorter than a million characters. */
const longestNumber = 6;

/** A symbol that a template is given: mangled whole, or by its name, before which older compilers put the length of it. */
function readSymbol(reader: DReader): string {
  if (reader.peek() === "_" && reader.peek(1) === "D") return readMangled(reader);
  const here = reader.position;
  const digits = /\d/.test(reader.peek()) ? reader.match(/\d+/y) : "";
  // The length runs into that of the first name: as many of its digits count as make it come out right.
  for (let count = Math.min(digits.length, longestNumber); count > 0; count--) {
    reader.position = here + count;
    const end = here + count + Number(digits.slice(0, count));
    const text = reader.attempt(() =>
      reader.peek() === "_" ? readMangled(reader) : readQualifiedName(reader),
    );
    if (text !== undefined && reader.position === end) return text;
  }
  reader.position = here;
  return readQualifiedName(reader);
}

/** The letter of the type at a place, behind what may be said of any type. */
function kindOf(reader: DReader, position: number): string {
  const here = reader.position;
  reader.position = position;
  while (reader.take("x") || reader.take("y") || reader.take("O") || reader.take("Ng"));
  const kind =
    reader.peek() === "Q"
      ? readBackReference(reader, (there) => kindOf(there, there.position))
      : reader.peek();
  reader.position = here;
  return kind;
}
