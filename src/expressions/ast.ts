/** An expression as a tree. `column` is where an error about the node points: 0-based, at its operator or first character. */
export type Node =
  | {
      readonly kind: "integer";
      readonly value: bigint;
      readonly type: IntegerLiteralType;
      readonly column: number;
    }
  /** `type` where the literal says it. */
  | {
      readonly kind: "float";
      readonly value: number;
      readonly type: string | undefined;
      readonly column: number;
    }
  | { readonly kind: "character"; readonly code: number; readonly unit: TextUnit; readonly column: number }
  /** `bytes` end with the zero that C adds. */
  | { readonly kind: "string"; readonly bytes: Uint8Array; readonly unit: TextUnit; readonly column: number }
  | { readonly kind: "boolean"; readonly value: boolean; readonly column: number }
  /** `from` is `globals` for `::name`. */
  | {
      readonly kind: "name";
      readonly name: string;
      readonly from: "frame" | "globals";
      readonly column: number;
    }
  /** `$local0`, `$global1`; without an index the C stack pointer. */
  | {
      readonly kind: "slot";
      readonly slot: "local" | "global";
      readonly index: number | "stack-pointer";
      readonly column: number;
    }
  /** `$returned`: what the function has returned that was just stepped out of. */
  | { readonly kind: "returned"; readonly column: number }
  /** `$mem`, `$memory1`: all bytes of a memory. */
  | { readonly kind: "memory"; readonly index: number; readonly column: number }
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
  /** A function of the guest, or something containers know by themselves, such as `object.size()`. */
  | { readonly kind: "call"; readonly callee: Node; readonly args: readonly Node[]; readonly column: number }
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
  | {
      readonly kind: "sizeof";
      readonly asks: "size" | "alignment";
      readonly operand: Node | TypeSyntax;
      readonly column: number;
    }
  /** `operator` is what is done to the target's value before it is put there: `+` for `+=`. */
  | {
      readonly kind: "assignment";
      readonly operator: ValueOperator | undefined;
      readonly target: Node;
      readonly value: Node;
      readonly column: number;
    }
  /** `++target`, `target--`; its value is the one after, or (`isPostfix`) the one before. */
  | {
      readonly kind: "step";
      readonly operator: "+" | "-";
      readonly target: Node;
      readonly isPostfix: boolean;
      readonly column: number;
    };

/** What a suffix and the base of an integer literal say about its type. */
export type IntegerLiteralType =
  | {
      readonly kind: "c";
      readonly isUnsigned: boolean;
      /** Number of `l`s. */
      readonly longs: 0 | 1 | 2;
      readonly isDecimal: boolean;
    }
  /** `name` as in `1u8`; without one, the type is that of what it meets. */
  | { readonly kind: "rust"; readonly name: string | undefined };

/** What a text is made of: `char`, or what a prefix such as `u` says; bytes are those of Rust's `b"…"`. */
export type TextUnit = "char" | "char8_t" | "char16_t" | "char32_t" | "wchar_t" | "rust-char" | "byte";

/** Expressions are written in one of two ways, by the language of the code they are about. */
export type ExpressionLanguage = "c" | "rust";

/** An operator of two values that are both looked at. */
export type ValueOperator = Exclude<BinaryOperator, "&&" | "||" | ",">;

/** An operator in front of its operand that changes nothing. */
export type UnaryOperator = "*" | "&" | "-" | "+" | "!" | "~";

/** An operator between two operands that changes nothing. */
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
