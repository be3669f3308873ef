import assert from "node:assert/strict";
import { withShortStandardNames } from "../../src/demangle/standard-names.ts";

describe("names of C++ in a call stack", () => {
  const shown = (name: string): string => withShortStandardNames(name);

  it("call strings by their own names", () => {
    const text = "std::__2::basic_string<char, std::__2::char_traits<char>, std::__2::allocator<char>>";
    assert.equal(shown(`Shop::sell(${text} const&, int)`), "Shop::sell(std::string const&, int)");
    const view = "std::__2::basic_string_view<char, std::__2::char_traits<char>>";
    assert.equal(
      shown(`find(${view}, std::__2::vector<${text}, int>)`),
      "find(std::string_view, std::vector<std::string, int>)",
    );
  });

  it("leave other strings, and what is only called alike, as they are", () => {
    const wide = "std::basic_string<wchar_t, std::char_traits<wchar_t>, std::allocator<wchar_t>>";
    for (const name of [`f(${wide})`, "mystd::__2::f()", "main", "<app::Maze>::solve"])
      assert.equal(shown(name), name);
  });
});
