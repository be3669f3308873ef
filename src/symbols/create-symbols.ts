import { type Awaitable, allOf, whenKnown } from "../base/awaitable.ts";
import type { StopNumber } from "../base/brand.ts";
import { once } from "../base/once.ts";
import { DW_AT_decl_line } from "../dwarf/constants.ts";
import { returnedValue } from "./calls/returned-value.ts";
import type { FrameContext } from "./frame-context.ts";
import type { DescribedVariable, FrameVariable, SlotVariable } from "./frame-variables.ts";
import { type GroupMember, groupVariable } from "./group-variable.ts";
import { StopState } from "./memory/stop-state.ts";
import { ModuleSymbols } from "./module-symbols.ts";
import { PausedFrame } from "./paused-frame.ts";
import { globalExpression, isIdentifier, localExpression, shortName } from "./slot-variables.ts";
import { StaticFrame } from "./static/static-frame.ts";
import type { Symbols } from "./symbols.ts";
import type { SymbolsParts } from "./symbols-parts.ts";
import { typeText } from "./text/type-text.ts";
import type { Type } from "./types/type.ts";
import { typeName } from "./types/type-name.ts";
import { makeVariable } from "./value-variable.ts";
import { valueOfBytes } from "./values/storage.ts";
import { ExpressionError, type Scope, type Variable } from "./variable.ts";
import { wasmScope } from "./wasm-scope.ts";

/**
 * The symbols of one module, for the session. Reads nothing until asked.
 *
 * What has been read of the guest is kept for one stop: the first question about a later one lets go of it.
 *
 * @param module What is known of the module already, where several targets are of the same: coredumps, above all.
 */
export function createSymbols(parts: SymbolsParts, module = new ModuleSymbols(parts)): Symbols {
  let state: StopState | undefined;
  const stateAt = (stop: StopNumber): StopState => {
    if (state?.stop === stop) return state;
    const fresh = new StopState(parts.target, stop, parts.memoryWritten, parts.guestRan);
    // A question about an earlier stop gets a state of its own, which the target will refuse to fill.
    if (state && state.stop > stop) return fresh;
    state?.markStale();
    state = fresh;
    return fresh;
  };
  let last: PausedFrame | undefined;
  // One question after the other is about the same frame: what it has found out is found out once.
  const frameOf = (context: FrameContext): PausedFrame => {
    const at = stateAt(context.stop);
    if (!last?.isOf(at, context)) last = new PausedFrame(module, at, context);
    return last;
  };
  return {
    async scopes(context) {
      const frame = frameOf(context);
      return [localsScope(frame), globalsScope(frame), wasmScope(frame)].filter(
        (scope) => scope !== undefined,
      );
    },
    async evaluate(context, text, options) {
      const frame = frameOf(context);
      const { value, expression, format } = await parts.evaluate(frame, text, options);
      return makeVariable(frame, { name: text.trim(), value, expression, ...(format && { format }) });
    },
    async describeType(context, text) {
      const frame = frameOf(context);
      const type = namedType(frame, text.trim()) ?? (await parts.evaluate(frame, text)).value.type;
      return { name: typeName(type), definition: typeText(type) };
    },
    async complete(context, text, column) {
      return (await parts.complete?.(frameOf(context), text, column)) ?? { start: column, items: [] };
    },
    memoryChanged(address, length) {
      state?.forgetMemory(address, length);
    },
    async textOf(context, storage, bytes) {
      const { type, address, bits } = storage;
      const here = { type, place: { kind: "memory", address }, ...(bits ? { bits } : {}) } as const;
      const value = bytes ? valueOfBytes(storage, bytes) : here;
      return (await makeVariable(frameOf(context), { name: "", value, expression: undefined })).value;
    },
    lower: (place, text) => parts.lower?.(new StaticFrame(module, place), text),
    async parameters(context) {
      const frame = frameOf(context);
      const parameters = frame.variables.filter(isNamedParameter);
      return allOf(parameters.map((parameter) => () => frameVariable(frame, parameter)));
    },
  };
}

/** The type that a text is the name of, as far as it is nothing else. */
function namedType(frame: PausedFrame, text: string): Type | undefined {
  const target = /^(.*\S)\s*\*$/s.exec(text)?.[1];
  const pointed = target === undefined ? undefined : namedType(frame, target);
  if (pointed) return frame.types.pointerTo(pointed);
  const [, keyword, name = text] = /^(struct|union|enum)\s+(\S.*)$/.exec(text) ?? [];
  if (keyword !== undefined) {
    const found = frame.findType(name, keyword as "struct" | "union" | "enum");
    if (!found) throw new ExpressionError(`there is no type \`${text}\` here`, 0);
    return found;
  }
  return frame.types.byName.get(text) ?? (frame.isTypeName(text) ? frame.findType(text) : undefined);
}

