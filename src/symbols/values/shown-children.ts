import { type Awaitable, whenKnown } from "../../base/awaitable.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { plainType } from "../types/type.ts";
import type { ShownValue } from "../views/view-of.ts";
import type { Child, Children } from "./child.ts";
import { prefixable } from "./child-expression.ts";
import { childrenOf } from "./children.ts";
import type { Value } from "./value.ts";
import { viewChildren } from "./view-children.ts";

/**
 * The parts of a value as it is shown, which `expression` stands for in its frame, and among them, as `[raw]`,
 * the fields of what was looked through or is shown by a view.
 */
export function shownChildren(
  frame: SymbolFrame,
  { value, view, wrapper, stars }: ShownValue,
  expression: string | undefined,
): Awaitable<Children> {
  // Where `*` on the whole gives a pointer, it takes another one to give what that points to.
  const isHeldPointer = stars > 0 && plainType(value.type).kind === "pointer";
  const shown = expression && isHeldPointer ? `${"*".repeat(stars)}${prefixable(expression)}` : expression;
  const children = view ? viewChildren(frame, view, expression) : childrenOf(frame, value, shown);
  return wrapper ? whenKnown(children, (own) => withRaw(own, wrapper)) : children;
}

/** Children and, behind those that have names, what the whole is made of. */
function withRaw(children: Children, wrapper: Value): Children {
  const raw: Child = {
    name: "[raw]",
    value: { ...wrapper, isRaw: true },
    expression: undefined,
    isBase: false,
    isRaw: true,
  };
  return {
    named: children.named + 1,
    indexed: children.indexed,
    at: (filter, index) =>
      filter === "named" && index === children.named ? raw : children.at(filter, index),
  };
}
