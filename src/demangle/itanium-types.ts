import {
  listText,
  mapParts,
  memberOf,
  type Part,
  packOf,
  plain,
  pointerTo,
  qualified,
  referenceTo,
  textOf,
} from "./declarator.ts";
import type { ItaniumState } from "./itanium-state.ts";
import { builtinTypes, extendedTypes, standardNames } from "./itanium-tables.ts";
import { NotMangled } from "./reader.ts";

/** `<type>` */
export function readType(state: ItaniumState): Part {
  return state.reader.nested(() => readTypeHere(state));
}

function readTypeHere(state: ItaniumState): Part {
  const { reader } = state;
  const first = reader.peek();
  const builtin = builtinTypes[first];
  if (builtin !== undefined) {
    reader.next();
    return plain(builtin);
  }
  switch (first) {
    case "r":
    case "V":
    case "K": {
      const qualifiers = readQualifiers(state);
      // Of functions they belong to the function, which is one thing with them.
      if (isFunction(state)) return state.remember(qualified(readFunctionType(state), qualifiers));
      return state.remember(qualified(readType(state), qualifiers));
    }
    case "U": {
      reader.next();
      const qualifier = readSourceName(state);
      const args = reader.peek() === "I" ? state.grammar.templateArguments(state, false) : "";
      return state.remember(qualified(readType(state), ` ${qualifier}${args}`));
    }
    case "P":
      reader.next();
      return state.remember(pointerTo(readType(state)));
    case "R":
      reader.next();
      return state.remember(referenceTo(readType(state), "lvalue"));
    case "O":
      reader.next();
      return state.remember(referenceTo(readType(state), "rvalue"));
    case "C":
      reader.next();
      return state.remember(qualified(readType(state), " complex"));
    case "G":
      reader.next();
      return state.remember(qualified(readType(state), " imaginary"));
    case "F":
      return state.remember(readFunctionType(state));
    case "A":
      return state.remember(readArrayType(state));
    case "M": {
      reader.next();
      const owner = readType(state);
      return state.remember(memberOf(owner, readType(state)));
    }
    case "T":
      return readTypeFromParameter(state);
    case "S":
      if (reader.peek(1) !== "t") return readTypeFromSubstitution(state);
      break;
    case "D":
      return readExtendedType(state);
    case "u": {
      reader.next();
      const name = readSourceName(state);
      if (reader.peek() !== "I") return state.remember(plain(name));
      // A transformation that the compiler knows, such as `__decay(T)`.
      const args = state.grammar.templateArguments(state, false);
      return state.remember(plain(`${name}(${args.slice(1, -1)})`));
    }
  }
  return state.remember(plain(state.grammar.name(state, undefined)));
}

const isFunction = ({ reader }: ItaniumState): boolean =>
  reader.peek() === "F" || (reader.peek() === "D" && "oOwx".includes(reader.peek(1) || "-"));

/** `<CV-qualifiers>`, with a space before each. */
export function readQualifiers({ reader }: ItaniumState): string {
  const restrict = reader.take("r") ? " restrict" : "";
  const volatile = reader.take("V") ? " volatile" : "";
  return `${reader.take("K") ? " const" : ""}${volatile}${restrict}`;
}

/** `<source-name>` */
export function readSourceName({ reader }: ItaniumState): string {
  const name = reader.text(Number(reader.match(/[1-9]\d*/y)));
  return name.startsWith("_GLOBAL__N") ? "(anonymous namespace)" : name;
}

function readFunctionType(state: ItaniumState): Part {
  const { reader } = state;
  let exception = "";
  if (reader.take("Do")) exception = " noexcept";
  else if (reader.take("DO")) {
    exception = ` noexcept(${state.grammar.expression(state)})`;
    reader.expect("E");
  } else if (reader.take("Dw")) {
    const types: Part[] = [];
    while (!reader.take("E")) types.push(readType(state));
    exception = ` throw(${listText(types)})`;
  }
  reader.take("Dx");
  reader.expect("F");
  reader.take("Y");
  const result = readType(state);
  const parameters: Part[] = [];
  let reference = "";
  for (;;) {
    if (reader.take("E")) break;
    if (reader.take("RE") || reader.take("OE")) {
      reference = "";
      break;
    }
    parameters.push(readType(state));
  }
  return mapParts([result], ([of]) => ({
    left: `${of?.left ?? ""} `,
    right: `(${parameterText(parameters)})${of?.right ?? ""}${reference}${exception}`,
    kind: "function",
  }));
}

/** The parameters of a function: one of type void is none. */
export function parameterText(parameters: readonly Part[]): string {
  const [only] = parameters;
  return parameters.length === 1 && only && textOf(only) === "void" ? "" : listText(parameters);
}

