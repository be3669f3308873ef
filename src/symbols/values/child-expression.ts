/** Whether a child's expression is but the beginning of those of its members. */
export function isPrefix(expression: string): boolean {
  return /(?:::|\.|->)$/.test(expression);
}

/** `expression` so that `.`, `->` or `[` may follow it. */
export function postfixable(expression: string): string {
  return isPostfix(expression) ? expression : `(${expression})`;
}

/** `expression` so that a `*` may stand before it: only operators weaker than a prefix need parentheses. */
export function prefixable(expression: string): string {
  return isPostfix(expression.replace(/^[*&]+/, "")) ? expression : `(${expression})`;
}

/** Names, members, elements and what is in parentheses. */
function isPostfix(expression: string): boolean {
  return /^(?:::)?(?:[\w$]+(?:::[\w$]+)*|\([^()]*(?:\([^()]*\)[^()]*)*\))(?:\.[\w$]+|->[\w$]+|\[[^[\]]*\])*$/.test(
    expression,
  );
}
