import { listText, type Part, packOf, plain, textOf } from "./declarator.ts";
import type { ItaniumState, NameFacts } from "./itanium-state.ts";
import { expandedNames, operators } from "./itanium-tables.ts";
import {
  parameterText,
  readQualifiers,
  readSourceName,
  readSubstitution,
  readTags,
  readTemplateParameter,
  readType,
} from "./itanium-types.ts";
import { NotMangled } from "./reader.ts";

/** `<name>`; with `facts` that of an encoding, whose template arguments are what parameters stand for. */
export function readName(state: ItaniumState, facts: NameFacts | undefined): string {
  return state.reader.nested(() => readNameHere(state, facts));
}

function readNameHere(state: ItaniumState, facts: NameFacts | undefined): string {
  const { reader } = state;
  if (reader.peek() === "N") return readNestedName(state, facts);
  if (reader.peek() === "Z") return readLocalName(state, facts);
  if (reader.peek() === "S" && reader.peek(1) !== "t") {
    const name = textOf(readSubstitution(state));
    if (reader.peek() !== "I") throw new NotMangled();
    return name + withArguments(state, facts);
  }
  const std = reader.take("St") ? "std::" : "";
  const name = std + readUnqualifiedName(state, "", facts);
  if (reader.peek() !== "I") return name;
  state.remember(plain(name));
  return name + withArguments(state, facts);
}

function withArguments(state: ItaniumState, facts: NameFacts | undefined): string {
  if (facts) facts.isTemplate = true;
  return readTemplateArguments(state, facts !== undefined);
}

/** `<nested-name>` */
function readNestedName(state: ItaniumState, facts: NameFacts | undefined): string {
  const { reader } = state;
  reader.expect("N");
  const explicit = reader.take("H");
  const qualifiers = explicit ? "" : readQualifiers(state);
  const reference = explicit ? "" : reader.take("R") ? " &" : reader.take("O") ? " &&" : "";
  let name: Part | undefined;
  while (!reader.take("E")) {
    if (facts) facts.isTemplate = false;
    const before = name;
    const first = reader.peek();
    if (first === "T") name = state.remember(readTemplateParameter(state));
    else if (first === "I") {
      if (!before) throw new NotMangled();
      const args = withArguments(state, facts);
      name = state.remember(plain(textOf(before) + args));
    } else if (first === "S" && reader.peek(1) === "t") {
      reader.text(2);
      name = plain("std");
    } else if (first === "S") {
      name = readSubstitution(state);
    } else if (first === "D" && "tT".includes(reader.peek(1) || "-")) {
      name = readType(state);
    } else if (reader.take("M")) {
      // The member whose initialiser a lambda is in.
    } else {
      const isStructor = /^[CD][0-5I]/.test(first + reader.peek(1));
      const own = readUnqualifiedName(state, before ? textOf(before) : "", facts);
      const around = before && isStructor ? expand(before) : before;
      name = state.remember(plain(around ? `${textOf(around)}::${own}` : own));
    }
  }
  if (!name) throw new NotMangled();
  // The whole name is no substitution: it is, where it is a type's, by itself.
  state.substitutions.pop();
  if (facts) facts.qualifiers = qualifiers + reference;
  const text = textOf(name);
  return text;
}

const expand = (part: Part): Part => plain(expandedNames[textOf(part)] ?? textOf(part));

/** `<local-name>` */
function readLocalName(state: ItaniumState, facts: NameFacts | undefined): string {
  const { reader } = state;
  reader.expect("Z");
  const saved = state.parameters;
  const encoding = state.grammar.encoding(state);
  reader.expect("E");
  if (reader.take("s")) {
    readDiscriminator(state);
    return `${encoding}::string literal`;
  }
  if (facts === undefined) state.parameters = saved;
  if (reader.take("d")) {
    if (/\d/.test(reader.peek())) reader.match(/\d+/y);
    reader.expect("_");
    return `${encoding}::${readName(state, facts)}`;
  }
  const entity = readName(state, facts);
  readDiscriminator(state);
  return `${encoding}::${entity}`;
}

function readDiscriminator({ reader }: ItaniumState): void {
  // GCC leaves out the line before the digits where nothing comes behind them.
  reader.match(/(__\d+_|_\d|\d+$)?/y);
}

