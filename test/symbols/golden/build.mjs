// Writes what LLVM's own tools say about the types of our fixtures: `node test/symbols/golden/build.mjs`.
//
// One file a module, `<guest>.<build>.layouts.gz`, of JSON lines. The first has the module's SHA-256, and how many types
// llvm-dwarfdump prints with a SHA-256 over their text: see `typesOf`. Each other line is what LLDB makes of one record or
// enumeration that has a name: size, bases, fields, enumerators. Needs llvm-22 and lldb-22 (LLVM_DWARFDUMP and LLDB name others).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, "../../fixtures");
const dwarfdump = process.env.LLVM_DWARFDUMP ?? "llvm-dwarfdump-22";
const lldb = process.env.LLDB ?? "lldb-22";
const guests = ["types", "list", "cpp-language", "cpp-values", "cpp-vocabulary", "rust-values"];

const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** The DIEs of a dump, with their attributes as the text in parentheses and their children. */
function readDies(dump) {
  const roots = [];
  const open = [];
  let die;
  for (const line of dump.split("\n")) {
    const header = /^0x([0-9a-f]+):( +)(DW_TAG_\w+|NULL)/.exec(line);
    if (header) {
      const [, offset, indent, tag] = header;
      die = { offset: Number.parseInt(offset, 16), tag, attributes: {}, children: [], depth: indent.length };
      while (open.length > 0 && open.at(-1).depth >= die.depth) open.pop();
      if (tag === "NULL") continue;
      (open.at(-1)?.children ?? roots).push(die);
      open.push(die);
      continue;
    }
    const attribute = /^ +(DW_AT_\w+)\t\((.*)\)$/.exec(line);
    if (attribute && die) die.attributes[attribute[1]] = attribute[2];
  }
  return roots;
}

const nameOf = ({ attributes: { DW_AT_name } }) => (DW_AT_name === undefined ? "" : JSON.parse(DW_AT_name));

/** A number as dwarfdump writes it: decimal with a sign, or hexadecimal of as many bytes as the form has. */
function numberOf(text) {
  return text === undefined || !/^-?(?:0x[0-9a-f]+|\d+)$/.test(text) ? undefined : BigInt(text);
}

function memberText({ tag, attributes, ...die }) {
  const kind = tag === "DW_TAG_inheritance" ? "base" : "field";
  const location = attributes.DW_AT_data_member_location;
  const at = location === undefined ? 0n : numberOf(location);
  const bits = numberOf(attributes.DW_AT_bit_size);
  const first = numberOf(attributes.DW_AT_data_bit_offset);
  // Before DWARF 4 bits counted from the highest of their storage.
  const storage = numberOf(attributes.DW_AT_byte_size) ?? 0n;
  const high = numberOf(attributes.DW_AT_bit_offset);
  const offset =
    first ?? (high === undefined ? (at ?? 0n) * 8n : (at ?? 0n) * 8n + storage * 8n - high - (bits ?? 0n));
  const place = bits === undefined ? (at ?? "expression") : `${offset}:${bits}`;
  return `${kind} ${nameOf({ attributes, ...die })} ${place}`;
}

/** Rust writes negative enumerators as the unsigned numbers of the same bits. */
const unsigned = (value, size = 4n) => BigInt.asUintN(Number(size) * 8, value ?? 0n);

const records = new Map([
  ["DW_TAG_structure_type", "struct"],
  ["DW_TAG_class_type", "class"],
  ["DW_TAG_union_type", "union"],
]);

/** One line for each type that has a layout, in the order printed: offset, kind, name, size, and what it is made of. */
function typesOf(roots) {
  const lines = [];
  const visit = (die) => {
    const { offset, tag, attributes, children } = die;
    const start = `${offset.toString(16)} `;
    const size = numberOf(attributes.DW_AT_byte_size);
    if (records.has(tag) && attributes.DW_AT_declaration === undefined) {
      const members = children
        .filter((child) => child.tag === "DW_TAG_member" || child.tag === "DW_TAG_inheritance")
        .filter((child) => !child.attributes.DW_AT_external && !child.attributes.DW_AT_declaration)
        .map(memberText);
      lines.push(`${start}${records.get(tag)} ${nameOf(die)} ${size ?? "?"} {${members.join(", ")}}`);
    } else if (tag === "DW_TAG_enumeration_type" && attributes.DW_AT_declaration === undefined) {
      const values = children
        .filter((child) => child.tag === "DW_TAG_enumerator")
        .map((child) => `${nameOf(child)}=${unsigned(numberOf(child.attributes.DW_AT_const_value), size)}`);
      lines.push(`${start}enum ${nameOf(die)} ${size ?? "?"} {${values.join(", ")}}`);
    } else if (tag === "DW_TAG_base_type") {
      lines.push(`${start}base ${nameOf(die)} ${size ?? 0n}`);
    } else if (tag === "DW_TAG_array_type") {
      const counts = children
        .filter((child) => child.tag === "DW_TAG_subrange_type")
        .map((child) => {
          const upper = numberOf(child.attributes.DW_AT_upper_bound);
          return numberOf(child.attributes.DW_AT_count) ?? (upper === undefined ? "?" : upper + 1n);
        });
      lines.push(`${start}array ${counts.join(" ")}`);
    }
    children.forEach(visit);
  };
  roots.forEach(visit);
  return lines;
}

for (const guest of guests) {
  const manifest = JSON.parse(readFileSync(join(fixtures, guest, "manifest.json"), "utf8"));
  for (const [build, { file }] of Object.entries(manifest.builds)) {
    if (!/O0$/.test(build)) continue;
    const path = join(fixtures, guest, file);
    const options = { encoding: "utf8", maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "ignore"] };
    const lines = typesOf(readDies(execFileSync(dwarfdump, ["--debug-info", path], options)));
    if (process.env.DUMP_TYPES)
      writeFileSync(join(process.env.DUMP_TYPES, `${guest}.${build}.types`), lines.join("\n"));
    const work = mkdtempSync(join(tmpdir(), "wasm-dap-layouts-"));
    const types = join(work, "types");
    execFileSync(lldb, ["--batch", "-o", `command script import ${join(here, "lldb_types.py")}`], {
      ...options,
      env: { ...process.env, MODULE: path, TYPES: types },
    });
    // LLDB repeats what several units have alike.
    const made = [...new Set(readFileSync(types, "utf8").trimEnd().split("\n"))].sort();
    rmSync(work, { recursive: true });
    const first = {
      module: sha256(readFileSync(path)),
      types: lines.length,
      sha256: sha256(lines.join("\n")),
    };
    const text = `${JSON.stringify(first)}\n${made.join("\n")}\n`;
    writeFileSync(join(here, `${guest}.${build}.layouts.gz`), gzipSync(text, { level: 9 }));
    console.log(`${guest}.${build}: ${lines.length} types, ${made.length} for LLDB`);
  }
}
