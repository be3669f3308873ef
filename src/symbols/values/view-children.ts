import type { Awaitable } from "../../base/awaitable.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { keyText } from "../text/value-text.ts";
import type { Part, Parts, StringShape, View } from "../views/view.ts";
import { type Child, type Children, noChildren } from "./child.ts";
import { postfixable, prefixable } from "./child-expression.ts";
import { childrenOf } from "./children.ts";
import { placeWithin } from "./place.ts";

/** The parts of what a view shows, which `expression` stands for. Reads nothing but pointers, and keys as they are come to. */
export function viewChildren(
  frame: SymbolFrame,
  { shape }: View,
  expression: string | undefined,
): Awaitable<Children> {
  switch (shape.kind) {
    case "same":
      return childrenOf(frame, shape.value, expression);
    case "text":
      return shape.parts ? partsOf(frame, shape.parts, expression) : noChildren;
    case "damaged":
      return noChildren;
    case "pointer":
      return childrenOf(frame, shape.pointer, expression);
    case "string":
      return shape.isIndexed ? unitsOf(shape, expression) : noChildren;
    case "parts":
      return partsOf(frame, shape.parts, expression);
  }
}

function partsOf(frame: SymbolFrame, parts: Parts, expression: string | undefined): Children {
  return {
    named: parts.kind === "named" ? parts.count : 0,
    indexed: parts.kind === "indexed" ? parts.count : 0,
    async at(filter, index) {
      const part = filter === parts.kind ? await parts.at(index) : undefined;
      return part && childOf(frame, part, index, expression);
    },
  };
}

async function childOf(
  frame: SymbolFrame,
  part: Part,
  index: number,
  expression: string | undefined,
): Promise<Child> {
  const prefix = expression && postfixable(expression);
  const { value } = part;
  switch (part.kind) {
    case "element":
      return {
        name: `[${index}]`,
        value,
        expression: prefix && `${prefix}[${index}]`,
        isBase: false,
      };
    case "target":
      return {
        name: "value",
        value,
        expression: expression && `*${prefixable(expression)}`,
        isBase: false,
      };
    case "field":
      return { name: part.name, value, expression: prefix && `${prefix}.${part.name}`, isBase: false };
    case "entry": {
      const key = await keyText(frame, part.key);
      // Only what can be written down can be asked for again.
      const isLiteral = !part.isRepeatable && /^(-?\d+|"[^"]*")$/.test(key);
      return {
        name: `[${key}]`,
        value,
        expression: isLiteral && prefix ? `${prefix}[${key}]` : undefined,
        isBase: false,
      };
    }
  }
}

function unitsOf({ place, unit, count }: StringShape, expression: string | undefined): Children {
  const prefix = expression && postfixable(expression);
  return {
    named: 0,
    indexed: count,
    async at(filter, index) {
      if (filter !== "indexed" || index < 0 || index >= count) return undefined;
      const value = { type: unit, place: placeWithin(place, index * unit.sizeBytes, unit.sizeBytes) };
      return { name: `[${index}]`, value, expression: prefix && `${prefix}[${index}]`, isBase: false };
    },
  };
}
