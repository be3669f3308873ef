import { listText, type Part, packOf, plain, textOf } from "./declarator.ts";
import { readOperatorName, readTemplateArgument, readTemplateArguments } from "./itanium-names.ts";
import type { ItaniumState } from "./itanium-state.ts";
import { infixes, literalSuffixes, operators, prefixes } from "./itanium-tables.ts";
import { readQualifiers, readSourceName, readTemplateParameter, readType } from "./itanium-types.ts";
import { NotMangled } from "./reader.ts";

/** `<expression>`: what template arguments and decltypes are made of most. Others are not understood. */
export function readExpression(state: ItaniumState): string {
  return state.reader.nested(() => textOf(readPart(state)));
}

function readPart(state: ItaniumState): Part {
  const { reader } = state;
  const first = reader.peek();
  if (first === "L") return plain(readLiteral(state));
  if (first === "T") return readTemplateParameter(state);
  if (reader.peek() === "f" && /[pL]/.test(reader.peek(1))) return plain(readFunctionParameter(state));
  if (/\d/.test(first)) return plain(readSimpleName(state));
  const code = first + reader.peek(1);
  const inner = (): string => readExpression(state);
  if (prefixes.has(code)) {
    reader.text(2);
    return plain(`${operators[code]}${operand(state)}`);
  }
  if (infixes.has(code)) {
    reader.text(2);
    const left = operand(state);
    return plain(`${left} ${operators[code]} ${operand(state)}`);
  }
  if (reader.take("u")) {
    const name = readSourceName(state);
    const args: Part[] = [];
    while (!reader.take("E")) args.push(readTemplateArgument(state));
    return plain(`${name}(${listText(args)})`);
  }
  switch (code) {
    case "qu": {
      reader.text(2);
      const [condition, yes, no] = [inner(), inner(), inner()];
      return plain(`(${condition}) ? (${yes}) : (${no})`);
    }
    case "cl": {
      reader.text(2);
      const callee = inner();
      return plain(`${callee}(${list(state)})`);
    }
    case "cv": {
      reader.text(2);
      const type = textOf(readType(state));
      return plain(reader.take("_") ? `(${type})(${list(state)})` : `(${type})(${inner()})`);
    }
    case "st":
      reader.text(2);
      return plain(`sizeof (${textOf(readType(state))})`);
    case "sz":
      reader.text(2);
      return plain(`sizeof (${inner()})`);
    case "sZ": {
      reader.text(2);
      const pack = readPart(state).pack;
      if (!pack) throw new NotMangled();
      return plain(`sizeof...(${listText(pack)})`);
    }
    case "sp": {
      reader.text(2);
      const part = readPart(state);
      return part.pack ? packOf(part.pack) : plain(`${textOf(part)}...`);
    }
    case "dt": {
      reader.text(2);
      const object = inner();
      return plain(`${object}.${inner()}`);
    }
    case "pt": {
      reader.text(2);
      const object = inner();
      return plain(`${object}->${inner()}`);
    }
    case "sr":
      return plain(readUnresolvedName(state));
    case "on":
      reader.text(2);
      return plain(`${readOperatorName(state, undefined)}${argumentsHere(state)}`);
    case "tl": {
      reader.text(2);
      const type = textOf(readType(state));
      return plain(`${type}{${list(state)}}`);
    }
    case "il":
      reader.text(2);
      return plain(`{${list(state)}}`);
    default:
      throw new NotMangled();
  }
}

/** An operand, in parentheses unless it is a name, a literal or what is joined as closely. */
function operand(state: ItaniumState): string {
  const { reader } = state;
  const code = reader.peek() + reader.peek(1);
  const isClose = /^[LT\d]|^f[pL]|^(dt|pt|cl|sr|on|tl|il|sZ)$/.test(code);
  const text = readExpression(state);
  return isClose ? text : `(${text})`;
}

/** Expressions up to the `E`. */
function list(state: ItaniumState): string {
  const parts: Part[] = [];
  while (!state.reader.take("E")) parts.push(state.reader.nested(() => readPart(state)));
  return listText(parts);
}

function readFunctionParameter(state: ItaniumState): string {
  const { reader } = state;
  reader.next();
  if (reader.take("L")) {
    reader.match(/\d+/y);
    reader.expect("p");
  } else reader.expect("p");
  if (reader.take("T")) return "this";
  readQualifiers(state);
  return `fp${reader.match(/\d*_/y).slice(0, -1)}`;
}

const argumentsHere = (state: ItaniumState): string =>
  state.reader.peek() === "I" ? readTemplateArguments(state, false) : "";

function readSimpleName(state: ItaniumState): string {
  const name = readSourceName(state);
  return name + argumentsHere(state);
}

function readUnresolvedName(state: ItaniumState): string {
  const { reader } = state;
  reader.expect("sr");
  const isNested = reader.take("N");
  const parts = isNested || !/\d/.test(reader.peek()) ? [textOf(readType(state))] : [];
  if (isNested || parts.length === 0) while (!reader.take("E")) parts.push(readSimpleName(state));
  const type = parts.join("::");
  const name = reader.take("on")
    ? readOperatorName(state, undefined) + argumentsHere(state)
    : readSimpleName(state);
  return `${type}::${name}`;
}

/** `<expr-primary>` */
function readLiteral(state: ItaniumState): string {
  const { reader } = state;
  reader.expect("L");
  if (reader.take("_Z") || reader.peek() === "Z") {
    reader.take("Z");
    const encoding = state.grammar.encoding(state);
    reader.expect("E");
    return encoding;
  }
  if (reader.take("b")) {
    const value = reader.next();
    reader.expect("E");
    return value === "0" ? "false" : "true";
  }
  if (reader.take("DnE") || reader.take("Dn0E")) return "nullptr";
  const code = reader.peek();
  const suffix = /[a-z]/.test(code) ? literalSuffixes[code] : undefined;
  if (suffix !== undefined) {
    reader.next();
    return `${number(state)}${suffix}`;
  }
  if (code === "f" || code === "d" || code === "e") return readFloat(state);
  const type = textOf(readType(state));
  if (reader.take("E")) return `(${type})`;
  return `(${type})${number(state)}`;
}

function number({ reader }: ItaniumState): string {
  const digits = reader.match(/n?\d+/y);
  reader.expect("E");
  return digits.replace("n", "-");
}

function readFloat({ reader }: ItaniumState): string {
  const size = reader.next() === "f" ? 4 : 8;
  const digits = reader.match(/[0-9a-f]+/y);
  reader.expect("E");
  if (digits.length !== size * 2) throw new NotMangled();
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${digits.padEnd(16, "0")}`));
  return size === 4 ? `${view.getFloat32(0)}f` : String(view.getFloat64(0));
}
