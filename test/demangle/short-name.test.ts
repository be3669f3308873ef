import assert from "node:assert/strict";
import { shortName } from "../../src/demangle/short-name.ts";

describe("a short name", () => {
  for (const [long, short] of [
    ["main", "main"],
    [
      "std::__2::vector<int, std::__2::allocator<int> >::push_back[abi:ne220000]",
      "std::vector<int>::push_back",
    ],
    [
      "std::__2::basic_string<char, std::__2::char_traits<char>, std::__2::allocator<char> >::append",
      "std::string::append",
    ],
    [
      "std::map<int, std::basic_string<char, std::char_traits<char>, std::allocator<char> >, std::less<int>, std::allocator<std::pair<int const, std::basic_string<char, std::char_traits<char>, std::allocator<char> > > > >::at",
      "std::map<int, std::string>::at",
    ],
    [
      "std::unordered_map<int, int, std::hash<int>, std::equal_to<int>, std::allocator<std::pair<const int, int>>>::find",
      "std::unordered_map<int, int>::find",
    ],
    ["std::unique_ptr<shape, std::default_delete<shape> >::reset", "std::unique_ptr<shape>::reset"],
    ["alloc::vec::Vec<i32, alloc::alloc::Global>::push", "alloc::vec::Vec<i32>::push"],
    ["fmt::v9::detail::buffer<char>::append", "fmt::detail::buffer<char>::append"],
    [
      "const nlohmann::json_abi_v3_11_2::basic_json<std::__2::map, std::__2::vector, std::__2::basic_string<char, std::__2::char_traits<char>, std::__2::allocator<char> >, bool, long long, unsigned long long, double, std::__2::allocator, nlohmann::json_abi_v3_11_2::adl_serializer, std::__2::vector<unsigned char, std::__2::allocator<unsigned char> > > &",
      "const nlohmann::basic_json<…> &",
    ],
    ["int (*)(sqlite3_vfs *, const char *, int)", "int (*)(sqlite3_vfs *, const char *, int)"],
    ["operator<", "operator<"],
    ["operator< <int>", "operator< <int>"],
    ["operator<<", "operator<<"],
    ["box<(a > b)>::f", "box<(a > b)>::f"],
    ["shape::operator->", "shape::operator->"],
    ["(anonymous namespace)::f", "(anonymous namespace)::f"],
    ["<app::Maze as app::Solve<i32>>::solve", "<app::Maze as app::Solve<i32>>::solve"],
    [
      "std::__function::__func<int (*)(int), int (int)>::operator()",
      "std::__function::__func<int (*)(int), int (int)>::operator()",
    ],
  ] as const) {
    it(`of ${long} is ${short}`, () => {
      assert.equal(shortName(long), short);
    });
  }

  it("keeps arguments that only look like a library's defaults", () => {
    for (const name of [
      "std::vector<int, own::allocator<int>>::push_back",
      "std::vector<int, std::allocator<long>>::push_back",
      "std::set<int, std::greater<int>>::insert",
      "own::vector<int, std::allocator<int>>::push_back",
      "std::allocator<int>::allocate",
    ]) {
      assert.equal(shortName(name), name);
    }
  });

  it("has a sign for what it leaves out of very long ones, the innermost first", () => {
    const deep =
      "outer_template<middle_template<inner_template<first_type, second_type>, another_type>, third_type>::method_name";
    assert.equal(shortName(deep), "outer_template<middle_template<…>, third_type>::method_name");
    const wide = `outer_template<${Array.from({ length: 12 }, (_, at) => `some_type_${at}`).join(", ")}>::method`;
    assert.equal(shortName(wide), "outer_template<…>::method");
  });

  it("ends soon for names made to be long", () => {
    for (const name of ["a<".repeat(50_000), `${"a<".repeat(90)}b${">".repeat(90)}`, "a<b,".repeat(10_000)]) {
      assert.ok(shortName(name).length <= name.length);
    }
  });

  it("is the name itself where brackets do not match", () => {
    for (const name of ["a<b", "a>b", "a<b<c>"]) assert.equal(shortName(name), name);
  });
});
