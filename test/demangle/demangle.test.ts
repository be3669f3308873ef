import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { demangle, isMangled, readableGo, readableRust } from "../../src/demangle/demangle.ts";
import { allFixtures } from "../support/fixtures.ts";
import { generator } from "../support/generator.ts";
import { fromRoot } from "../support/paths.ts";

/** Names, with what a tool makes of them in the line below. */
function goldenPairs(file: string): (readonly [name: string, expected: string])[] {
  const lines = readFileSync(fromRoot(`test/demangle/golden/${file}`), "utf8")
    .trimEnd()
    .split("\n");
  return lines.flatMap((name, line) => (line % 2 === 0 ? [[name, lines[line + 1] ?? ""] as const] : []));
}

/** Names of the fixtures, each of another shape. */
const pairs = goldenPairs("llvm-cxxfilt-22.txt");
/** Names of D's standard library, each of another shape, by c++filt of binutils 2.40 with `-s dlang`. */
const namesOfD = goldenPairs("dlang-cxxfilt.txt");

describe("demangling", () => {
  it("gives what llvm-cxxfilt gives, for names of every shape in the fixtures", () => {
    const wrong = pairs.flatMap(([name, expected]) => {
      const shown = demangle(name);
      return shown === expected || isBetter(shown, expected) ? [] : [`${name}\n${shown}\n${expected}`];
    });
    assert.deepEqual(wrong, []);
    assert.ok(pairs.length > 800);
  });

  it("gives what c++filt gives, for names of every shape in D's standard library", () => {
    const wrong = namesOfD.filter(([name, expected]) => demangle(name) !== expected);
    assert.deepEqual(wrong, []);
    assert.ok(namesOfD.length > 400);
  });

  it("leaves no C++ or Rust name of any fixture as it was", () => {
    const left = new Set<string>();
    let count = 0;
    for (const { bytes } of allFixtures()) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
      // A NUL at either end: a name that DWARF holds, not a part of something else.
      for (const [, name = ""] of text.matchAll(/\0((?:_ZN?K?[\dS]|_R[NIX][A-Za-z])[\w.$]{2,})(?=\0)/g)) {
        count++;
        if (demangle(name) === undefined) left.add(name);
      }
    }
    assert.deepEqual([...left], []);
    assert.ok(count > 1_000);
  });

  for (const [mangled, name] of [
    ["_Z3foov", "foo()"],
    ["_ZN6shapes4areaERKNS_6CircleE", "shapes::area(shapes::Circle const&)"],
    [
      "_ZNSsC1EPKc",
      "std::basic_string<char, std::char_traits<char>, std::allocator<char>>::basic_string(char const*)",
    ],
    ["_Z1fPFvPFicEE", "f(void (*)(int (*)(char)))"],
    ["_Z1fRA3_KiPA2_A4_c", "f(int const (&) [3], char (*) [2][4])"],
    ["_Z1gIJicdEEvDpT_", "void g<int, char, double>(int, char, double)"],
    ["_Z1fM1XFivEMS_i", "f(int (X::*)(), int X::*)"],
    ["_ZN1XcviEv", "X::operator int()"],
    ["_ZN1XcvT_IiEEv", undefined],
    ["_ZNKR1X1fEv", "X::f() const &"],
    ["_ZZ4mainENKUliE_clEi", "main::'lambda'(int)::operator()(int) const"],
    ["_ZN12_GLOBAL__N_11fEv", "(anonymous namespace)::f()"],
    ["_ZGVZ1fvE1x", "guard variable for f()::x"],
    ["_ZThn8_N1X1fEv", "non-virtual thunk to X::f()"],
    ["_Z1fILi5ELb1ELc97EEvv", "void f<5, true, (char)97>()"],
    ["_Z1fv.isra.0", "f() (.isra.0)"],
    ["__Z3foov", "foo()"],
    ["_ZN4core3ptr13drop_in_place17h0123456789abcdefE", "core::ptr::drop_in_place"],
    [
      "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE",
      "<Test + 'static as foo::Bar<Test>>::bar",
    ],
    ["_RNvC6_123foo3bar", "123foo::bar"],
    ["_RNCC4main0s_0", undefined],
    [
      "_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y",
      "utf8_idents::საჭმელად_გემრიელი_სადილი",
    ],
    [
      "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
      "alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>",
    ],
    ["_RINvC1m1fAtj8_E", "m::f::<[u16; 8]>"],
    ["_Dmain", "D main"],
    ["_D3foo3barFZv", "foo.bar()"],
    ["_D1t5Point3sumMxFZi", "t.Point.sum() const"],
    ["_D1t5Point6__ctorMFNcNfiZSQBfQBd", undefined],
    ["_D1t5Point6__ctorMFNcNfiZSQyQy", "t.Point.this(int)"],
    ["_D1t__T7largestTiZQlFNaNbNiNfAiZi", "t.largest!(int).largest(int[])"],
    ["_D1t3runUiZ10__lambda11MFNaNbNiNfiZi", "t.run(int).__lambda11(int)"],
    ["_D1t7counteri", "t.counter"],
    ["_D1t1fFPFiZiDxFNbkZlZv", "t.f(int function(int), long delegate(uint) nothrow const)"],
    ["_D1t1fFPUiZiPFPFZvZvZv", "t.f(extern(C) int function(int), void function(void function()))"],
    [
      "_D1t1fFMJAaKG4iLHAyaiIbNkxPvXv",
      "t.f(scope out char[], ref int[4], lazy int[immutable(char)[]], in bool, return const(void*)...)",
    ],
    ["_D1t1fFNhG4fNnziYv", "t.f(__vector(float[4]), noreturn, cent, ...)"],
    [
      "_D1t__T1gTiVii5VAyaa3_616263VbN1Vai97VQta1_62VfeN8P1VeeNINFZ1hFNaZv",
      't.g!(int, 5, "abc", -true, \'a\', "b", -0x8.p1, -Inf).h()',
    ],
    ["_D1t__T1gVSQj1XS2i1i2VAiA3i1i2i3VHiiA1i1i2VwN1VDFZvfQBl4__l1MFZvZ1hi", undefined],
    ["_D1t__T1gVAiA3i1N2i3VHiiA1i1i2Vmi3Vui255Z1hFZv", "t.g!([1, -2, 3], [1:2], 3uL, '\\u00ff').h()"],
    ["_D1t5Point6__initZ", "initializer for t.Point"],
    ["_D1t12__ModuleInfoZ", "ModuleInfo for t"],
    ["_D1t5toStrFZ8toStringMFZv", "t.toStr().toString()"],
    ["_D1tQa", undefined],
    ["_D1tQc", undefined],
    ["_D99t", undefined],
    ["_D", undefined],
    ["_ZN4core13$constructor$17h0123456789abcdefE", "core::$constructor$"],
    ["printf", undefined],
  ] as const) {
    it(`reads ${mangled.slice(0, 60)}`, () => assert.equal(demangle(mangled), name));
  }

  it("undoes what linkers make of Rust's older names when they take them for C++", () => {
    assert.equal(
      readableRust("alloc::boxed::Box$LT$T$GT$::new::h0c8545c180cedc06"),
      "alloc::boxed::Box<T>::new",
    );
    assert.equal(readableRust("shapes::area(int)"), "shapes::area(int)");
  });

  it("undoes what Go's linker makes of the receivers of methods", () => {
    assert.equal(readableGo("main.__counter_.sorted.func1"), "main.(*counter).sorted.func1");
    assert.equal(readableGo("runtime.__mheap_.alloc"), "runtime.(*mheap).alloc");
    assert.equal(readableGo("main.fib"), "main.fib");
    assert.equal(readableGo("_rt0_wasm_wasip1"), "_rt0_wasm_wasip1");
  });

  it("knows mangled names by how they begin", () => {
    assert.deepEqual(["_Z1f", "__Z1f", "_RNv", "_D3foo", "main", "_Zfoo"].map(isMangled), [
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
  });

  it("never throws and never takes long, whatever is done to names", () => {
    const random = generator(0x5eed);
    const names = [...pairs, ...namesOfD].map(([name]) => name);
    for (let round = 0; round < 20_000; round++) {
      const name = names[random(names.length)] ?? "";
      const other = names[random(names.length)] ?? "";
      const cut = random(name.length);
      const letters = "NSTIJEZLXDpLRPKvicF0123456789_stqQMAHx";
      const put = letters[random(letters.length)] ?? "";
      const broken =
        round % 3 === 0
          ? name.slice(0, cut) + put + name.slice(cut + 1)
          : round % 3 === 1
            ? name.slice(0, cut) + other.slice(random(other.length))
            : name.slice(0, cut);
      assert.ok((demangle(broken)?.length ?? 0) <= 1 << 18);
    }
  });

  it("gives up on names that stand for more than anybody reads", () => {
    const doubling = `_Z1fI${Array.from({ length: 60 }, (_, at) => `3fooIS${at === 0 ? "" : (at - 1).toString(36).toUpperCase()}_S_E`).join("")}Evv`;
    demangle(doubling);
    demangle(`_Z1f${"P".repeat(60_000)}i`);
    demangle(`_RINvC1m1f${"RT".repeat(20_000)}`);
    demangle(`_RNv${"NvB_".repeat(10_000)}`);
    demangle(`_D1t1fF${"A".repeat(60_000)}iZv`);
    demangle(`_D1t1fF${"SQe".repeat(10_000)}Zv`);
    demangle(`_D1t${"__T1gS".repeat(10_000)}`);
    demangle(`_D1t__T1gS${"11".repeat(20_000)}Z`);
    assert.equal(demangle(`_Z${"9".repeat(70_000)}`), undefined);
  });
});

/**
 * Where llvm-cxxfilt leaves the parameter of a template as it is and we put what is known of it; and where expressions are
 * repeated for each of several arguments, which we show as they are written, with `...`.
 */
const isBetter = (shown: string | undefined, expected: string): boolean =>
  shown !== undefined && (/\bT\b|\.\.\./.test(expected) || shown.includes("..."));
