import type { BaseType } from "../symbols/types/type.ts";
import type { Node } from "./ast.ts";
import { isRelation } from "./precedence.ts";

/**
 * An expression of nothing but literals without a type, as one of literals of the type that it meets: rustc knows from the
 * start that in `!1 & 5u8` the `1` is a `u8`. `undefined` for any other expression.
 */
export function withType(node: Node, type: BaseType): Node | undefined {
  const isFloat = type.encoding === "float";
  switch (node.kind) {
    case "integer":
      if (node.type.kind !== "rust" || node.type.name !== undefined || isFloat) return undefined;
      return { ...node, type: { kind: "rust", name: type.name } };
    case "float":
      return node.type === undefined && isFloat ? { ...node, type: type.name } : undefined;
    case "unary": {
      const operand = ["-", "+", "!"].includes(node.operator) ? withType(node.operand, type) : undefined;
      return operand && { ...node, operand };
    }
    case "binary": {
      const { operator } = node;
      if (isRelation(operator) || operator === "&&" || operator === "||" || operator === ",")
        return undefined;
      const left = withType(node.left, type);
      // How far something is shifted has a type of its own.
      const right = operator === "<<" || operator === ">>" ? node.right : withType(node.right, type);
      return left && right && { ...node, left, right };
    }
    default:
      return undefined;
  }
}
