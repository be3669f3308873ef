import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readLaunchConfiguration } from "../../../adapter/launch/configuration.ts";
import { fromRoot } from "../../support/paths.ts";

interface Attributes {
  readonly properties: Readonly<Record<string, { readonly type: string; readonly default?: unknown }>>;
}

describe("the extension's manifest", () => {
  const manifest = JSON.parse(readFileSync(fromRoot("extension/package.json"), "utf8"));
  const debugType = manifest.contributes.debuggers[0];
  const requests: Readonly<Record<string, Attributes>> = debugType.configurationAttributes;

  it("offers no attribute that the adapter does not read", () => {
    for (const { properties } of Object.values(requests)) {
      for (const [name, { type }] of Object.entries(properties)) {
        // Of the wrong type, an attribute that is read is complained about.
        const input = { program: "a.wasm", [name]: type === "string" ? 1 : "x" };
        assert.equal(readLaunchConfiguration(input, "/").kind, "problems", name);
      }
    }
  });

  it("gives defaults that the adapter accepts", () => {
    for (const { properties } of Object.values(requests)) {
      for (const [name, { default: value }] of Object.entries(properties)) {
        if (value === undefined) continue;
        const input = { program: "a.wasm", [name]: value };
        assert.equal(readLaunchConfiguration(input, "/").kind, "configuration", name);
      }
    }
  });

  it("lets breakpoints be set in every language it starts from", () => {
    const breakable = manifest.contributes.breakpoints.map(({ language }: { language: string }) => language);
    for (const language of debugType.languages) assert.ok(breakable.includes(language), language);
  });
});
