/** What expressions are generated from. */
export interface Grammar {
  readonly leaves: readonly string[];
  readonly unary: readonly string[];
  readonly binary: readonly string[];
  readonly casts: readonly ((operand: string) => string)[];
}

const binary = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "&",
  "|",
  "^",
  "<<",
  ">>",
  "<",
  ">",
  "<=",
  ">=",
  "==",
  "!=",
  "&&",
  "||",
];

/** Over the variables at `main` of the guest `calls`. */
export const cGrammar: Grammar = {
  leaves: [
    ...["small", "byte", "flag", "letter", "quarter", "large", "numbers[2]", "here.x", "counter", "*first"],
    ...["settings.low", "s->high", "settings.color", "s->ratio", "s->at->y", "GREEN", "sum", "name[1]"],
    ...["0", "1", "7", "-3", "255u", "0x80000000", "1ll << 40", "2.5", "0.5f", "'a'", "3000000000"],
  ],
  unary: ["-", "+", "~", "!"],
  binary,
  casts: [
    "char",
    "unsigned char",
    "short",
    "unsigned",
    "long long",
    "unsigned long long",
    "float",
    "double",
    "bool",
  ].map((type) => (operand: string) => `(${type})(${operand})`),
};

/** Over the variables at `main` of the guest `rust-calls`. */
export const rustGrammar: Grammar = {
  leaves: [
    ...[
      "small",
      "index",
      "negative",
      "ratio",
      "flag",
      "point.x",
      "moved.y",
      "array[1]",
      "array[3]",
      "tuple.0",
    ],
    ...["0", "1", "7", "100", "255", "2.5", "3u8", "1i64", "70000u32", "LIMIT", "'é'", "letter"],
  ],
  unary: ["-", "!"],
  binary,
  casts: ["u8", "i8", "u16", "i32", "u32", "i64", "usize", "f32", "f64"].map(
    (type) => (operand: string) => `((${operand}) as ${type})`,
  ),
};

/** A random expression of at most `depth` operators within each other, all in parentheses. */
export function generated(grammar: Grammar, random: (limit: number) => number, depth: number): string {
  const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T;
  if (depth === 0) return pick(grammar.leaves);
  const part = (): string => generated(grammar, random, depth - 1);
  switch (random(8)) {
    case 0:
      return `${pick(grammar.unary)}(${part()})`;
    case 1:
    case 2:
      return pick(grammar.casts)(part());
    case 3:
      return `((${part()}) ? (${part()}) : (${part()}))`;
    default:
      return `(${part()}) ${pick(grammar.binary)} (${part()})`;
  }
}

/** Numbers below a limit, the same for each start. */
export function randomNumbers(start: number): (limit: number) => number {
  let seed = start;
  return (limit) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % limit;
  };
}
