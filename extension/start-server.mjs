// Starts the debug adapter: `start-server.mjs SERVER` serves one session on stdin and stdout.
import * as nodeModule from "node:module";
import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";

// As bin/wasm-dap does: from Node.js 22 on what V8 compiles of the adapter is kept between runs.
nodeModule.enableCompileCache?.();

const [, , server = "", ...options] = argv;
const { main } = await import(pathToFileURL(server).href);
exit(await main(options));
