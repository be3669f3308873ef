/** An expression as a tree. `column` is where an error about the node points: 0-based, at its operator or first character. */
export type Node =
  | {
      readonly kind: "integer";
      readonly value: bigint;
      readonly type: IntegerLiteralType;
      readonly column: number;
    }
  | { readonly kind: "float"; readonly value: number; readonly isSingle: boolean; readonly column: number }
  | { readonly kind: "character"; readonly code: number; readonly column: number }
  /** `bytes` end with the zero that C adds. */
  | { readonly kind: "string"; readonly bytes: Uint8Array; readonly column: number }
  | { readonly kind: "boolean"; readonly value: boolean; readonly column: number }
  /** `from` is `globals` for `::name`. */
  | {
      readonly kind: "name";
      readonly name: string;
      readonly from: "frame" | "globals";
      readonly column: number;
    }
  /** `$local0`, `$global1`. */
  | {
      readonly kind: "slot";
      readonly slot: "local" | "global";
      readonly index: number;
      readonly column: number;
    }
  | {
      readonly kind: "member";
      readonly object: Node;
      readonly operator: "." | "->";
      /** With the base classes it is said to be of before it, if any: `base::a`. */
      readonly name: string;
      readonly column: number;
    }
  /** `object.*pointer`: the member that a pointer to a member means. */
  | {
      readonly kind: "pointed-member";
      readonly object: Node;
      readonly pointer: Node;
      readonly column: number;
    }
  | { readonly kind: "index"; readonly object: Node; readonly index: Node; readonly column: number }
  /** `object[start..end]`, `end` not among them; one that is missing is that of `object`. */
  | {
      readonly kind: "slice";
      readonly object: Node;
      readonly start: Node | undefined;
      readonly end: Node | undefined;
      readonly isInclusive: boolean;
      readonly column: number;
    }
  /** `object.size()` and the like: nothing is called, a container knows it. */
  | {
      readonly kind: "size";
      readonly object: Node;
      readonly asks: "count" | "emptiness";
      readonly column: number;
    }
  | {
      readonly kind: "unary";
      readonly operator: UnaryOperator;
      readonly operand: Node;
      readonly column: number;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Node;
      readonly right: Node;
      readonly column: number;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Node;
      readonly then: Node;
      readonly otherwise: Node;
      readonly column: number;
    }
  | { readonly kind: "cast"; readonly type: TypeSyntax; readonly operand: Node; readonly column: number }
  | { readonly kind: "sizeof"; readonly operand: Node | TypeSyntax; readonly column: number };

/** What a suffix and the base of an integer literal say about its type. */
export interface IntegerLiteralType {
  readonly isUnsigned: boolean;
  /** Number of `l`s. */
  readonly longs: 0 | 1 | 2;
  readonly isDecimal: boolean;
}

export type UnaryOperator = "*" | "&" | "-" | "+" | "!" | "~";

export type BinaryOperator =
  | "*"
  | "/"
  | "%"
  | "+"
  | "-"
  | "<<"
  | ">>"
  | "<"
  | ">"
  | "<="
  | ">="
  | "=="
  | "!="
  | "&"
  | "^"
  | "|"
  | "&&"
  | "||"
  | ",";

/** A type as it is written in a cast or `sizeof`: `unsigned int`, `struct node *`, `char (*)[3]` is not among them. */
export interface TypeSyntax {
  readonly kind: "type";
  /** C's keywords in their usual order, or a name from the debug info. */
  readonly name: string;
  readonly keyword: "struct" | "union" | "enum" | undefined;
  /** From the name outwards: `*`, or the length of an array. */
  readonly declarators: readonly ("*" | number)[];
  readonly column: number;
}