/** `<unqualified-name>`; `around` is what it stands in. */
function readUnqualifiedName(state: ItaniumState, around: string, facts: NameFacts | undefined): string {
  const { reader } = state;
  reader.take("L");
  const first = reader.peek();
  const second = reader.peek(1);
  let name: string;
  if (/\d/.test(first)) name = readSourceName(state);
  else if (first === "U") name = readUnnamedType(state);
  else if (first === "C" && /[1-5I]/.test(second)) {
    reader.next();
    if (reader.take("I")) {
      reader.next();
      readName(state, undefined);
    } else reader.next();
    if (facts) facts.hasNoResult = true;
    name = lastOf(around);
  } else if (first === "D" && /[0-5]/.test(second)) {
    reader.text(2);
    if (facts) facts.hasNoResult = true;
    name = `~${lastOf(around)}`;
  } else if (reader.take("DC")) {
    const names: string[] = [];
    while (!reader.take("E")) names.push(readSourceName(state));
    name = `[${names.join(", ")}]`;
  } else name = readOperatorName(state, facts);
  return name + readTags(state);
}

/** The last name of a path, without template arguments and tags: what constructors are called. */
function lastOf(path: string): string {
  const whole = expandedNames[path] ?? path;
  let depth = 0;
  let end = whole.length;
  for (let at = whole.length - 1; at >= 0; at--) {
    const character = whole[at] ?? "";
    if (character === ">") depth++;
    else if (character === "<") {
      depth--;
      if (depth === 0) end = at;
    } else if (depth === 0 && character === ":" && whole[at - 1] === ":") {
      if (whole.slice(at + 1, end).startsWith("abi:")) continue;
      return whole.slice(at + 1, end).replace(/\[abi:.*$/, "");
    }
  }
  return whole.slice(0, end).replace(/\[abi:.*$/, "");
}

/** `<operator-name>` */
export function readOperatorName(state: ItaniumState, facts: NameFacts | undefined): string {
  const { reader } = state;
  if (reader.take("cv")) {
    if (facts) facts.hasNoResult = true;
    return `operator ${textOf(readType(state))}`;
  }
  if (reader.take("li")) return `operator""${readSourceName(state)}`.replace('""', '"" ');
  const symbol = operators[reader.peek() + reader.peek(1)];
  if (symbol === undefined) throw new NotMangled();
  reader.text(2);
  return `operator${symbol}`;
}

/** `<unnamed-type-name>` */
function readUnnamedType(state: ItaniumState): string {
  const { reader } = state;
  const number = (): string => reader.match(/\d*_/y).slice(0, -1);
  if (reader.take("Ut")) return `'unnamed${number()}'`;
  if (!reader.take("Ul")) throw new NotMangled();
  const before = state.inLambda;
  state.inLambda = true;
  const parameters: Part[] = [];
  while (/^T[ynptk]/.test(reader.peek() + reader.peek(1))) throw new NotMangled();
  while (!reader.take("E")) parameters.push(readType(state));
  state.inLambda = before;
  return `'lambda${number()}'(${parameterText(parameters)})`;
}

/** `<template-args>`; `tag` makes them what template parameters stand for. */
export function readTemplateArguments(state: ItaniumState, tag: boolean): string {
  const { reader } = state;
  reader.expect("I");
  const args: Part[] = [];
  if (tag) state.parameters = args;
  while (!reader.take("E")) {
    if (reader.take("Q")) {
      state.grammar.expression(state);
      continue;
    }
    args.push(readTemplateArgument(state));
  }
  if (tag) state.parameters = args;
  return reader.made(`<${listText(args)}>`);
}

/** `<template-arg>` */
export function readTemplateArgument(state: ItaniumState): Part {
  return state.reader.nested(() => {
    const { reader } = state;
    if (/^T[ynptk]/.test(reader.peek() + reader.peek(1))) readParameterDeclaration(state);
    if (reader.take("X")) {
      const expression = state.grammar.expression(state);
      reader.expect("E");
      return plain(expression);
    }
    if (reader.take("J")) {
      const args: Part[] = [];
      while (!reader.take("E")) args.push(readTemplateArgument(state));
      return packOf(args);
    }
    if (reader.peek() === "L") return plain(state.grammar.expression(state));
    return readType(state);
  });
}

/** `<template-param-decl>`: says what kind of parameter the next argument is for, where that is not plain. */
function readParameterDeclaration(state: ItaniumState): void {
  const { reader } = state;
  reader.expect("T");
  switch (reader.next()) {
    case "y":
      return;
    case "n":
      readType(state);
      return;
    case "p":
      readParameterDeclaration(state);
      return;
    case "t":
      while (!reader.take("E")) readParameterDeclaration(state);
      return;
    default:
      readName(state, undefined);
      if (reader.peek() === "I") readTemplateArguments(state, false);
  }
}
