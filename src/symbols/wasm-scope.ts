import { toMemoryAddress } from "../base/brand.ts";
import type { RawValue } from "../target/target.ts";
import { type GroupMember, groupVariable, textVariable } from "./group-variable.ts";
import type { PausedFrame } from "./paused-frame.ts";
import { typedValueOf } from "./raw-value.ts";
import { makeVariable } from "./value-variable.ts";
import type { Scope, Variable } from "./variable.ts";

/** The frame's function, raw locals, globals and memories of the module. Reads nothing until looked into. */
export function wasmScope(frame: PausedFrame): Scope {
  const groups: GroupMember[] = [
    async () => functionVariable(frame),
    () => localsGroup(frame),
    () => operandsGroup(frame),
    () => globalsGroup(frame),
    () => memoriesGroup(frame),
  ];
  return { kind: "wasm", name: "Wasm", expensive: true, variables: groupVariable("Wasm", "", groups) };
}

/** The function by its index, and by the linker's name: the frame has the name that a user of its language would write. */
function functionVariable(frame: PausedFrame): Variable {
  const { facts } = frame.module.parts;
  const { function: func } = frame.context;
  const name = facts.linkerName?.(func);
  const signature = facts.signature?.(func);
  const [result, ...more] = signature?.results ?? [];
  const results = more.length > 0 ? `(${[result, ...more].join(", ")})` : (result ?? "()");
  const type = signature && `(${signature.params.join(", ")}) -> ${results}`;
  return textVariable("Function", name === undefined ? `func[${func}]` : `func[${func}] ${name}`, type);
}

async function localsGroup(frame: PausedFrame): Promise<Variable | undefined> {
  const { facts } = frame.module.parts;
  const locals = await frame.state.locals(frame.context.frame);
  const names = locals.map((_, index) => facts.localName(frame.context.function, index));
  return slotGroup(frame, "local", locals, names);
}

/** What is on the operand stack, where the engine knows. */
async function operandsGroup(frame: PausedFrame): Promise<Variable | undefined> {
  const operands = await frame.state.operands(frame.context.frame);
  if (operands.length === 0) return undefined;
  const members = operands.map((raw, index): GroupMember => {
    const name = `operand ${index}`;
    if (raw.type === "ref") return async () => textVariable(name, raw.value, "ref");
    const value = typedValueOf(raw, { kind: "operand", index });
    const showType = raw.type !== "unavailable";
    return () => makeVariable(frame, { name, value, expression: undefined, kind: "raw", showType });
  });
  return groupVariable("Operands", counted(operands.length, "operand", "operands"), members);
}

async function globalsGroup(frame: PausedFrame): Promise<Variable | undefined> {
  const { facts } = frame.module.parts;
  const globals = await frame.state.globals();
  return slotGroup(
    frame,
    "global",
    globals,
    globals.map((_, index) => facts.globalName(index)),
  );
}

async function memoriesGroup(frame: PausedFrame): Promise<Variable | undefined> {
  const sizes = await frame.state.memorySizes();
  if (sizes.length === 0) return undefined;
  const members = sizes.map((size, index): GroupMember => {
    return async () => memoryVariable(index, size);
  });
  return groupVariable("Memories", counted(sizes.length, "memory", "memories"), members);
}

/** All of a memory, to be looked at as bytes. */
function memoryVariable(index: number, size: bigint): Variable {
  const pages = counted(Number(size / 65536n), "page", "pages");
  const variable: Variable = {
    ...textVariable(`memory ${index}`, `${size} bytes (${pages})`),
    memoryReference: toMemoryAddress(0),
    ...(index === 0 ? {} : { memoryIndex: index }),
    asHex: async () => variable,
  };
  return variable;
}

function slotGroup(
  frame: PausedFrame,
  kind: "local" | "global",
  slots: readonly RawValue[],
  names: readonly (string | undefined)[],
): Variable | undefined {
  if (slots.length === 0) return undefined;
  const members = slots.map((raw, index): GroupMember => {
    return () => slotVariable(frame, { kind, index }, raw, names[index]);
  });
  const title = kind === "local" ? "Locals" : "Globals";
  return groupVariable(title, counted(slots.length, kind, `${kind}s`), members);
}

async function slotVariable(
  frame: PausedFrame,
  home: { readonly kind: "local" | "global"; readonly index: number },
  raw: RawValue,
  name: string | undefined,
): Promise<Variable> {
  const expression = `$${home.kind}${home.index}`;
  const shown = name === undefined ? expression : `${expression} ${name}`;
  if (raw.type === "ref") return textVariable(shown, raw.value, "ref");
  const variable = await makeVariable(frame, {
    name: shown,
    value: typedValueOf(raw, home),
    expression,
    kind: "raw",
    showType: raw.type !== "unavailable",
  });
  const isFixed = home.kind === "global" && !frame.module.parts.facts.isGlobalMutable(home.index);
  return isFixed ? readOnly(variable) : variable;
}

function readOnly(variable: Variable): Variable {
  const { name, type, value, evaluateName } = variable;
  return {
    ...textVariable(name, value, type),
    ...(evaluateName !== undefined && { evaluateName }),
    asHex: async () => readOnly(await variable.asHex()),
  };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
