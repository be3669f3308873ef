import type { FrameNames } from "../symbols/frame-names.ts";
import type { Completion, Completions } from "../symbols/symbols-parts.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import { recordFields } from "../symbols/values/fields.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";
import type { View } from "../symbols/views/view.ts";
import type { VisibleName } from "../symbols/visible-names.ts";
import { evaluate } from "./evaluate.ts";
import { readTokens } from "./lexer.ts";
import type { Token } from "./token.ts";

/** Names that a compiler or its library keeps to itself. */
const isInternal = (name: string): boolean => /^__|^_vptr\$/.test(name);

/** Most that are offered at once: more would only have to be typed through. */
const mostCompletions = 200;
/** Values looked through for their members. */
const maxSteps = 16;

/**
 * What may stand where the cursor is in an expression that is being typed, the nearest first: members behind `.` and `->`,
 * what is in a namespace behind `::`, else whatever names there are. What stands behind the cursor does not count.
 *
 * Nothing in the guest is run or changed. Rejects only as the target does.
 */
export async function complete(names: FrameNames, text: string, column: number): Promise<Completions> {
  const before = text.slice(0, column);
  const prefix = /\$?[\p{L}\p{N}_]*$/u.exec(before)?.[0] ?? "";
  const start = column - prefix.length;
  const head = before.slice(0, start).trimEnd();
  // A number, or in the middle of a literal: there is nothing to be completed.
  if (/^\d/.test(prefix) || !isWhole(head, names)) return { start, items: [] };
  const [, operator = ""] = /(\.|->|::)$/.exec(head) ?? [];
  const around = head.slice(0, head.length - operator.length);
  const isMember = operator === "." || operator === "->";
  const found = isMember
    ? await membersOf(names, around)
    : operator === "::"
      ? namesIn(names, around)
      : plainNames(names);
  return { start, items: chosen(found, prefix) };
}

/** Whether text is made of whole tokens. */
function isWhole(text: string, { language }: FrameNames): boolean {
  return tokensOf(text, language) !== undefined;
}