/** A backtrace tells nothing with parameters that nobody has named. */
const isNamedParameter = (variable: FrameVariable): boolean =>
  variable.isParameter &&
  (variable.kind === "described" || variable.name !== localExpression(variable.index));

function localsScope(frame: PausedFrame): Scope | undefined {
  const { variables } = frame;
  const members = variables.map(
    (variable): GroupMember =>
      () =>
        frameVariable(frame, variable),
  );
  if (frame.context.returned) members.unshift(() => returnedVariable(frame));
  if (members.length === 0) return undefined;
  return {
    kind: "locals",
    name: "Locals",
    expensive: false,
    variables: groupVariable("Locals", "", members),
  };
}

function globalsScope(frame: PausedFrame): Scope | undefined {
  const { globals } = frame;
  if (globals.length === 0) return slotGlobalsScope(frame);
  const locals = once(() => new Set(frame.variables.map(({ name }) => name)));
  const members = globals.map(
    (die): GroupMember =>
      () => {
        const { name = "" } = die;
        const expression = locals().has(name) ? `::${name}` : name;
        return whenKnown(frame.valueOf(die), (value) => makeVariable(frame, { name, value, expression }));
      },
  );
  return {
    kind: "globals",
    name: "Globals",
    expensive: false,
    variables: groupVariable("Globals", "", members),
  };
}

function slotGlobalsScope(frame: PausedFrame): Scope | undefined {
  const { slotGlobals } = frame;
  if (slotGlobals.length === 0) return undefined;
  const locals = new Set(frame.variables.map(({ name }) => name));
  const members = slotGlobals.map(
    ({ index, name }): GroupMember =>
      async () => {
        const short = shortName(name);
        const value = await frame.slotValue("global", index);
        const isPlain = isIdentifier(short) && !locals.has(short);
        const expression = isPlain ? short : globalExpression(index);
        return makeVariable(frame, { name: short, value, expression });
      },
  );
  return {
    kind: "globals",
    name: "Globals",
    expensive: false,
    variables: groupVariable("Globals", "", members),
  };
}

/** What has just been returned to the frame. */
async function returnedVariable(frame: PausedFrame): Promise<Variable | undefined> {
  const value = await returnedValue(frame);
  return value && makeVariable(frame, { name: "Return value", value, expression: "$returned" });
}

/** A variable hidden by one of the same name further in is told from it by its line, and has no expression. */
function frameVariable(frame: PausedFrame, variable: FrameVariable): Awaitable<Variable> {
  if (variable.kind === "slot") return slotVariable(frame, variable);
  const name = shownName(frame, variable);
  const expression = variable.isShadowed ? undefined : variable.name;
  return whenKnown(frame.valueOf(variable.die), (value) => makeVariable(frame, { name, value, expression }));
}

function shownName(frame: PausedFrame, variable: DescribedVariable): string {
  const { name, die, isShadowed } = variable;
  const packed = positionInPack(frame, variable);
  if (packed !== undefined) return `${name}#${packed}`;
  if (!isShadowed) return name;
  const line = die.holder(DW_AT_decl_line)?.constant(DW_AT_decl_line);
  return `${name} (${line === undefined ? "outer" : `line ${line}`})`;
}

/** Which of the parameters it is that a pack of C++ stands for, all of which have its name. */
function positionInPack(
  frame: PausedFrame,
  { name, isParameter, die }: DescribedVariable,
): number | undefined {
  if (!isParameter) return undefined;
  const pack = frame.variables.filter((one) => one.isParameter && one.name === name);
  if (pack.length < 2) return undefined;
  return pack.findIndex((one) => one.kind === "described" && one.die.offset === die.offset);
}

async function slotVariable(frame: PausedFrame, variable: SlotVariable): Promise<Variable> {
  const { name, index, isShadowed } = variable;
  const whole = localExpression(index);
  return makeVariable(frame, {
    name: isShadowed ? `${name} (${whole})` : name,
    value: await frame.valueOfVariable(variable),
    expression: isIdentifier(name) && !isShadowed ? name : whole,
  });
}
