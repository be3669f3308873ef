import assert from "node:assert/strict";
import { ruleErrors, type Said } from "../../support/dap-rules.ts";
import { schemaErrors } from "../../support/dap-schema.ts";

/** A transcript: what the client sends with `>`, what the adapter answers or raises with `<`. */
function transcript(...lines: readonly string[]): Said[] {
  let seq = 0;
  const asked = new Map<string, number>();
  return lines.map((line, index) => {
    const [side, name = ""] = line.split(" ");
    if (side === ">") {
      asked.set(name, index + 1);
      return { from: "client", message: { seq: index + 1, type: "request", command: name } };
    }
    seq++;
    if (name.endsWith("!")) {
      const command = name.slice(0, -1);
      return {
        from: "adapter",
        message: { seq, type: "response", request_seq: asked.get(command) ?? 99, command, success: true },
      };
    }
    return { from: "adapter", message: { seq, type: "event", event: name } };
  });
}

describe("what the tests hold an adapter to", () => {
  const begin = ["> initialize", "< initialize!", "> launch", "< launch!", "< initialized"];
  const bad: readonly [string, readonly string[], RegExp][] = [
    ["an answer to nothing", ["> initialize", "< initialize!", "< threads!"], /an answer to no open request/],
    ["a second answer", ["> initialize", "< initialize!", "< initialize!"], /an answer to no open request/],
    ["no answer", [...begin, "> threads"], /never answered/],
    [
      "an event before the beginning",
      ["< output", "> initialize", "< initialize!"],
      /before initialize was answered/,
    ],
    [
      "initialized before the launch's answer",
      ["> initialize", "< initialize!", "> launch", "< initialized", "< launch!"],
      /before launch was answered/,
    ],
    [
      "a stop before the answer to the step",
      [...begin, "> next", "< stopped", "< next!"],
      /stopped: before the answer to next/,
    ],
    ["two stops in a row", [...begin, "< stopped", "< stopped"], /twice in a row/],
    ["an event after the end", [...begin, "< terminated", "< output"], /output: after terminated/],
  ];
  for (const [what, lines, error] of bad) {
    it(`finds ${what}`, () => {
      assert.match(ruleErrors(transcript(...lines)).join("\n"), error);
    });
  }

  it("finds nothing in a session as it should be", () => {
    const good = [
      ...begin,
      "> next",
      "< next!",
      "< stopped",
      "> next",
      "< next!",
      "< exited",
      "< terminated",
    ];
    assert.deepEqual(ruleErrors(transcript(...good)), []);
  });

  it("finds what the protocol's types forbid: wrong types, missing and unknown properties", () => {
    const stopped = (body: object) => schemaErrors({ seq: 1, type: "event", event: "stopped", body });
    assert.deepEqual(stopped({ reason: "step", threadId: 1 }), []);
    assert.match(stopped({ threadId: 1 }).join(), /reason/);
    assert.match(stopped({ reason: "step", threadId: "1" }).join(), /threadId/);
    assert.match(stopped({ reason: "step", thread: 1 }).join(), /additional/);
    assert.match(schemaErrors({ seq: 1, type: "event", event: "halted" }).join(), /no HaltedEvent/);
    const failed = {
      seq: 1,
      type: "response",
      request_seq: 1,
      command: "next",
      success: false,
      message: "no",
    };
    assert.match(schemaErrors(failed).join(), /body/);
  });
});
