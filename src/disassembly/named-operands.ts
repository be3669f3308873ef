import { type FuncIndex, toFuncIndex } from "../base/brand.ts";
import { once } from "../base/once.ts";
import type { ModuleNames } from "../debuginfo/module-names.ts";
import type { NamedOperand, OperandTexts } from "../wasm/disassemble.ts";
import { findFuncType, readIndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { NamedKind } from "../wasm/sections/name.ts";
import type { FuncType } from "../wasm/sections/type.ts";
import { formatNamedValueType, type ValueType } from "../wasm/value-type.ts";

/**
 * What the instructions of a module refer to, by the best name there is: `$main`, `$"area(Circle const&)"`; by number where
 * there is none. Function types without a name are written out.
 */
export class NamedOperands {
  readonly #module: WasmModule;
  readonly #names: ModuleNames;

  constructor(module: WasmModule, names: ModuleNames) {
    this.#module = module;
    this.#names = names;
  }

  /** Texts for the instructions of one function. `label` writes a label, counted from the innermost block. */
  within(func: FuncIndex, label: (depth: number) => string): OperandTexts {
    return {
      index: (kind, index) => this.#text(kind, index, func),
      typeUse: (typeIndex) => this.typeUse(typeIndex),
      label,
    };
  }

  /** `(type $name)`, `(param i32 i32) (result i32)`. */
  typeUse(typeIndex: number): string {
    const name = this.#names.sectionName("type", typeIndex);
    if (name !== undefined) return `(type ${identifier(name)})`;
    const type = findFuncType(this.#spaces(), typeIndex);
    return (type && this.#signature(type)) || `(type ${typeIndex})`;
  }
  readonly #spaces = once(() => readIndexSpaces(this.#module));

  #signature({ params, results }: FuncType): string {
    const list = (word: string, types: readonly ValueType[]): string[] =>
      types.length === 0 ? [] : [`(${word} ${types.map((type) => this.#valueType(type)).join(" ")})`];
    return [...list("param", params), ...list("result", results)].join(" ");
  }

  #valueType(type: ValueType): string {
    return formatNamedValueType(type, (index) => this.#text("type", index, noFunction));
  }

  #text(kind: NamedOperand, index: number, func: FuncIndex): string {
    const name = this.#nameOf(kind, index, func);
    return name === undefined ? String(index) : identifier(name);
  }

  #nameOf(kind: NamedOperand, index: number, func: FuncIndex): string | undefined {
    switch (kind) {
      case "func": {
        // A name that only says the index is none.
        const name = this.#names.functionName(toFuncIndex(index));
        return name === `func[${index}]` ? undefined : name;
      }
      case "local":
        return this.#names.localName(func, index);
      case "global":
        return this.#names.globalName(index);
      default:
        return this.#names.sectionName(sectionKinds[kind], index);
    }
  }
}

/** Has no locals to name. */
const noFunction = toFuncIndex(-1);

const sectionKinds = {
  type: "type",
  table: "table",
  memory: "memory",
  tag: "tag",
  elem: "element",
  data: "data",
} as const satisfies Record<string, NamedKind>;

/**
 * A name as the text format writes identifiers: `$main`, and in quotes what has other characters.
 *
 * Source: core specification, text format, "Identifiers".
 */
export function identifier(name: string): string {
  if (/^[\w!#$%&'*+./:<=>?@\\^`|~-]+$/.test(name)) return `$${name}`;
  return `$${JSON.stringify(name)}`;
}
