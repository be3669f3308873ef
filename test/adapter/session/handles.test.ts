import assert from "node:assert/strict";
import { Handles } from "../../../adapter/session/handles.ts";

describe("numbers lent to a client", () => {
  it("start at 1 and mean what they were lent for", () => {
    const handles: Handles<string> = new Handles("Frame");
    assert.deepEqual([handles.lend("a"), handles.lend("b")], [1, 2]);
    assert.equal(handles.find(2), "b");
  });

  it("are refused once they have lapsed, and never given again", () => {
    const handles: Handles<string> = new Handles("Frame");
    handles.lend("a");
    handles.lapse();
    assert.throws(() => handles.find(1), {
      name: "UserError",
      message: /^Frame 1 belongs to an earlier stop/,
    });
    assert.equal(handles.lend("b"), 2);
  });

  it("are refused in other words when they were never given", () => {
    const handles: Handles<string> = new Handles("Frame");
    for (const number of [0, -1, 1]) {
      assert.throws(() => handles.find(number), { message: `There is no frame ${number}.` });
    }
  });
});
