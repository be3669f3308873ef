// F9 in the sources of every language: everything is read from the screen.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { useWorkbench } from "./project.mjs";

/** Of guests with lines: where F9 binds, and what is there. */
const bound = [
  {
    name: "zig-values",
    file: "zig-values.zig",
    line: 54,
    frame: /half.* zig-values\.zig 54:/,
    variable: "n =",
  },
  { name: "d-values", file: "d-values.d", line: 62, frame: /add.* d-values\.d 62:/, variable: "sum =" },
];
/** Of those without: why it does not bind. */
const unbound = [
  { name: "Go by names", file: "main.go", why: /Go's compiler writes no debug info .* main\.main/ },
  { name: "text", file: "numbers.wat", why: /Assemblers .* no line information\. .* listing/ },
  { name: "text", file: "hello.swift", why: /function names but no line information,.* with -g/ },
];

describe("breakpoints in every language, in VS Code", () => {
  const common = { invoke: "run", args: [8] };
  const vscode = useWorkbench({
    files: {
      "zig-values.zig": "zig-values/zig-values.zig",
      "zig-values.wasm": "zig-values/zig-values.debug.wasm",
      "d-values.d": "d-values/d-values.d",
      "d-values.wasm": "d-values/d-values.dwarf5.O0.wasm",
      "go.wasm": "wat-names/wat-names.names.wasm",
      "numbers.wat": "wat-names/wat-names.wat",
      "numbers.wasm": "wat-names/wat-names.names.wasm",
      // Only the first line matters, and that there is one.
      "main.go": "wat-names/wat-names.wat",
      "hello.swift": "wat-names/wat-names.wat",
    },
    launch: [
      {
        ...common,
        name: "zig-values",
        program: "zig-values.wasm",
        sourceFileMap: { "/build/zig-values": "." },
      },
      { ...common, name: "d-values", program: "d-values.wasm", sourceFileMap: { "/build/d-values": "." } },
      { name: "Go by names", program: "go.wasm", stopOnEntry: true },
      { name: "text", program: "numbers.wasm", stopOnEntry: true },
    ],
  });

  before(() => {
    // What Go's linker adds to a module, besides.
    const name = "go:buildid";
    const section = Buffer.from([0, name.length + 1, name.length, ...Buffer.from(name)]);
    appendFileSync(join(vscode.workspace, "go.wasm"), section);
  });
  afterEach(() => vscode.command("Remove All Breakpoints"));

  for (const { name, file, line, frame, variable } of bound) {
    it(`bind in ${file}`, async () => {
      await vscode.toggleBreakpoint(file, line);
      await vscode.debug(name);
      await vscode.seeStop(frame);
      await vscode.seeRow("Variables", variable);
      await vscode.shot(`gutter-${name}`);
      await vscode.endProgram();
    });
  }

  for (const { name, file, why } of unbound) {
    it(`say in ${file} why they do not bind`, async () => {
      await vscode.toggleBreakpoint(file, 2);
      await vscode.debug(name);
      await vscode.see(".debug-toolbar .codicon-debug-continue");
      await vscode.open(file);
      const breakpoint = await vscode.see(".editor-instance .codicon-debug-breakpoint-unverified");
      await breakpoint.hover();
      const look = async () => {
        const hovers = await vscode.page.locator(".monaco-hover:visible").allInnerTexts();
        return hovers.join(" ").replace(/\s+/g, " ");
      };
      await vscode.seeSoon(look, (text) => why.test(text), why);
      await vscode.shot(`gutter-${file}`);
      await vscode.page.mouse.move(0, 0);
      await vscode.endProgram();
    });
  }
});