function tokensOf(text: string, language: FrameNames["language"]): readonly Token[] | undefined {
  try {
    return readTokens(text, language);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** Those that begin like what has been typed, each once; where none does, those that do if case does not matter. */
function chosen(found: readonly Completion[], prefix: string): readonly Completion[] {
  const distinct = [...new Map(found.toReversed().map((item) => [item.label, item])).values()].toReversed();
  const exact = distinct.filter(({ label }) => label.startsWith(prefix));
  const small = prefix.toLowerCase();
  const matching =
    exact.length > 0 ? exact : distinct.filter(({ label }) => label.toLowerCase().startsWith(small));
  return matching.slice(0, mostCompletions);
}

const slots: readonly Completion[] = ["$local0", "$global0", "$sp", "$mem"].map((label) => ({
  label,
  kind: "local",
}));

function plainNames(names: FrameNames): readonly Completion[] {
  const constants = names.language === "rust" ? ["true", "false"] : ["true", "false", "nullptr"];
  return [
    ...names.visibleNames().map(toCompletion),
    ...constants.map((label): Completion => ({ label, kind: "enumerator" })),
    ...slots,
  ];
}

function namesIn(names: FrameNames, around: string): readonly Completion[] {
  const path = /(?:[\p{L}_][\p{L}\p{N}_]*|<[^<>]*>|::)*$/u.exec(around)?.[0] ?? "";
  if (path === "") return names.visibleNames().map(toCompletion);
  const type = names.findType(path);
  const plain = type && plainType(type);
  const enumerators =
    plain?.kind === "enumeration"
      ? plain.enumerators.map(({ name }): Completion => ({ label: name, kind: "enumerator" }))
      : [];
  return [...enumerators, ...names.visibleNames(path).map(toCompletion)];
}

const toCompletion = ({ name, kind }: VisibleName): Completion => ({ label: name, kind });

/** Members of what the text before an operator gives. */
async function membersOf(names: FrameNames, around: string): Promise<readonly Completion[]> {
  const text = operandAtEnd(around, names);
  if (text === undefined) return [];
  try {
    return await membersOfValue(names, (await evaluate(names, text)).value);
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

/** The operand that a text ends with: a name or a bracket with all that is applied to it, `a.b[i]`, `(*p)`. */
function operandAtEnd(text: string, { language }: FrameNames): string | undefined {
  const tokens = tokensOf(text, language)?.slice(0, -1) ?? [];
  let at = tokens.length - 1;
  for (;;) {
    const token = tokens[at];
    if (!token) return undefined;
    if (token.kind === "operator" && (token.text === ")" || token.text === "]")) {
      const opening = openingOf(tokens, at);
      if (opening === undefined) return undefined;
      const before = tokens[opening - 1];
      const isApplied = before && (before.kind === "name" || before.text === ")" || before.text === "]");
      if (isApplied) {
        at = opening - 1;
        continue;
      }
      if (token.text === "]") return undefined;
      return text.slice((tokens[opening] as Token).column);
    }
    if (token.kind === "operator") return undefined;
    const before = tokens[at - 1];
    if (before?.kind === "operator" && [".", "->", "::"].includes(before.text)) {
      if (before.text === "::" && tokens[at - 2]?.kind !== "name") return text.slice(before.column);
      at -= 2;
      continue;
    }
    return text.slice(token.column);
  }
}

function openingOf(tokens: readonly Token[], closing: number): number | undefined {
  let depth = 0;
  for (let at = closing; at >= 0; at--) {
    const { kind, text } = tokens[at] as Token;
    if (kind !== "operator") continue;
    if (text === ")" || text === "]") depth++;
    if (text === "(" || text === "[") depth--;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Fields, what a smart pointer leads to, methods, and what containers know of themselves. */
async function membersOfValue(names: FrameNames, value: Value): Promise<readonly Completion[]> {
  const found: Completion[] = [];
  let at: Value | undefined = value;
  for (let steps = 0; at && steps < maxSteps; steps++) {
    const plain = plainType(at.type);
    if (plain.kind === "pointer") {
      at = { type: plain.target, place: at.place };
      const bytes = await names.read({ ...value, type: plain, place: at.place });
      if (!(bytes instanceof Uint8Array)) return membersOfType(names, plain.target, found);
      at = { type: plain.target, place: { kind: "memory", address: addressIn(bytes) } };
      continue;
    }
    if (plain.kind !== "record") break;
    const view = await names.viewOf(at);
    if (view?.size !== undefined) found.push(...(await questionsOf(names, view)));
    if (view?.shape.kind === "parts" && view.shape.parts.kind === "named") {
      for (let index = 0; index < view.shape.parts.count; index++) {
        const part = await view.shape.parts.at(index);
        if (part?.kind === "field" && !isInternal(part.name))
          found.push({ label: part.name, kind: "member", type: typeName(part.value.type) });
      }
    }
    membersOfType(names, plain, found);
    at = view?.shape.kind === "same" ? view.shape.value : view?.target;
  }
  return found;
}

function membersOfType(names: FrameNames, type: Type, found: Completion[]): readonly Completion[] {
  const plain = plainType(type);
  if (plain.kind !== "record") return found;
  for (const field of recordFields(plain)) {
    if (field.kind === "base") membersOfType(names, field.type, found);
    else if (!isInternal(field.name))
      found.push({ label: field.name, kind: "member", type: typeName(field.type) });
  }
  if (plain.name === undefined) return found;
  for (const { name, kind } of names.visibleNames(plain.name)) {
    const isConstructor = name === plain.name.replace(/<.*$/s, "").split("::").at(-1);
    if (kind === "function" && !isConstructor && !isInternal(name)) found.push({ label: name, kind });
  }
  return found;
}

/** What a container answers by itself; maps have no first element. */
async function questionsOf({ language }: FrameNames, { shape }: View): Promise<readonly Completion[]> {
  const hasKeys = shape.kind === "parts" && (await shape.parts.at(0))?.kind === "entry";
  const [counts, ends] =
    language === "rust"
      ? [
          ["len()", "is_empty()"],
          ["first()", "last()"],
        ]
      : [
          ["size()", "empty()"],
          ["front()", "back()"],
        ];
  return [...(counts ?? []), ...(hasKeys ? [] : (ends ?? []))].map((label) => ({ label, kind: "function" }));
}

const addressIn = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
