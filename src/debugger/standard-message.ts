import type { FuncIndex } from "../base/brand.ts";
import type { GuestWords } from "./guest-words.ts";
import type { ThrownObject } from "./thrown-object.ts";

/** A class of C++ as its `type_info` describes it, with where each base lies in it. */
interface Base {
  readonly typeInfo: number;
  /** From the beginning of the object, in bytes; of a virtual one, where its table of virtual functions says that. */
  readonly offset: number;
  readonly isVirtual: boolean;
}

/** How far up a class is looked for. */
const mostLevels = 20;
const mostBases = 32;

/**
 * What an exception of the C++ library says of itself: what `what()` would answer, without calling it.
 *
 * `std::logic_error` and `std::runtime_error`, and all classes that are made of them, keep their text behind the table of their
 * virtual functions. Only where `what` is still theirs, which the name of the function in that table tells, is that the answer;
 * classes with a `what` of their own would have to be run. `undefined` for everything else.
 *
 * Source: Itanium C++ ABI, "RTTI Layout" and "Virtual Table Layout"; libc++, `__libcpp_refstring`.
 */
export async function readStandardMessage(
  memory: GuestWords,
  { typeInfo, address }: ThrownObject,
  nameOf: (func: FuncIndex) => string | undefined,
): Promise<string | undefined> {
  if (address === undefined) return undefined;
  const place = await findStandard(memory, typeInfo, Number(address), 0);
  if (place === undefined) return undefined;
  const table = await memory.word(place);
  const what = table === undefined ? undefined : await memory.word(table + whatEntry * 4);
  const func = what === undefined ? undefined : await memory.functionAt(what);
  if (func === undefined || !standardWhat.test(nameOf(func) ?? "")) return undefined;
  const text = await memory.word(place + 4);
  const bytes = text === undefined ? undefined : await memory.text(text);
  return bytes && new TextDecoder().decode(bytes);
}

const standardClass = /^std::(?:logic_error|runtime_error)$/;
/** Behind the two destructors. */
const whatEntry = 2;
/** As it is mangled, and as it is written; linkers make one function of the two. */
const standardWhat = /^_ZNKSt1[13](?:logic|runtime)_error4whatEv$|^std::(?:logic|runtime)_error::what\(\)/;

/** Where in an object of a class the part of the library's lies. */
async function findStandard(
  memory: GuestWords,
  typeInfo: number,
  object: number,
  level: number,
): Promise<number | undefined> {
  if (level > mostLevels) return undefined;
  const name = await memory.typeName(typeInfo);
  if (name !== undefined && standardClass.test(name)) return object;
  for (const base of await basesOf(memory, typeInfo)) {
    const offset = base.isVirtual ? await virtualOffset(memory, object, base.offset) : base.offset;
    if (offset === undefined) continue;
    const found = await findStandard(memory, base.typeInfo, object + offset, level + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function virtualOffset(memory: GuestWords, object: number, at: number): Promise<number | undefined> {
  const table = await memory.word(object);
  const offset = table === undefined ? undefined : await memory.word(table + at);
  return offset === undefined ? undefined : offset | 0;
}

/** The bases of a class, which the class of its `type_info` says how to find. */
async function basesOf(memory: GuestWords, typeInfo: number): Promise<readonly Base[]> {
  const table = await memory.word(typeInfo);
  const own = table === undefined ? undefined : await memory.word(table - 4);
  switch (own === undefined ? undefined : await memory.typeName(own)) {
    case "__cxxabiv1::__si_class_type_info": {
      const base = await memory.word(typeInfo + 8);
      return base === undefined ? [] : [{ typeInfo: base, offset: 0, isVirtual: false }];
    }
    case "__cxxabiv1::__vmi_class_type_info": {
      const count = Math.min((await memory.word(typeInfo + 12)) ?? 0, mostBases);
      const bases: Base[] = [];
      for (let i = 0; i < count; i++) {
        const base = await memory.word(typeInfo + 16 + i * 8);
        const how = await memory.word(typeInfo + 20 + i * 8);
        if (base === undefined || how === undefined) break;
        bases.push({ typeInfo: base, offset: (how | 0) >> 8, isVirtual: (how & 1) === 1 });
      }
      return bases;
    }
    default:
      return [];
  }
}
