import assert from "node:assert/strict";
import { readTypeInfoName } from "../../../src/symbols/views/type-info-name.ts";

const read = (text: string) => readTypeInfoName(new TextEncoder().encode(`${text}\0rest`));

describe("a class's name in memory", () => {
  for (const [mangled, name] of [
    ["6circle", "circle"],
    ["*6circle", "circle"],
    ["N6shapes6circleE", "shapes::circle"],
    ["N12_GLOBAL__N_16hiddenE", "(anonymous)::hidden"],
    ["3boxIiE", "box<int>"],
    ["N2ns3boxIN2ns4itemEEE", "ns::box<ns::item>"],
    ["3boxIS_IiEE".replace("S_", "3box"), "box<box<int> >"],
    ["3mapIiPcE", "map<int, char *>"],
    ["NSt3__29exceptionE", "std::__2::exception"],
  ] as const) {
    it(`is read from ${mangled}`, () => assert.equal(read(mangled), name));
  }

  for (const mangled of [
    "",
    "0",
    "9circle",
    "N6circle",
    "3boxI",
    "3boxIS_E",
    "7circle",
    "6circleX",
    "9999x",
  ]) {
    it(`is none in ${mangled || "nothing"}`, () => assert.equal(read(mangled), undefined));
  }

  it("is none without an end", () => {
    assert.equal(readTypeInfoName(new TextEncoder().encode("6circle")), undefined);
  });
});
