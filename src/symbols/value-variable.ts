import { type Awaitable, allOf, whenKnown } from "../base/awaitable.ts";
import type { MemoryAddress, ModuleOffset } from "../base/brand.ts";
import { toMemoryAddress } from "../base/brand.ts";
import type { FrameContext } from "./frame-context.ts";
import type { PausedFrame } from "./paused-frame.ts";
import type { IntegerFormat } from "./text/scalar-text.ts";
import { type ValueText, valueText } from "./text/value-text.ts";
import { plainType } from "./types/type.ts";
import { typeName } from "./types/type-name.ts";
import { assignText } from "./values/assign.ts";
import { isTextPlace } from "./values/assign-string.ts";
import type { Children } from "./values/child.ts";
import { isPrefix } from "./values/child-expression.ts";
import { readInteger } from "./values/number.ts";
import { shownChildren } from "./values/shown-children.ts";
import { type Storage, storageOf } from "./values/storage.ts";
import { readValue, type Value } from "./values/value.ts";
import { isWritable } from "./values/write.ts";
import { ExpressionError, type Variable } from "./variable.ts";
import type { View } from "./views/view.ts";
import { type ShownValue, shownValue } from "./views/view-of.ts";

/** What a variable is made of. */
export interface ValueVariableParts {
  readonly name: string;
  readonly value: Value;
  /** See `Variable.evaluateName`. */
  readonly expression: string | undefined;
  readonly kind?: Variable["kind"];
  readonly format?: IntegerFormat;
  /** `undefined` for values whose type a user has not written. */
  readonly showType?: boolean;
}

/** A typed value as a user sees it. Rejects only as the target does. */
export function makeVariable(frame: PausedFrame, parts: ValueVariableParts): Awaitable<Variable> {
  const { format = "decimal", expression } = parts;
  return whenKnown(shownValue(frame, parts.value), (shown) => {
    const text = valueText(frame, shown.value, format, shown.view);
    const children = shownChildren(frame, shown, expression);
    const referred = referredBy(frame, shown.value, shown.view);
    return text instanceof Promise || children instanceof Promise || referred instanceof Promise
      ? Promise.all([text, children, referred]).then(
          ([text, children, referred]) =>
            new ValueVariable(frame, parts, { shown, text, children, referred }),
        )
      : new ValueVariable(frame, parts, { shown, text, children, referred });
  });
}

/** What has been found out about a value to show it. */
interface Findings {
  readonly shown: ShownValue;
  readonly text: ValueText;
  readonly children: Children;
  readonly referred: Referred;
}

class ValueVariable implements Variable {
  readonly name: string;
  declare readonly type?: string;
  readonly value: string;
  declare readonly unavailable?: string;
  declare readonly evaluateName?: string;
  declare readonly memoryReference?: MemoryAddress;
  declare readonly codeReference?: ModuleOffset;
  readonly named: number;
  readonly indexed: number;
  readonly writable: boolean;
  readonly kind: Variable["kind"];
  readonly #frame: PausedFrame;
  readonly #parts: ValueVariableParts;
  /** The value itself, references looked through. */
  readonly #value: Value;
  readonly #children: Children;

  constructor(
    frame: PausedFrame,
    parts: ValueVariableParts,
    { shown, text, children, referred: { memory, code } }: Findings,
  ) {
    const { value, view, dynamicType } = shown;
    this.#frame = frame;
    this.#parts = parts;
    this.#value = value;
    this.#children = children;
    this.name = parts.name;
    const { remark } = parts.value;
    this.value = remark === undefined ? text.text : `${text.text} (${remark})`;
    if (parts.showType !== false) this.type = typeName(dynamicType ?? parts.value.type);
    if (text.unavailable !== undefined) this.unavailable = text.unavailable;
    if (parts.expression !== undefined && !isPrefix(parts.expression)) this.evaluateName = parts.expression;
    if (memory !== undefined) this.memoryReference = memory;
    if (code !== undefined) this.codeReference = code;
    this.named = children.named;
    this.indexed = children.indexed;
    this.writable = text.unavailable === undefined && (isWritable(value) || isTextPlace(value, view));
    this.kind = parts.kind ?? (plainType(value.type).kind === "pointer" ? "pointer" : "data");
  }

  get stored(): { readonly storage: Storage; readonly frame: FrameContext } {
    return { storage: storageOf(this.#value), frame: this.#frame.context };
  }

  async children(filter: "named" | "indexed", start: number, count: number): Promise<readonly Variable[]> {
    const total = filter === "named" ? this.named : this.indexed;
    const end = Math.min(total, start + Math.min(count, maxChildren));
    const wanted: (() => Awaitable<Variable | undefined>)[] = [];
    for (let index = Math.max(0, start); index < end; index++) wanted.push(() => this.#child(filter, index));
    return (await allOf(wanted)).filter((child) => child !== undefined);
  }

  async assign(text: string): Promise<Variable> {
    if (!this.writable) throw new ExpressionError(`${this.name} cannot be assigned to`, 0);
    const written = await assignText(this.#frame, this.#value, text);
    // Through a reference, what was written is its target; the reference itself is as before.
    const value = this.#value === this.#parts.value ? written : this.#parts.value;
    return makeVariable(this.#frame, { ...this.#parts, value });
  }

  async asHex(): Promise<Variable> {
    return makeVariable(this.#frame, { ...this.#parts, format: "hexadecimal" });
  }

  #child(filter: "named" | "indexed", index: number): Awaitable<Variable | undefined> {
    return whenKnown(this.#children.at(filter, index), (child) => {
      if (!child) return undefined;
      const { name, value, expression, isBase, isRaw } = child;
      const { format } = this.#parts;
      return makeVariable(this.#frame, {
        name,
        value,
        expression,
        ...((isBase || isRaw) && { kind: "virtual" }),
        ...(format && { format }),
      });
    });
  }
}

/** Children made at once, whatever a client asks for. */
const maxChildren = 100_000;

/** The place that a value lies at or points at. */
interface Referred {
  readonly memory?: MemoryAddress;
  readonly code?: ModuleOffset;
}

function referredBy(frame: PausedFrame, value: Value, view: View | undefined): Awaitable<Referred> {
  if (view?.shape.kind === "pointer") return referredBy(frame, view.shape.pointer, undefined);
  if (view?.shape.kind === "string" && view.shape.place.kind === "memory")
    return { memory: toMemoryAddress(view.shape.place.address) };
  const plain = plainType(value.type);
  if (plain.kind === "pointer") {
    return whenKnown(readValue(value, frame.state), (bytes) => {
      if (!(bytes instanceof Uint8Array)) return {};
      const address = readInteger(bytes, "unsigned");
      if (plainType(plain.target).kind === "function") return functionAt(frame, address);
      return { memory: toMemoryAddress(address) };
    });
  }
  // A function's place is its index in the table.
  if (plain.kind === "function")
    return value.place.kind === "memory" ? functionAt(frame, value.place.address) : {};
  return value.place.kind === "memory" ? { memory: toMemoryAddress(value.place.address) } : {};
}

/** A pointer to a function is an index in a table and no address. */
function functionAt(frame: PausedFrame, index: bigint): Awaitable<Referred> {
  const entry = index === 0n ? undefined : frame.state.tableEntry(Number(index));
  return whenKnown(entry, (func) => {
    const code = func === undefined ? undefined : frame.module.parts.facts.functionStart(func);
    return code === undefined ? {} : { code };
  });
}