function readArrayType(state: ItaniumState): Part {
  const { reader } = state;
  reader.expect("A");
  let size = "";
  if (/\d/.test(reader.peek())) size = reader.match(/\d+/y);
  else if (reader.peek() !== "_") size = state.grammar.expression(state);
  reader.expect("_");
  const element = readType(state);
  return mapParts([element], ([of]) => ({
    left: of?.left ?? "",
    // `[2][4]` is two of four.
    right: ` [${size}]${of?.kind === "array" ? of.right.trimStart() : (of?.right ?? "")}`,
    kind: "array",
  }));
}

function readExtendedType(state: ItaniumState): Part {
  const { reader } = state;
  const code = reader.peek(1);
  const named = extendedTypes[code];
  if (named !== undefined) {
    reader.text(2);
    return plain(named);
  }
  if (reader.take("DF")) {
    const bits = reader.match(/\d+/y);
    if (reader.take("b")) return plain(`std::bfloat${bits}_t`);
    if (reader.take("x")) return plain(`_Float${bits}x`);
    reader.expect("_");
    return plain(`_Float${bits}`);
  }
  if (reader.peek(1) === "B" || reader.peek(1) === "U") {
    reader.next();
    const sign = reader.next() === "U" ? "unsigned " : "";
    const bits = reader.match(/\d+/y);
    reader.expect("_");
    return plain(`${sign}_BitInt(${bits})`);
  }
  if (reader.take("Dp")) {
    const inner = readType(state);
    return state.remember(inner.pack ? packOf(inner.pack) : plain(`${textOf(inner)}...`));
  }
  if (reader.take("Dt") || reader.take("DT")) {
    const expression = state.grammar.expression(state);
    reader.expect("E");
    return state.remember(plain(`decltype(${expression})`));
  }
  if (reader.take("Dv")) {
    const size = /\d/.test(reader.peek()) ? reader.match(/\d+/y) : "";
    reader.expect("_");
    const element = readType(state);
    return state.remember(plain(`${textOf(element)} vector[${size}]`));
  }
  if (isFunction(state)) return state.remember(readFunctionType(state));
  throw new NotMangled();
}

function readTypeFromParameter(state: ItaniumState): Part {
  const { reader } = state;
  // Elaborated: struct, union, enum.
  const keyword = { s: "struct", u: "union", e: "enum" }[reader.peek(1)];
  if (keyword !== undefined) {
    reader.text(2);
    return state.remember(plain(`${keyword} ${state.grammar.name(state, undefined)}`));
  }
  const parameter = state.remember(readTemplateParameter(state));
  if (reader.peek() !== "I") return parameter;
  const args = state.grammar.templateArguments(state, false);
  return state.remember(plain(textOf(parameter) + args));
}

/** `<template-param>` */
export function readTemplateParameter(state: ItaniumState): Part {
  const { reader } = state;
  reader.expect("T");
  const level = reader.take("L") ? Number(reader.match(/\d*_/y).slice(0, -1) || "0") + 1 : 0;
  const digits = reader.match(/\d*_/y).slice(0, -1);
  const index = digits === "" ? 0 : Number(digits) + 1;
  const known = level === 0 ? state.parameters[index] : undefined;
  if (known && !(state.inLambda && state.parameters.length === 0)) return known;
  if (state.inLambda) return plain("auto");
  if (state.inConstraint) return plain(`T${digits}`);
  throw new NotMangled();
}

function readTypeFromSubstitution(state: ItaniumState): Part {
  const { reader } = state;
  const start = reader.position;
  const part = readSubstitution(state);
  if (reader.peek() === "I") {
    const args = state.grammar.templateArguments(state, false);
    return state.remember(plain(textOf(part) + args));
  }
  // A name may go on behind one of the standard's.
  if (reader.position === start) throw new NotMangled();
  return part;
}

/** `<substitution>`, but for `St`. */
export function readSubstitution(state: ItaniumState): Part {
  const { reader } = state;
  reader.expect("S");
  const standard = standardNames[reader.peek()];
  if (standard !== undefined) {
    reader.next();
    return plain(standard + readTags(state));
  }
  const digits = reader.match(/[0-9A-Z]*_/y).slice(0, -1);
  const index = digits === "" ? 0 : Number.parseInt(digits, 36) + 1;
  const known = state.substitutions[index];
  if (!known) throw new NotMangled();
  return known;
}

/** `<abi-tags>` */
export function readTags(state: ItaniumState): string {
  let tags = "";
  while (state.reader.take("B")) tags += `[abi:${readSourceName(state)}]`;
  return tags;
}
