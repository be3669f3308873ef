import { type Part, textOf } from "./declarator.ts";
import { readExpression } from "./itanium-expressions.ts";
import { readName, readTemplateArguments } from "./itanium-names.ts";
import { type ItaniumGrammar, ItaniumState, type NameFacts } from "./itanium-state.ts";
import { parameterText, readType } from "./itanium-types.ts";
import { NotMangled } from "./reader.ts";

/** A C++ name as llvm-cxxfilt writes it; `undefined` for any other. Source: Itanium C++ ABI, "External Names (a.k.a. Mangling)". */
export function demangleItanium(name: string): string | undefined {
  const [, body = "", suffix = ""] = /^_Z([^.]*)(\..*)?$/s.exec(name) ?? [];
  if (body === "") return undefined;
  try {
    const state = new ItaniumState(body, grammar);
    const text = readEncoding(state);
    if (!state.reader.atEnd) return undefined;
    return suffix === "" ? text : `${text} (${suffix})`;
  } catch (error) {
    if (error instanceof NotMangled) return undefined;
    throw error;
  }
}

const grammar: ItaniumGrammar = {
  encoding: readEncoding,
  name: readName,
  templateArguments: readTemplateArguments,
  expression: readExpression,
};

const ofTypes: Readonly<Record<string, string>> = {
  ...{ TV: "vtable for ", TT: "VTT for ", TI: "typeinfo for ", TS: "typeinfo name for " },
};
const ofNames: Readonly<Record<string, string>> = {
  ...{ GV: "guard variable for ", TH: "thread-local initialization routine for " },
  ...{ TW: "thread-local wrapper routine for " },
};

/** `<encoding>` */
function readEncoding(state: ItaniumState): string {
  return state.reader.nested(() => readEncodingHere(state));
}

function readEncodingHere(state: ItaniumState): string {
  const { reader } = state;
  const special = readSpecialName(state);
  if (special !== undefined) return special;
  const facts: NameFacts = { isTemplate: false, hasNoResult: false, qualifiers: "" };
  const outer = state.parameters;
  const name = readName(state, facts);
  if (isEnd(state)) {
    state.parameters = outer;
    return name;
  }
  const condition = reader.take("Ua9enable_if") ? readTemplateArguments(state, false).slice(1, -1) : "";
  const result: Part | undefined = facts.isTemplate && !facts.hasNoResult ? readType(state) : undefined;
  const parameters: Part[] = [];
  while (!isEnd(state) && reader.peek() !== "Q") parameters.push(readType(state));
  let constraint = "";
  if (reader.take("Q")) {
    state.inConstraint = true;
    constraint = ` requires ${readExpression(state)}`;
    state.inConstraint = false;
  }
  state.parameters = outer;
  const before = result ? `${result.left}${result.kind === "function" ? "" : spaceBehind(result)}` : "";
  return reader.made(
    `${before}${name}(${parameterText(parameters)})${result?.right ?? ""}${facts.qualifiers}${condition === "" ? "" : ` [enable_if:${condition}]`}${constraint}`,
  );
}

/** A function that gives back a pointer to a function is written within what that one is. */
const spaceBehind = ({ right }: Part): string => (right === "" ? " " : "");

/** Encodings end with the name, with that of the function they are local to, or where an argument does. */
const isEnd = ({ reader }: ItaniumState): boolean => reader.atEnd || reader.peek() === "E";

function readSpecialName(state: ItaniumState): string | undefined {
  const { reader } = state;
  const code = reader.peek() + reader.peek(1);
  if (ofTypes[code] !== undefined) {
    reader.text(2);
    return ofTypes[code] + textOf(readType(state));
  }
  if (ofNames[code] !== undefined) {
    reader.text(2);
    return ofNames[code] + readName(state, undefined);
  }
  if (reader.take("GR")) {
    const name = readName(state, undefined);
    reader.match(/[0-9A-Z]*_/y);
    return `reference temporary for ${name}`;
  }
  if (reader.take("TA")) {
    throw new NotMangled();
  }
  if (reader.take("Tc")) {
    readOffset(state);
    readOffset(state);
    return `covariant return thunk to ${readEncoding(state)}`;
  }
  if (code === "Th" || code === "Tv") {
    reader.next();
    readOffset(state);
    return `${code === "Tv" ? "virtual" : "non-virtual"} thunk to ${readEncoding(state)}`;
  }
  return undefined;
}

function readOffset({ reader }: ItaniumState): void {
  if (reader.take("h")) reader.match(/n?\d+_/y);
  else {
    reader.expect("v");
    reader.match(/n?\d+_n?\d+_/y);
  }
}
