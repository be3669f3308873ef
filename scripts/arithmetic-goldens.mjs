// Makes test/expressions/arithmetic-*.json: what clang and rustc make of random expressions of literals, by which the
// evaluator's arithmetic is checked. Wants clang++-22 with wasi-libc and libc++, and a rustc for this machine.
// Run by hand; the same compilers give the same files: node scripts/arithmetic-goldens.mjs
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const work = mkdtempSync(join(tmpdir(), "arithmetic-"));

let seed = 20;
const random = (limit) => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % limit;
};
const pick = (list) => list[random(list.length)];

const operators = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "<", ">", "<=", ">=", "==", "!="];
const languages = {
  c: {
    literals: [
      ...[
        "0",
        "1",
        "2",
        "7",
        "31",
        "100",
        "255",
        "-1",
        "-5",
        "2147483647",
        "2147483648",
        "0xffffffff",
        "0x80000000",
      ],
      ...[
        "3u",
        "4294967295u",
        "5l",
        "7ul",
        "1ll",
        "-9ll",
        "9223372036854775807ll",
        "3ull",
        "18446744073709551615ull",
      ],
      ...["'a'", "'\\x7f'", "true", "1.5", "-0.25", "2.5f", "1e10", "017", "0b101"],
    ],
    casts: [
      "char",
      "signed char",
      "unsigned char",
      "short",
      "unsigned short",
      "int",
      "unsigned",
      "long",
      "long long",
    ]
      .concat(["unsigned long long", "bool", "float", "double"])
      .map((type) => (operand) => `(${type})(${operand})`),
    unary: ["-", "+", "~", "!"],
  },
  rust: {
    literals: ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "u128", "i128"]
      .flatMap((type) => ["0", "1", "7", "100", "127"].map((digits) => digits + type))
      .concat([
        "255u8",
        "-128i8",
        "-5i32",
        "2147483647i32",
        "4294967295u32",
        "9223372036854775807i64",
        "-1i64",
      ])
      .concat(["1", "3", "200", "0xff", "0b101", "1_000", "1.5", "2.5f32", "-0.25f64", "1e10"]),
    casts: ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "i128", "f32", "f64"].map(
      (type) => (operand) => `((${operand}) as ${type})`,
    ),
    unary: ["-", "!"],
  },
};

function expression({ literals, casts, unary }, depth) {
  if (depth === 0) return pick(literals);
  const part = () => expression({ literals, casts, unary }, depth - 1);
  const kind = random(8);
  if (kind === 0) return `${pick(unary)}(${part()})`;
  if (kind < 3) return pick(casts)(part());
  return `(${part()}) ${pick(operators)} (${part()})`;
}

const texts = (language, count) => [
  ...new Set(Array.from({ length: count }, () => expression(languages[language], 1 + random(3)))),
];

/** Lines with errors are taken out until the compiler has none left. */
function compiled(lines, write, compile, lineOf) {
  const refused = new Set();
  for (let round = 0; round < 20; round++) {
    write(lines.map((line, index) => (refused.has(index) ? "" : line)));
    const { status, stderr } = compile();
    if (status === 0) return refused;
    const found = lineOf(stderr).filter((index) => index >= 0 && index < lines.length);
    if (found.length === 0) throw new Error(stderr.slice(0, 4000));
    for (const index of found) refused.add(index);
  }
  throw new Error("the compiler is never satisfied");
}

const runCompiler = (command, args) => spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });

/** What a program has printed, a line each: the number of an expression, its type and its value. */
const valuesIn = (printed, expressions) =>
  printed
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [index, type, value] = line.split("\t");
      return [expressions[Number(index)], type, value];
    });

function ofC() {
  const source = join(work, "c.cpp");
  const wasm = join(work, "c.wasm");
  const types = [
    "bool",
    "char",
    "signed char",
    "unsigned char",
    "short",
    "unsigned short",
    "int",
    "unsigned int",
  ];
  types.push("long", "unsigned long", "long long", "unsigned long long", "float", "double");
  const names = types.map((type) => `const char *nameOf(${type}) { return "${type}"; }`);
  const head = [
    "#include <cstdio>",
    "#include <cstring>",
    "#include <type_traits>",
    ...names,
    "template <typename T> void show(int index, T value) {",
    "  if constexpr (std::is_floating_point_v<T>) {",
    "    double wide = value; unsigned long long bits; std::memcpy(&bits, &wide, 8);",
    '    std::printf("%d\\t%s\\t%llx\\n", index, nameOf(value), bits);',
    "  } else if constexpr (std::is_unsigned_v<T>)",
    '    std::printf("%d\\t%s\\t%llu\\n", index, nameOf(value), (unsigned long long)value);',
    '  else std::printf("%d\\t%s\\t%lld\\n", index, nameOf(value), (long long)value);',
    "}",
    "int main() {",
  ];
  const all = texts("c", 1600);
  const write = (lines) => writeFileSync(source, [...head, ...lines, "}"].join("\n"));
  const flags = ["--target=wasm32-wasi", "-std=c++20", "-O0", "-w", "-fno-exceptions", "-ferror-limit=0"];
  const compile = () => runCompiler("clang++-22", [...flags, "-Wno-narrowing", source, "-o", wasm]);
  compiled(
    all.map((text, index) => `{ constexpr auto value = ${text}; show(${index}, value); }`),
    write,
    compile,
    (stderr) =>
      [...stderr.matchAll(/c\.cpp:(\d+):\d+: error/g)].map(([, line]) => Number(line) - 1 - head.length),
  );
  const printed = execFileSync(process.execPath, [join(root, "bin/wasm-dap"), "run", wasm], {
    encoding: "utf8",
  });
  return valuesIn(printed, all);
}

function ofRust() {
  const source = join(work, "rust.rs");
  const program = join(work, "rust");
  const head = [
    "#![allow(warnings)]",
    "fn show<T: std::fmt::Debug>(index: usize, value: T) {",
    '  println!("{index}\\t{}\\t{value:?}", std::any::type_name::<T>());',
    "}",
    "fn main() {",
  ];
  const all = texts("rust", 4000);
  const write = (lines) => writeFileSync(source, [...head, ...lines, "}"].join("\n"));
  const compile = () => runCompiler("rustc", ["--edition=2021", "-Cdebuginfo=0", source, "-o", program]);
  const overflows = new Set();
  compiled(
    all.map((text, index) => `show(${index}, const { ${text} });`),
    write,
    compile,
    (stderr) =>
      stderr.split(/^(?=error)/m).flatMap((message) => {
        const line = /^ *--> .*rust\.rs:(\d+):/m.exec(message)?.[1];
        if (line === undefined) return [];
        const index = Number(line) - 1 - head.length;
        // Of these the value is that there is none; whatever else rustc refuses is of no interest.
        if (/overflow|divide by zero|divisor of zero/.test(message)) overflows.add(index);
        return [index];
      }),
  );
  // Without `usize` nothing depends on the machine it runs on.
  const values = valuesIn(execFileSync(program, [], { encoding: "utf8" }), all);
  return [...values, ...[...overflows].map((index) => [all[index], null, null])];
}

try {
  for (const [name, make] of [
    ["c", ofC],
    ["rust", ofRust],
  ]) {
    const found = make();
    const lines = found.map((entry) => `  ${JSON.stringify(entry)}`).join(",\n");
    writeFileSync(join(root, `test/expressions/arithmetic-${name}.json`), `[\n${lines}\n]\n`);
    process.stdout.write(`${name}: ${found.length} expressions\n`);
  }
} finally {
  rmSync(work, { recursive: true });
}
