import { type Awaitable, whenKnown } from "../base/awaitable.ts";
import type { FuncIndex } from "../base/brand.ts";
import { ifWellFormed } from "../base/if-well-formed.ts";
import { type Unavailable, unavailable } from "../base/unavailable.ts";
import * as dw from "../dwarf/constants.ts";
import type { Die, DwarfUnit } from "../dwarf/die.ts";
import { genericValue } from "../dwarf/machine-value.ts";
import { qualifiedName } from "../dwarf/qualified-name.ts";
import type { ScopeChain } from "../dwarf/scopes.ts";
import { callGuest } from "./calls/call-guest.ts";
import type { CallArgument, CallTarget, GuestFunction } from "./calls/callable.ts";
import { functionsNamed, methodsOf } from "./calls/guest-function.ts";
import { returnedValue } from "./calls/returned-value.ts";
import type { FrameContext } from "./frame-context.ts";
import { FrameMachine } from "./frame-machine.ts";
import type { FrameNames } from "./frame-names.ts";
import { type FrameVariable, readFrameVariables } from "./frame-variables.ts";
import type { StopState } from "./memory/stop-state.ts";
import type { NamedSlot } from "./module-facts.ts";
import type { ModuleSymbols } from "./module-symbols.ts";
import { typedValueOf } from "./raw-value.ts";
import { slotVariables } from "./slot-variables.ts";
import { suggestName } from "./suggest-name.ts";
import type { SymbolFrame } from "./symbol-frame.ts";
import { type BuiltinTypes, builtinTypes, rustBuiltinTypes } from "./types/builtin-types.ts";
import { type ArrayType, type EnumerationType, plainType, type RecordType, type Type } from "./types/type.ts";
import { type Field, fieldValue, findField, recordFields } from "./values/fields.ts";
import { integerBytes, readInteger } from "./values/number.ts";
import { computedValue, readValue, type Value } from "./values/value.ts";
import { writeValue } from "./values/write.ts";
import { findEntry, readString } from "./views/lookup.ts";
import type { Parts, View } from "./views/view.ts";
import { viewOf } from "./views/view-of.ts";
import { namesOfUnit, namesWithin, type VisibleName } from "./visible-names.ts";
import { nearestOf, visibleScopes } from "./visible-scopes.ts";

/** What a name of a frame stands for. */
export type NamedDeclaration =
  | { readonly kind: "variable"; readonly die: Die }
  | { readonly kind: "slot"; readonly slot: "local" | "global"; readonly index: number }
  | { readonly kind: "enumerator"; readonly type: EnumerationType; readonly value: bigint };

/** One frame of a paused guest: its names, and its variables as values. Belongs to one stop. */
export class PausedFrame implements SymbolFrame, FrameNames {
  readonly module: ModuleSymbols;
  readonly state: StopState;
  readonly context: FrameContext;
  readonly types: BuiltinTypes;
  readonly language: "c" | "rust";
  readonly #unit: DwarfUnit | undefined;
  readonly #chain: ScopeChain | undefined;
  readonly #machine: FrameMachine;
  readonly #edition: number;
  #variables: readonly FrameVariable[] | undefined;

  constructor(module: ModuleSymbols, state: StopState, context: FrameContext) {
    this.module = module;
    this.state = state;
    this.context = context;
    this.#edition = state.edition;
    const scopes = module.scopesOf(context);
    this.#chain = scopes?.chain;
    this.#unit = scopes?.subprogram.unit;
    this.#machine = new FrameMachine(module.parts, state, context, scopes?.subprogram);
    this.language = this.#unit?.language === dw.DW_LANG_Rust ? "rust" : "c";
    const typesOf = this.language === "rust" ? rustBuiltinTypes : builtinTypes;
    this.types = typesOf(this.#unit?.addressSize ?? 4);
  }

  /** Whether it is that frame, with nothing written since it was looked up. */
  isOf(state: StopState, context: FrameContext): boolean {
    const own = this.context;
    return (
      this.state === state &&
      this.#edition === state.edition &&
      own.frame === context.frame &&
      own.offset === context.offset &&
      own.stackPointer === context.stackPointer &&
      own.inlineDepth === context.inlineDepth &&
      own.scopeOffset === context.scopeOffset &&
      own.returned === context.returned
    );
  }

  /** Parameters and locals in scope at the frame's program point. */
  get variables(): readonly FrameVariable[] {
    this.#variables ??= this.#chain ? readFrameVariables(this.#chain) : this.#slots();
    return this.#variables;
  }

  /** Where nothing describes variables, those of Wasm; all of them, where code is all there is to look at or none has a name. */
  #slots(): readonly FrameVariable[] {
    const { facts, debugInfo } = this.module.parts;
    const { function: func, offset } = this.context;
    if (!facts.slots) return [];
    const isListed = !this.module.names && debugInfo.functionAt(offset)?.hasLines !== true;
    const named = slotVariables(facts.slots, func, isListed ? "all" : "named");
    // Optimised programs of AssemblyScript have lines, but no names of locals.
    return named.length > 0 || this.module.names ? named : slotVariables(facts.slots, func, "all");
  }

