// Sources of programs as Debian has them, got through apt with lists and a cache in a folder of their own, so that the
// system's stay as they are.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Runs a tool in a folder; what it prints goes to standard error. Throws unless it succeeds. */
export const run = (folder, tool, ...args) =>
  execFileSync(tool, args, { cwd: folder, stdio: ["ignore", 2, 2] });

/**
 * Downloads these archives, all at once, checks them, and unpacks each into its folder, which is emptied before. An archive
 * is of a source package (`source`) or is a package itself (`binary`).
 *
 * @throws {Error} where one is not the file that its recipe is for.
 */
export function fetchAll(archives) {
  const work = mkdtempSync(join(tmpdir(), "wasm-dap-large-"));
  try {
    const options = optionsFor(work);
    try {
      run(work, "apt-get", ...options, "update");
    } catch {
      // Some of the system's archives may have no sources; what matters is whether these are found.
    }
    for (const { source, binary } of archives) {
      if (source) run(work, "apt-get", ...options, "source", "--download-only", source);
      else run(work, "apt-get", ...options, "download", binary);
    }
    for (const archive of archives) unpack(work, archive);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What keeps apt within a folder, with lists of both programs and sources. */
function optionsFor(work) {
  for (const folder of ["lists/partial", "cache/archives/partial", "parts"]) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  for (const [name, text] of lists()) writeFileSync(join(work, "parts", name), text);
  return [
    "Dir::Etc::sourcelist=/dev/null",
    `Dir::Etc::sourceparts=${work}/parts`,
    `Dir::State::lists=${work}/lists`,
    `Dir::Cache=${work}/cache`,
  ].flatMap((option) => ["-o", option]);
}

/** The system's own archives, wherever they are, for sources too: files by their names. */
function lists() {
  const folder = "/etc/apt/sources.list.d";
  const parts = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name))
    : [];
  const files = [
    ["system.list", "/etc/apt/sources.list"],
    ...parts.map((name) => [name, join(folder, name)]),
  ];
  return files
    .filter(([, path]) => existsSync(path))
    .map(([name, path]) => {
      const text = readFileSync(path, "utf8").replace(/^Types:.*$/gm, "Types: deb deb-src");
      return [name, text.replace(/^deb(\s.*)$/gm, "deb$1\ndeb-src$1")];
    });
}

function unpack(work, { file, sha256: wanted, members, into, strip = 0 }) {
  const archive = join(work, file);
  if (!existsSync(archive) || sha256(readFileSync(archive)) !== wanted) {
    throw new Error(`Debian's archives no longer have ${file} as this recipe knows it (SHA-256 ${wanted}).`);
  }
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  let tar = archive;
  if (file.endsWith(".deb")) {
    tar = join(work, "data.tar");
    writeFileSync(tar, execFileSync("dpkg-deb", ["--fsys-tarfile", archive], { maxBuffer: 1 << 28 }));
  }
  run(into, "tar", "xf", tar, `--strip-components=${strip}`, "--wildcards", ...members);
}
