import {
  type EnumerationType,
  type Member,
  plainType,
  type RecordType,
  type Type,
  type VariantPart,
} from "../types/type.ts";
import { declared, typeName } from "../types/type-name.ts";

/** Members and enumerators shown of one type. */
const mostParts = 500;
const deepest = 8;

/** A type with what it is made of, over several lines, as its language declares it; offsets in bytes. What has no parts is what it stands for. */
export function typeText(type: Type): string {
  const plain = plainType(type);
  switch (plain.kind) {
    case "record":
      return [...recordLines(plain, { indent: "", start: 0 })].join("\n");
    case "enumeration":
      return enumerationText(plain);
    case "pointer":
      return plainType(plain.target).kind === "record" && plain.name === undefined
        ? `${typeText(plain.target)} ${plain.sigil}`
        : typeName(plain);
    default:
      return typeName(plain);
  }
}

interface Within {
  readonly indent: string;
  /** Of the record, from where the outermost one begins. */
  readonly start: number;
}

function* recordLines(type: RecordType, { indent, start }: Within): Generator<string, void, undefined> {
  const bases = type.members.filter(({ kind }) => kind === "base").map((base) => typeName(base.type));
  const inherits = bases.length > 0 ? ` : ${bases.join(", ")}` : "";
  const isEnum = type.variants !== undefined;
  const name = type.name === undefined ? "" : ` ${type.name}`;
  if (type.sizeBytes === undefined) return yield `${indent}${type.form}${name}; // only declared here`;
  yield `${indent}${isEnum ? "enum" : type.form}${name}${inherits} { // ${sizeText(type.sizeBytes)}`;
  const inner = { indent: `${indent}    `, start };
  if (type.variants) yield* variantLines(type.variants, inner);
  else {
    for (const member of type.members.slice(0, mostParts))
      yield* memberLines(member, inner, type.language === "rust");
    if (type.members.length > mostParts) yield `${inner.indent}… ${type.members.length - mostParts} more`;
  }
  yield `${indent}}`;
}

function* memberLines(
  { kind, name, type, offset, bits }: Member,
  { indent, start }: Within,
  isRust: boolean,
): Generator<string, void, undefined> {
  if (kind === "base") return;
  const at = bits ? Math.floor(bits.offset / 8) : offset.kind === "bytes" ? offset.bytes : undefined;
  const place = at === undefined ? "" : ` // at ${start + at}`;
  const plain = plainType(type);
  const isNameless = plain.kind === "record" && plain.name === undefined && indent.length < deepest * 4;
  if (isNameless && !isRust) {
    const lines = [...recordLines(plain, { indent, start: start + (at ?? 0) })];
    yield* lines.slice(0, -1);
    yield name === undefined ? `${indent}};` : `${indent}} ${name};`;
    return;
  }
  const width = bits ? ` : ${bits.size}` : "";
  yield isRust
    ? `${indent}${name ?? "_"}: ${typeName(type)},${place}`
    : `${indent}${declared(type, name ?? "")}${width};${place}`;
}

function* variantLines({ variants }: VariantPart, { indent }: Within): Generator<string, void, undefined> {
  for (const { member } of variants.slice(0, mostParts)) {
    const plain = plainType(member.type);
    const fields = plain.kind === "record" ? plain.members : [];
    const isTuple = fields.every((field) => /^__\d+$/.test(field.name ?? ""));
    const texts = fields.map((field) =>
      isTuple ? typeName(field.type) : `${field.name}: ${typeName(field.type)}`,
    );
    const held = texts.length === 0 ? "" : isTuple ? `(${texts.join(", ")})` : ` { ${texts.join(", ")} }`;
    yield `${indent}${member.name ?? "?"}${held},`;
  }
}

function enumerationText({ name, enumerators, sizeBytes }: EnumerationType): string {
  let next = 0n;
  const parts = enumerators.slice(0, mostParts).map((one) => {
    const text = one.value === next ? one.name : `${one.name} = ${one.value}`;
    next = one.value + 1n;
    return `    ${one.name === text ? one.name : text},`;
  });
  return [`enum${name === undefined ? "" : ` ${name}`} { // ${sizeText(sizeBytes)}`, ...parts, "}"].join(
    "\n",
  );
}

const sizeText = (bytes: number): string => `${bytes} byte${bytes === 1 ? "" : "s"}`;
