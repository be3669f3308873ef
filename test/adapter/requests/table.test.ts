import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { capabilitiesOf } from "../../../adapter/protocol/handler.ts";
import { requests } from "../../../adapter/requests/table.ts";
import { fromRoot } from "../../support/paths.ts";

const kebab = (command: string) => command.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe("the request table", () => {
  it("has each handler in a file named for its command, and no other files", () => {
    const handled = Object.entries(requests).filter(([, handler]) => handler !== "unsupported");
    for (const [command, handler] of handled) {
      assert.equal(handler !== "unsupported" && handler.command, command);
    }
    const files = readdirSync(fromRoot("adapter/requests")).filter((file) => file !== "table.ts");
    assert.deepEqual(files.sort(), handled.map(([command]) => `${kebab(command)}.ts`).sort());
  });

  it("promises nothing for requests it does not support", () => {
    const promised: Record<string, keyof typeof requests> = {
      supportsStepBack: "stepBack",
      supportsDisassembleRequest: "disassemble",
      supportsReadMemoryRequest: "readMemory",
      supportsWriteMemoryRequest: "writeMemory",
      supportsDataBreakpoints: "setDataBreakpoints",
      supportsFunctionBreakpoints: "setFunctionBreakpoints",
      supportsCompletionsRequest: "completions",
    };
    const capabilities: object = capabilitiesOf(requests);
    for (const [capability, command] of Object.entries(promised)) {
      assert.equal(capability in capabilities, requests[command] !== "unsupported", capability);
    }
  });
});
