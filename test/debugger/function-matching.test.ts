import assert from "node:assert/strict";
import { functionMatcher } from "../../src/debugger/function-matching.ts";

const names = [
  "main",
  "shapes::area(Circle const&)",
  "shapes::detail::area(int)",
  "area_of(int)",
  "(anonymous namespace)::hidden(void (*)(int))",
  "std::vector<int, std::allocator<int>>::push_back(int&&)",
  "number::operator()(int) const",
  "alloc::vec::Vec<u8>::push",
  "_ZN6shapes4areaERK6Circle",
  "assembly/index/Point#sum",
  "assembly/index/start",
  "main.(*Reader).Read",
  "<app::Maze>::solve",
  "<app::Grid<u8> as app::Walk<app::Step>>::next",
  "std::pair<int, int> shapes::twice<double>(double (*)(int))",
  "nlohmann::json_abi_v3_11_2::detail::parser<fmt::v9::context>::parse(bool)",
  "std::__2::sort(int*, int*)",
];

describe("the name of a function", () => {
  const cases: readonly [string, readonly number[]][] = [
    ["main", [0]],
    ["area", [1, 2]],
    ["shapes::area", [1]],
    ["shapes::area(Circle const&)", [1]],
    ["detail::area", [2]],
    ["shapes::*", [1, 2, 14]],
    ["*::area", [1, 2]],
    ["area*", [3]],
    ["hidden", [4]],
    ["push_back", [5]],
    ["std::vector::push_back", [5]],
    ["vector<int, std::allocator<int>>::push_back", [5]],
    ["operator()", [6]],
    ["Vec::push", [7]],
    ["/^shapes::/", [1, 2]],
    ["/AREA/i", [1, 2, 3, 8]],
    ["_ZN6shapes4areaERK6Circle", [8]],
    ["rea", []],
    ["Point#sum", [9]],
    ["sum", [9]],
    ["start", [10]],
    ["assembly/index/*", [9, 10]],
    ["(*Reader).Read", [11]],
    ["Read", [11]],
    ["app::Maze::solve", [12]],
    ["Maze::solve", [12]],
    ["<app::Maze>::solve", [12]],
    ["solve", [12]],
    ["app::Grid::next", [13]],
    ["app::Grid<u8>::next", [13]],
    ["Walk::next", [13]],
    ["Step::next", []],
    ["app::*", [12, 13]],
    ["twice<double>", [14]],
    ["shapes::twice<double>", [14]],
    ["shapes::twice", [14]],
    ["twice<int>", []],
    ["nlohmann::detail::parser::parse", [15]],
    ["nlohmann::detail::parser<fmt::context>::parse", [15]],
    ["std::sort", [16]],
  ];
  for (const [asked, meant] of cases) {
    it(`\`${asked}\` means ${meant.map((at) => names[at]).join(" and ") || "nothing"}`, () => {
      const matcher = functionMatcher(asked);
      assert.ok("matches" in matcher);
      assert.deepEqual(
        names.flatMap((name, at) => (matcher.matches(name) ? [at] : [])),
        meant,
      );
    });
  }

  it("is refused when it is a bad regular expression, or nothing", () => {
    for (const asked of ["/(/", "  "]) assert.ok("problem" in functionMatcher(asked), asked);
  });
});
