// Starts the debug adapter: `start-server.mjs SERVER` serves one session on stdin and stdout.
import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";

const [, , server = "", ...options] = argv;
const { main } = await import(pathToFileURL(server).href);
exit(await main(options));
