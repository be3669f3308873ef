import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { fromRoot } from "./paths.ts";

/** One line of `wasm-dap run --json`. */
export type RunEvent = Readonly<Record<string, unknown>> & { readonly event: string };

const ajv = new Ajv({ strict: true, allErrors: false });
const isEvent = ajv.compile<RunEvent>(
  JSON.parse(readFileSync(fromRoot("docs/run-events.schema.json"), "utf8")),
);

/** Reads what a run has written, every line of which must be as the schema says. */
export function readRunEvents(stdout: string): readonly RunEvent[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => {
      const event: unknown = JSON.parse(line);
      assert.ok(isEvent(event), `${line}\n${JSON.stringify(isEvent.errors)}`);
      return event;
    });
}
