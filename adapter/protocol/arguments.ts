/** Reads a value that came from outside, or throws `ArgumentError` naming the place (`at`) where it is wrong. */
export type Reader<T> = (value: unknown, at: string) => T;

/** A field that may be missing. `null` counts as missing: several clients write absent values so. */
export interface OptionalField<T> {
  readonly optional: Reader<T>;
}

/** Readers by the names of the fields they read. */
export type Fields = Readonly<Record<string, Reader<unknown> | OptionalField<unknown>>>;
type RequiredKeys<F> = { [K in keyof F]: F[K] extends OptionalField<unknown> ? never : K }[keyof F];
type OptionalKeys<F> = { [K in keyof F]: F[K] extends OptionalField<unknown> ? K : never }[keyof F];

/** The object type that a set of fields describes. */
export type ReadFields<F> = {
  -readonly [K in RequiredKeys<F>]: F[K] extends Reader<infer T> ? T : never;
} & {
  -readonly [K in OptionalKeys<F>]?: F[K] extends OptionalField<infer T> ? T : never;
};

/** Something sent by a client has the wrong shape; `message` is one sentence that says where and what was found. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

/** The value as a user would recognise it in a message; long ones are cut. */
export function describe(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const expected = (what: string, value: unknown, at: string): never => {
  throw new ArgumentError(
    value === undefined ? `\`${at}\` is missing.` : `\`${at}\` must be ${what}, but is ${describe(value)}.`,
  );
};

export const string: Reader<string> = (value, at) =>
  typeof value === "string" ? value : expected("a string", value, at);

export const boolean: Reader<boolean> = (value, at) =>
  typeof value === "boolean" ? value : expected("true or false", value, at);

/** A whole number; lines, columns, counts and references are all that. */
export const integer: Reader<number> = (value, at) =>
  typeof value === "number" && Number.isSafeInteger(value) ? value : expected("a whole number", value, at);

/** A whole number from 0. */
export const count: Reader<number> = (value, at) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? value
    : expected("a whole number from 0", value, at);

/** One of a few words. */
export const oneOf =
  <const T extends readonly string[]>(...words: T): Reader<T[number]> =>
  (value, at) =>
    words.includes(value as string)
      ? (value as T[number])
      : expected(words.map((word) => `"${word}"`).join(" or "), value, at);

export const arrayOf =
  <T>(item: Reader<T>): Reader<T[]> =>
  (value, at) =>
    Array.isArray(value) ? value.map((one, i) => item(one, `${at}[${i}]`)) : expected("an array", value, at);

export const optional = <T>(reader: Reader<T>): OptionalField<T> => ({ optional: reader });

/** What the arguments themselves are called in messages; their fields go by their names alone. */
const top = "arguments";

/** An object with these fields. Others are ignored: clients send more than the protocol names, and newer ones more still. */
export const object =
  <F extends Fields>(fields: F): Reader<ReadFields<F>> =>
  (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) expected("an object", value, at);
    const from = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields)) {
      const place = at === top ? name : `${at}.${name}`;
      const given = from[name];
      if (typeof field === "function") result[name] = field(given, place);
      else if (given !== undefined && given !== null) result[name] = field.optional(given, place);
    }
    return result as ReadFields<F>;
  };

/** The arguments of a request: an object, or nothing at all where every field is optional. */
export const argumentsObject = <F extends Fields>(fields: F): Reader<ReadFields<F>> => {
  const read = object(fields);
  return (value) => read(value ?? {}, top);
};

/** For requests whose arguments say nothing we act on; whatever they are is accepted. */
export const anyArguments: Reader<unknown> = (value) => value;

/** A source as a client names it: by path, by a number we gave it, or both. */
export const source = object({ path: optional(string), sourceReference: optional(count) });

/** How a client wants values shown. */
export const valueFormat = object({ hex: optional(boolean) });
