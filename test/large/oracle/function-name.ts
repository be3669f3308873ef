/**
 * A function's own name, without scopes, arguments and parameters, in which debuggers and libraries differ: `scan` of
 * `nlohmann::detail::lexer<…>::scan() const`.
 */
export function ownName(name: string): string {
  let plain = name.replace(/\[abi:\w+\]/g, "").replaceAll("(anonymous namespace)", "anonymous");
  const operator = /operator ?(\(\)|->|<=>|<<|>>|<=|>=|<|>|\[\]|""\s*\w+)/.exec(plain);
  if (operator && !/^operator/.test(plain.slice(operator.index + operator[0].length))) {
    plain = plain.replace(
      operator[0],
      `operator_${[...(operator[1] ?? "")].map((char) => char.charCodeAt(0)).join("_")}`,
    );
  }
  for (const brackets of [/<[^<>]*>/, /\([^()]*\)/]) {
    while (brackets.test(plain)) plain = plain.replace(brackets, "");
  }
  return (
    plain
      .replace(/ const$/, "")
      .split(/::|\s/)
      .at(-1) ?? plain
  );
}
