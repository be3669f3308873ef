import assert from "node:assert/strict";
import { briefName } from "../../src/debugger/brief-name.ts";
import { withoutParameters } from "../../src/debugger/function-matching.ts";

const json =
  "app::basic<std::map, std::vector, std::basic_string<char, std::char_traits<char>, std::allocator<char>>>";

describe("a function's name, as it is shown", () => {
  for (const [name, brief] of [
    ["main", "main"],
    ["double twice<double>", "twice<double>"],
    ["std::__2::vector<int, std::__2::allocator<int>>::size() const", "std::vector<int>::size() const"],
    ["nlohmann::json_abi_v3_11_2::detail::parser::parse", "nlohmann::detail::parser::parse"],
    [`bool app::parser<${json}, true>::run<${json}>`, "app::parser<app::basic<…>, true>::run<app::basic<…>>"],
    [
      `app::parser<int>::run<${json}>(${json}&, bool)`,
      "app::parser<int>::run<app::basic<…>>(app::basic<std::map, std::vector, std::string>&, bool)",
    ],
    [`bool app::operator<<${json}>(${json} const&)`, `bool app::operator<<${json}>(${json} const&)`],
    ["number::operator()(int) const", "number::operator()(int) const"],
    ["<app::Grid<u8> as app::Walk>::next", "<app::Grid<u8> as app::Walk>::next"],
  ] as const) {
    it(`of \`${name}\` is \`${brief}\``, () => assert.equal(briefName(name), brief));
  }

  for (const [name, bare] of [
    ["area(int)", "area"],
    [
      "void outer<char>(buffer<char>&, int)::local::local(bool)",
      "void outer<char>(buffer<char>&, int)::local::local",
    ],
    ["main::$_0::operator()(int) const", "main::$_0::operator()"],
    ["(anonymous namespace)::hidden(void (*)(int))", "(anonymous namespace)::hidden"],
  ] as const) {
    it(`of \`${name}\` is \`${bare}\` without its parameters`, () =>
      assert.equal(withoutParameters(name), bare));
  }
});
