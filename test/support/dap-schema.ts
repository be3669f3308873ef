import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { createGenerator, type Schema } from "ts-json-schema-generator";
import { fromRoot } from "./paths.ts";

/** The protocol's declarations on npm, from which the schema is made. */
const declarations = "@vscode/debugprotocol/lib/debugProtocol.d.ts";

/**
 * The protocol's own types as a JSON schema: one definition per message and type.
 *
 * Made once per version of the declarations (that takes seconds) and kept under `build/`.
 */
function readSchema(): Schema {
  const require = createRequire(import.meta.url);
  const { version } = require("@vscode/debugprotocol/package.json") as { version: string };
  const cached = fromRoot("build", `dap-schema-${version}.2.json`);
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, "utf8")) as Schema;
  const schema = makeSchema(require.resolve(declarations));
  mkdirSync(dirname(cached), { recursive: true });
  // In one go: another process of tests may be looking for it.
  writeFileSync(`${cached}.${process.pid}`, JSON.stringify(schema));
  renameSync(`${cached}.${process.pid}`, cached);
  return schema;
}

function makeSchema(path: string): Schema {
  const generator = createGenerator({ path, type: "*", expose: "all", topRef: true, skipTypeCheck: true });
  const definitions: Schema["definitions"] = {};
  // "*" leaves the messages out: each has to be asked for.
  const messages = readFileSync(path, "utf8").matchAll(/interface (\w*(?:Request|Response|Event)) extends/g);
  for (const [, name] of messages) {
    Object.assign(definitions, generator.createSchema(`DebugProtocol.${name}`).definitions);
  }
  return { $schema: "http://json-schema.org/draft-07/schema#", definitions };
}

let ajv: Ajv | undefined;
const validators = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction | undefined {
  if (ajv === undefined) {
    ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
    ajv.addSchema(readSchema() as object, "dap");
  }
  const known = validators.get(name) ?? ajv.getSchema(`dap#/definitions/DebugProtocol.${name}`);
  if (known !== undefined) validators.set(name, known);
  return known;
}

const capitalised = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** Requests and events that are not the protocol's: no schema has them. */
const ownCommands: ReadonlySet<string> = new Set(["saveCoredump", "restartWith"]);
const ownEvents: ReadonlySet<string> = new Set(["restartOffered"]);

/** A message's type in the protocol's declarations. */
function typeOf(message: Record<string, unknown>): string {
  if (message.type === "event") return `${capitalised(String(message.event))}Event`;
  if (message.type === "request") return `${capitalised(String(message.command))}Request`;
  return message.success === true ? `${capitalised(String(message.command))}Response` : "ErrorResponse";
}

/** What is wrong with a message an adapter sent, property by property; properties the protocol does not know are. */
export function schemaErrors(message: unknown): readonly string[] {
  const record = message as Record<string, unknown>;
  if (record.type === "event" && ownEvents.has(String(record.event))) return [];
  if (record.success === true && ownCommands.has(String(record.command))) return [];
  const name = typeOf(record);
  const validate = validatorOf(name);
  if (validate === undefined) return [`there is no ${name} in the protocol`];
  if (validate(message)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message: text, params }) => `${name}${instancePath}: ${text} ${JSON.stringify(params)}`,
  );
}
