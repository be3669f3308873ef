/**
 * What the runtime's table of classes would say about a class, by its name: programs that have no collector have no table.
 * `undefined` for a class that is no collection.
 *
 * Source: AssemblyScript 0.28, `~lib/shared/typeinfo`, "TypeinfoFlags".
 */
export function flagsOfName(name: string | undefined): number | undefined {
  const [, own = "", args] = /^~lib\/\w+\/(\w+)(?:<(.*)>)?$/.exec(name ?? "") ?? [];
  const [first, second] = typeArguments(args ?? "");
  switch (own) {
    case "Array":
      return ARRAY | valueBits(first);
    case "StaticArray":
      return STATIC_ARRAY | valueBits(first);
    case "Set":
      return SET | valueBits(first);
    case "Map":
      return MAP | valueBits(second) | keyBits(first);
    default: {
      const element = views.get(own);
      return element === undefined ? undefined : VIEW | valueBits(element);
    }
  }
}

const VIEW = 1 << 0;
const ARRAY = 1 << 1;
const STATIC_ARRAY = 1 << 2;
const SET = 1 << 3;
const MAP = 1 << 4;
const VALUE_BIT = 6;
const KEY_BIT = 15;

const views: ReadonlyMap<string, string> = new Map([
  ["Int8Array", "i8"],
  ["Uint8Array", "u8"],
  ["Uint8ClampedArray", "u8"],
  ["Int16Array", "i16"],
  ["Uint16Array", "u16"],
  ["Int32Array", "i32"],
  ["Uint32Array", "u32"],
  ["Int64Array", "i64"],
  ["Uint64Array", "u64"],
  ["Float32Array", "f32"],
  ["Float64Array", "f64"],
]);

const valueBits = (type: string | undefined): number => elementBits(type) << VALUE_BIT;
const keyBits = (type: string | undefined): number => elementBits(type) << KEY_BIT;

/** Five bits for the size, then whether it is signed, a float, may be null, is an object. */
function elementBits(type = ""): number {
  if (type === "bool") return 1;
  if (type === "v128") return 1 << 4;
  const [, letter = "", width = ""] = /^([iuf])(8|16|32|64|size)$/.exec(type) ?? [];
  if (letter === "") return (1 << 2) | (1 << 8) | (/\|\s*null$/.test(type) ? 1 << 7 : 0);
  const size = width === "size" ? 2 : Math.log2(Number(width) / 8);
  return (1 << size) | (letter === "u" ? 0 : 1 << 5) | (letter === "f" ? 1 << 6 : 0);
}

/** The types between the outermost angles, by commas that are in no others. */
function typeArguments(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const letter = text[at];
    if (letter === "<") depth++;
    if (letter === ">") depth--;
    if (letter !== undefined && (letter !== "," || depth > 0)) continue;
    if (at > start) found.push(text.slice(start, at).trim());
    start = at + 1;
  }
  return found;
}
