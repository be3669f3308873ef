// `node scripts/coredumps.mjs`: rewrites the coredumps of test/fixtures/coredumps that are made by encoders of our own.
// With `WASMTIME=/path/to/wasmtime` those of that engine, too; test/fixtures/coredumps/README.md says how to have one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, root } from "./set-up.mjs";

const script = join(root, "dist/test/support/make-coredumps.js");
if (!build() || !existsSync(script)) process.exit(1);
await import(pathToFileURL(script).href);