  /** Named globals of Wasm, where those are all there are. */
  get slotGlobals(): readonly NamedSlot[] {
    const { slots } = this.module.parts.facts;
    return slots && !this.module.names ? slots.globalsFor(this.#functionName()) : [];
  }

  #functionName(): string | undefined {
    return this.module.parts.facts.functionName(this.context.function);
  }

  /** The value of one of `variables`. */
  valueOfVariable(variable: FrameVariable): Awaitable<Value> {
    return variable.kind === "described"
      ? this.valueOf(variable.die)
      : this.slotValue("local", variable.index);
  }

  /** The value of one of `slotGlobals`, or of a local. */
  async slotValue(slot: "local" | "global", index: number): Promise<Value> {
    const missing = { kind: "void", name: "?" } as const;
    const raw = await this.rawValue(slot, index);
    if (!raw) return { type: missing, place: unavailable("the engine has not kept it") };
    return this.module.parts.formatters?.refineSlot?.(this, raw, { kind: slot, index }) ?? raw;
  }

  /** Global variables of the frame's unit. */
  get globals(): readonly Die[] {
    return this.#unit ? (this.module.names?.globalsOf(this.#unit) ?? []) : [];
  }

  /** The value of a variable's DIE, not yet read. */
  valueOf(variable: Die): Awaitable<Value> {
    const definition = this.#variableOf(variable).die;
    const type = this.#measured(this.module.types.typeOf(definition));
    const place = this.#machine.place(definition);
    return type instanceof Promise || place instanceof Promise
      ? Promise.all([type, place]).then(([type, place]) => ({ type, place }))
      : { type, place };
  }

  async findValue(name: string, from: "frame" | "globals"): Promise<Value | undefined> {
    const member = from === "frame" && !this.#localOf(name) ? this.#objectField(name) : undefined;
    if (member) return this.#fieldOfObject(member);
    const found = this.findDeclaration(name, from);
    if (found?.kind === "slot") return this.slotValue(found.slot, found.index);
    if (found?.kind !== "enumerator") return found && this.valueOf(found.die);
    return computedValue(found.type, integerBytes(found.value, found.type.sizeBytes));
  }

  /** What a name stands for, known without the guest. As `findValue`; of an `extern` declaration the definition. */
  findDeclaration(name: string, from: "frame" | "globals"): NamedDeclaration | undefined {
    const local = from === "frame" ? this.#localOf(name) : undefined;
    if (local?.kind === "slot") return { kind: "slot", slot: "local", index: local.index };
    if (local) return this.#variableOf(local.die);
    // A member of the object needs the object to be read.
    if (from === "frame" && this.#objectField(name)) return undefined;
    const { names } = this.module;
    if (!names) return this.#slotGlobal(name);
    const own = this.#unit ? [this.#unit] : [];
    for (const unit of own) {
      const found = [...names.findIn(unit, "variable", name)];
      // `::name` is the one outside of all namespaces, if there is one.
      const outermost = from === "globals" ? found.find((die) => qualifiedName(die) === name) : undefined;
      const first = outermost ?? nearestOf(found, name, () => this.#visibleScopes())[0];
      if (first) return this.#variableOf(first);
      for (const die of names.findIn(unit, "enumerator", name)) return this.#enumeratorOf(die);
    }
    for (const die of names.find("variable", name)) return this.#variableOf(die);
    for (const die of names.find("enumerator", name)) return this.#enumeratorOf(die);
    return undefined;
  }

  #visibleScopes(): readonly string[] {
    this.#scopes ??= visibleScopes(this.#chain);
    return this.#scopes;
  }
  #scopes: readonly string[] | undefined;

  #slotGlobal(name: string): NamedDeclaration | undefined {
    const index = this.module.parts.facts.slots?.findGlobal(name, this.#functionName());
    return index === undefined ? undefined : { kind: "slot", slot: "global", index };
  }

  #localOf(name: string): FrameVariable | undefined {
    return this.variables.find((variable) => variable.name === name && !variable.isShadowed);
  }

