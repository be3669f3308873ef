/* Codes of the Itanium C++ ABI's mangling. Source: Itanium C++ ABI, "External Names (a.k.a. Mangling)". */

export const builtinTypes: Readonly<Record<string, string>> = {
  ...{ v: "void", w: "wchar_t", b: "bool", c: "char", a: "signed char", h: "unsigned char", s: "short" },
  ...{ t: "unsigned short", i: "int", j: "unsigned int", l: "long", m: "unsigned long", x: "long long" },
  ...{ y: "unsigned long long", n: "__int128", o: "unsigned __int128", f: "float", d: "double" },
  ...{ e: "long double", g: "__float128", z: "..." },
};

/** After `D`. */
export const extendedTypes: Readonly<Record<string, string>> = {
  ...{ d: "decimal64", e: "decimal128", f: "decimal32", h: "half", i: "char32_t", s: "char16_t" },
  ...{ u: "char8_t", a: "auto", c: "decltype(auto)", n: "std::nullptr_t" },
};

/** After `S`. */
export const standardNames: Readonly<Record<string, string>> = {
  ...{ a: "std::allocator", b: "std::basic_string", s: "std::string", i: "std::istream" },
  ...{ o: "std::ostream", d: "std::iostream" },
};

/** What the standard names stand for where a constructor or destructor follows. */
export const expandedNames: Readonly<Record<string, string>> = {
  "std::string": "std::basic_string<char, std::char_traits<char>, std::allocator<char>>",
  "std::istream": "std::basic_istream<char, std::char_traits<char>>",
  "std::ostream": "std::basic_ostream<char, std::char_traits<char>>",
  "std::iostream": "std::basic_iostream<char, std::char_traits<char>>",
};

export const operators: Readonly<Record<string, string>> = {
  ...{ aN: "&=", aS: "=", aa: "&&", ad: "&", an: "&", cm: ",", co: "~", dV: "/=", da: " delete[]", de: "*" },
  ...{
    dl: " delete",
    dv: "/",
    eO: "^=",
    eo: "^",
    eq: "==",
    ge: ">=",
    gt: ">",
    lS: "<<=",
    le: "<=",
    ls: "<<",
  },
  ...{ lt: "<", mI: "-=", mL: "*=", mi: "-", ml: "*", mm: "--", na: " new[]", ne: "!=", ng: "-", nt: "!" },
  ...{ nw: " new", oR: "|=", oo: "||", or: "|", pL: "+=", pl: "+", pm: "->*", pp: "++", ps: "+", qu: "?" },
  ...{ rM: "%=", rS: ">>=", rm: "%", rs: ">>", ss: "<=>", cl: "()", ix: "[]", pt: "->", aw: " co_await" },
};

/** Operators of expressions that stand before their operand, and between two. */
export const prefixes = new Set(["ad", "co", "de", "ng", "nt", "ps"]);
export const infixes = new Set(
  "aN aS aa an cm dV dv eO eo eq ge gt lS le ls lt mI mL mi ml ne oR oo or pL pl pm rM rS rm rs ss".split(
    " ",
  ),
);

/** Suffixes of literals by their type; of other types the type is written before them. */
export const literalSuffixes: Readonly<Record<string, string>> = {
  ...{ i: "", j: "u", l: "l", m: "ul", x: "ll", y: "ull" },
};
