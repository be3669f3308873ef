// Writes the parts of the documentation that are said elsewhere already: `npm run docs`.
//
// A part stands between `<!-- generated: NAME -->` and `<!-- end -->`; this replaces what is between. A test holds
// that nothing would change.
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rows } from "./capabilities.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What stands in each generated part, by its name. */
const parts = {
  "launch attributes": () => attributeTable("launch"),
  "attach attributes": () => attributeTable("attach"),
  capabilities: () => {
    const all = rows();
    const promised = all.filter(([, isPromised]) => isPromised === "yes").length;
    return `${promised} of the protocol's ${all.length}.\n\n${table(["capability", "", "by, or why not"], all)}`;
  },
  "capability names": () => {
    const all = rows();
    const promised = all.filter(([, isPromised]) => isPromised === "yes").map(([name]) => name);
    return `${promised.length} of the protocol's ${all.length} capabilities: ${promised.join(", ")}.`;
  },
};

/** Files with generated parts. */
export const files = ["README.md", "docs/launch.md", "docs/protocol.md"];

/** The text of a file with its generated parts as they should be. */
export function generate(file) {
  const text = readFileSync(join(root, file), "utf8");
  return text.replace(/<!-- generated: (.+?) -->[\s\S]*?<!-- end -->/g, (_, name) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`${file} has a part "${name}" that nobody generates`);
    return `<!-- generated: ${name} -->\n${part()}\n<!-- end -->`;
  });
}

/** The attributes of a launch configuration, from the schema that editors check it with. */
function attributeTable(request) {
  const manifest = JSON.parse(readFileSync(join(root, "extension/package.json"), "utf8"));
  const { properties, required } = manifest.contributes.debuggers[0].configurationAttributes[request];
  const rows = Object.entries(properties).map(([name, schema]) => [
    `\`${name}\`${required.includes(name) ? " (required)" : ""}`,
    typeOf(schema),
    defaultOf(schema),
    describe(schema),
  ]);
  return table(["attribute", "type", "default", "what it does"], rows);
}

function typeOf({ type, enum: values, items, additionalProperties }) {
  if (values !== undefined) return values.map((value) => `\`"${value}"\``).join(", ");
  if (type === "array") return `list of ${[items.type].flat().join(" or ")}s`;
  if (type === "object" && additionalProperties !== undefined) return "name → value";
  return [type].flat().join(" or ");
}

// Defaults that only an editor knows are its own business.
function defaultOf({ default: value }) {
  if (value === undefined || (typeof value === "string" && value.startsWith("${"))) return "";
  return `\`${JSON.stringify(value)}\``;
}

function describe(schema) {
  const own = schema.markdownDescription ?? schema.description ?? "";
  const values = (schema.enum ?? []).map((value, at) => {
    const text = schema.enumDescriptions?.[at];
    return text === undefined ? "" : ` \`${value}\`: ${text}`;
  });
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => ` \`${name}\` (${typeOf(member)}): ${describe(member)}`,
  );
  return [own, ...values, ...members].join("");
}

function table(header, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of files) {
    const path = join(root, file);
    const text = generate(file);
    if (text === readFileSync(path, "utf8")) continue;
    writeFileSync(path, text);
    process.stdout.write(`${relative(process.cwd(), path)} written\n`);
  }
}