  /** A member of the object a C++ function was called for, which a closure may have captured. */
  #objectField(name: string): readonly Field[] | undefined {
    const self = this.#localOf("this");
    if (self?.kind !== "described" || name === "this") return undefined;
    const type = pointedRecord(this.module.types.typeOf(self.die));
    const own = type && findField(type, name);
    if (own || !type) return own;
    const captured = findField(type, "this") ?? findField(type, "__this");
    const last = captured?.at(-1);
    const outer = last && pointedRecord(last.type);
    const path = outer && findField(outer, name);
    return captured && path && [...captured, ...path];
  }

  async #fieldOfObject(path: readonly Field[]): Promise<Value | undefined> {
    const self = this.#localOf("this");
    if (self?.kind !== "described") return undefined;
    let value = await this.valueOf(self.die);
    for (const field of path) {
      const plain = plainType(value.type);
      if (plain.kind === "pointer") {
        const bytes = await this.read(value);
        if (!(bytes instanceof Uint8Array)) return { type: field.type, place: bytes };
        value = { type: plain.target, place: { kind: "memory", address: readInteger(bytes, "unsigned") } };
      }
      value = await this.fieldOf(value, field);
    }
    return value;
  }

  describeName(name: string): "function" | "type" | undefined {
    if (this.findType(name)) return "type";
    for (const _ of this.module.names?.find("function", name, this.#unit) ?? []) return "function";
    return undefined;
  }

  findType(name: string, keyword?: "struct" | "union" | "enum"): Type | undefined {
    let declared: Die | undefined;
    let bare: Die | undefined;
    for (const die of this.module.names?.find("type", name, this.#unit) ?? []) {
      const isKeyworded = keywordTags.has(die.tag);
      if (keyword ? !keywordTags.get(die.tag)?.includes(keyword) : false) continue;
      if (die.flag(dw.DW_AT_declaration)) declared ??= die;
      // In C a bare name means a typedef before it could mean a struct's tag.
      else if (!keyword && isKeyworded) bare ??= die;
      else return this.module.types.fromDie(die);
    }
    const die = bare ?? declared;
    return die && this.module.types.fromDie(die);
  }

  isVariable(name: string): boolean {
    return this.#localOf(name) !== undefined;
  }

  isTypeName(name: string): boolean {
    if (this.variables.some((variable) => variable.name === name)) return false;
    const { names } = this.module;
    const [global] = (this.#unit && names?.findIn(this.#unit, "variable", name)) ?? [];
    return global === undefined && this.findType(name) !== undefined;
  }

  suggestName(name: string): string | undefined {
    return suggestName(
      name,
      this.visibleNames().map((visible) => visible.name),
    );
  }

  visibleNames(within?: string): readonly VisibleName[] {
    const { names } = this.module;
    if (within !== undefined) return names && this.#unit ? [...namesWithin(names, this.#unit, within)] : [];
    const locals = this.variables.filter(({ isShadowed }) => !isShadowed).map(({ name }) => name);
    const members = this.#objectFields().map(({ name }) => name);
    return [
      ...locals.toReversed().map((name) => ({ name, kind: "local" as const })),
      ...members.map((name) => ({ name, kind: "member" as const })),
      ...(names && this.#unit ? namesOfUnit(names, this.#unit) : []),
    ];
  }

  #objectFields(): readonly Field[] {
    const self = this.#localOf("this");
    const type = self?.kind === "described" ? pointedRecord(this.module.types.typeOf(self.die)) : undefined;
    return type ? recordFields(type).filter(({ kind }) => kind === "field") : [];
  }

  functionsNamed(name: string): readonly GuestFunction[] {
    return functionsNamed(this.module, name, this.#unit, () => this.#visibleScopes());
  }

  methodsOf(record: RecordType, name: string): readonly GuestFunction[] {
    return methodsOf(this.module, record, name, this.#unit);
  }

  async rawValue(kind: "local" | "global", given: number | "stack-pointer"): Promise<Value | undefined> {
    const index = given === "stack-pointer" ? (this.module.parts.debugInfo.stackPointerGlobal ?? -1) : given;
    const slots = await (kind === "local" ? this.state.locals(this.context.frame) : this.state.globals());
    const raw = slots[index];
    return raw && typedValueOf(raw, { kind, index });
  }

  async memorySize(index: number): Promise<bigint | undefined> {
    return (await this.state.memorySizes())[index];
  }

  readMemory(index: number, address: bigint, length: number): Awaitable<Uint8Array | Unavailable> {
    return whenKnown(this.state.readOtherMemory(index, address, length), (bytes) =>
      bytes.length === length ? bytes : unavailable(this.state.whyShort),
    );
  }

  async functionInTable(
    index: bigint,
  ): Promise<{ readonly index: FuncIndex; readonly name: string } | undefined> {
    const func = await this.state.tableEntry(Number(index));
    if (func === undefined) return undefined;
    return { index: func, name: this.module.parts.facts.functionName(func) ?? `func[${func}]` };
  }

  write(value: Value, bytes: Uint8Array): Promise<Value> {
    return writeValue(this, value, bytes);
  }

  call(target: CallTarget, args: readonly CallArgument[], column: number): Promise<Value> {
    return callGuest(this, target, args, column);
  }

  viewOf(value: Value): Awaitable<View | undefined> {
    return viewOf(this, value);
  }

  entryOf(parts: Parts, key: Value): Promise<Value | undefined> {
    return findEntry(this, parts, key);
  }

  stringOf(value: Value): Promise<Uint8Array | undefined> {
    return readString(this, value);
  }

  returnedValue(): Promise<Value | undefined> {
    return returnedValue(this);
  }

  read(value: Value): Awaitable<Uint8Array | Unavailable> {
    return readValue(value, this.state);
  }

  fieldOf(record: Value, field: Field): Awaitable<Value> {
    if (field.offset.kind === "bytes") return fieldValue(record, field, field.offset.bytes);
    if (record.place.kind !== "memory") return { type: field.type, place: unavailable("it has no address") };
    const { bytes, unit } = field.offset;
    const start = genericValue(record.place.address, unit.addressSize);
    return whenKnown(this.#machine.run(bytes, unit, [start]), (place) => ({
      ...{ type: field.type, place },
      ...(field.kind === "base" && { isBasePart: true }),
    }));
  }

  /** An `extern` declaration stands for the definition, which may be in another unit. */
  #definitionOf(variable: Die): Die {
    const isWhole = variable.holder(dw.DW_AT_location) ?? variable.holder(dw.DW_AT_const_value);
    if (isWhole || !variable.flag(dw.DW_AT_declaration)) return variable;
    const { name } = variable;
    if (name === undefined) return variable;
    for (const die of this.module.names?.find("variable", name, this.#unit) ?? []) return die;
    return variable;
  }

  #variableOf(die: Die): Extract<NamedDeclaration, { kind: "variable" }> {
    if (definitions.has(die)) return { kind: "variable", die };
    const definition = ifWellFormed(() => this.#definitionOf(die)) ?? die;
    if (definition === die) definitions.add(die);
    return { kind: "variable", die: definition };
  }

  #enumeratorOf(die: Die): NamedDeclaration | undefined {
    const owner = die.parent;
    const type = owner && this.module.types.fromDie(owner);
    if (type?.kind !== "enumeration") return undefined;
    const value = type.enumerators.find((enumerator) => enumerator.name === die.name)?.value;
    return value === undefined ? undefined : { kind: "enumerator", type, value };
  }

  /** A variable-length array's type with the length it has in this frame. */
  #measured(type: Type): Awaitable<Type> {
    const plain = plainType(type);
    return plain.kind === "array" && hasVariableLength(plain, 0) ? this.#withLengths(plain) : type;
  }

  async #withLengths(type: Type, depth = 0): Promise<Type> {
    const plain = plainType(type);
    if (plain.kind !== "array" || depth > maxDimensions) return type;
    if (!hasVariableLength(plain, depth)) return type;
    const element = await this.#withLengths(plain.element, depth + 1);
    const count = plain.countVariable ? await this.#countIn(plain.countVariable) : plain.count;
    return { kind: "array", element, count, strideBytes: plain.strideBytes };
  }

  async #countIn(variable: Die): Promise<number | undefined> {
    const type = this.module.types.typeOf(variable);
    const bytes = await this.read({ type, place: await this.#machine.place(variable) });
    return bytes instanceof Uint8Array ? Number(readInteger(bytes, "unsigned")) : undefined;
  }
}

const maxDimensions = 16;

/** Variables that are known to be no declarations of others: those in a frame are looked at again at every stop. */
const definitions = new WeakSet<Die>();

/** The record that a pointer is to. */
function pointedRecord(type: Type): RecordType | undefined {
  const plain = plainType(type);
  const target = plain.kind === "pointer" ? plainType(plain.target) : undefined;
  return target?.kind === "record" ? target : undefined;
}

const keywordTags = new Map<number, string[]>([
  [dw.DW_TAG_structure_type, ["struct", "class"]],
  [dw.DW_TAG_class_type, ["struct", "class"]],
  [dw.DW_TAG_union_type, ["union"]],
  [dw.DW_TAG_enumeration_type, ["enum"]],
]);

function hasVariableLength(type: ArrayType, depth: number): boolean {
  if (type.countVariable) return true;
  const element = plainType(type.element);
  return element.kind === "array" && depth < maxDimensions && hasVariableLength(element, depth + 1);
}
