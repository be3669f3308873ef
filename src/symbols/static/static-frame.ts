import { toStopNumber } from "../../base/brand.ts";
import { MalformedError } from "../../base/errors.ts";
import { DW_AT_frame_base } from "../../dwarf/constants.ts";
import type { Die } from "../../dwarf/die.ts";
import { locationAt } from "../../dwarf/location.ts";
import type { GuestCode, GuestNumber } from "../../target/guest-code.ts";
import type { GuestFunction } from "../calls/callable.ts";
import type { CodePlace } from "../frame-context.ts";
import { StopState } from "../memory/stop-state.ts";
import type { ModuleSymbols } from "../module-symbols.ts";
import { PausedFrame } from "../paused-frame.ts";
import { wasmType } from "../raw-value.ts";
import type { BuiltinTypes } from "../types/builtin-types.ts";
import { plainType, type RecordType, sizeOf, type Type } from "../types/type.ts";
import { integerBytes } from "../values/number.ts";
import { staticLocation } from "./static-location.ts";
import type { StaticNames } from "./static-names.ts";
import { constant, type StaticPlace, type StaticValue, sum } from "./static-place.ts";

/** Names at one place of a module's code, with how to find their values whenever the guest stands there. */
export class StaticFrame implements StaticNames {
  readonly types: BuiltinTypes;
  readonly language: "c" | "rust";
  readonly #module: ModuleSymbols;
  readonly #place: CodePlace;
  /** Only for what it knows without a guest. */
  readonly #frame: PausedFrame;

  constructor(module: ModuleSymbols, place: CodePlace) {
    this.#module = module;
    this.#place = place;
    const stop = toStopNumber(0);
    const context = { stop, frame: 0, stackPointer: undefined, ...place };
    this.#frame = new PausedFrame(module, new StopState(module.parts.target, stop), context);
    this.types = this.#frame.types;
    this.language = this.#frame.language;
  }

  get hasObject(): boolean {
    return this.#frame.variables.some(({ name }) => name === "this" || name === "self");
  }

  findStatic(name: string, from: "frame" | "globals"): StaticValue | undefined {
    const found = this.#frame.findDeclaration(name, from);
    if (!found) return undefined;
    if (found.kind === "enumerator") {
      const { type, value } = found;
      return { type, place: { kind: "bytes", bytes: integerBytes(value, type.sizeBytes) } };
    }
    if (found.kind === "slot") return this.#slot(found.slot, found.index);
    const type = this.#module.types.typeOf(found.die);
    return { type, place: this.#placeOf(found.die, type) };
  }

  #slot(slot: "local" | "global", index: number): StaticValue {
    const { slots, managed } = this.#module.parts.facts;
    const name =
      slot === "local" ? slots?.locals(this.#place.function).types[index] : slots?.globalType(index);
    const type = wasmType(name ?? "");
    const number = numberTypes.find((one) => one === name);
    // What a reference leads to has another type than the number it is.
    const isReference = managed?.isReference(this.#place.function, slot, index) === true;
    if (number === undefined || isReference) return { type, place: { kind: "unknown" } };
    return { type, place: { kind: "code", type: number, code: { op: slot, type: number, index } } };
  }

  describeName(name: string): "function" | "type" | undefined {
    return this.#frame.describeName(name);
  }

  suggestName(name: string): string | undefined {
    return this.#frame.suggestName(name);
  }

  functionsNamed(name: string): readonly GuestFunction[] {
    return this.#frame.functionsNamed(name);
  }

  methodsOf(record: RecordType, name: string): readonly GuestFunction[] {
    return this.#frame.methodsOf(record, name);
  }

  findType(name: string, keyword?: "struct" | "union" | "enum"): Type | undefined {
    return this.#frame.findType(name, keyword);
  }

  isVariable(name: string): boolean {
    return this.#frame.isVariable(name);
  }

  isTypeName(name: string): boolean {
    return this.#frame.isTypeName(name);
  }

  #placeOf(variable: Die, type: Type): StaticPlace {
    try {
      const { parts } = this.#module;
      const source = locationAt(variable, parts.codeOffset(this.#place.offset));
      if (source.kind === "none") return { kind: "unavailable", reason: source.reason };
      if (source.kind === "constant") return { kind: "bytes", bytes: source.bytes };
      const { unit } = source.die;
      return staticLocation(source.bytes, {
        unit,
        slotType: slotTypeOf(type),
        frameBase: () => this.#frameBase(),
        localAddress: (index) => this.#localAddress(index, unit.addressSize === 8 ? "i64" : "i32"),
      });
    } catch (error) {
      if (error instanceof MalformedError) return { kind: "unknown" };
      throw error;
    }
  }

  #frameBase(): GuestCode | undefined {
    const subprogram = this.#module.scopesOf(this.#frame.context)?.subprogram;
    const offset = this.#module.parts.codeOffset(this.#place.offset);
    const source = subprogram && locationAt(subprogram, offset, DW_AT_frame_base);
    if (source?.kind !== "expression") return undefined;
    const { unit } = source.die;
    const type = unit.addressSize === 8 ? "i64" : "i32";
    let local: GuestCode | undefined;
    const place = staticLocation(source.bytes, {
      unit,
      slotType: type,
      frameBase: () => undefined,
      localAddress: (index) => {
        local = this.#localAddress(index, type);
        return local;
      },
    });
    if (place.kind === "code") return local ?? place.code;
    return place.kind === "memory" ? sum(type, place.address, constant(type, place.offset)) : undefined;
  }

  /** A local that holds an address: by way of the stack pointer where that is known, since the local may not be kept. */
  #localAddress(index: number, type: "i32" | "i64"): GuestCode {
    const { debugInfo } = this.#module.parts;
    const { function: func, offset } = this.#place;
    const global = debugInfo.stackPointerGlobal;
    const shape = debugInfo.stackShape(func);
    const delta = shape.deltaAt(offset);
    const localDelta = shape.localDelta(index, offset);
    if (global === undefined || delta === undefined || localDelta === undefined)
      return { op: "local", type, index };
    return sum(type, { op: "global", type, index: global }, constant(type, delta - localDelta));
  }
}

const numberTypes: readonly GuestNumber[] = ["i32", "i64", "f32", "f64"];

/** The Wasm type in which compilers keep a value of a type. */
function slotTypeOf(type: Type): GuestNumber {
  const plain = plainType(type);
  const isWide = (sizeOf(plain) ?? 0) > 4;
  if (plain.kind === "base" && plain.encoding === "float") return isWide ? "f64" : "f32";
  return isWide ? "i64" : "i32";
}
