// F5 in a source, without a launch.json, where one module is obvious: everything is read from the screen.
import { addFiles, useWorkbench } from "./project.mjs";

const cargo = "rust/target/wasm32-wasip1/debug";
const languages = [
  {
    ...{ language: "AssemblyScript", file: "assembly/as-values.ts", line: 53, frame: /as-values\.ts 53:/ },
    files: {
      "assembly/as-values.ts": "as-values/as-values.ts",
      "assembly/text.ts": "as-values/text.ts",
      "build/as-values.debug.wasm": "as-values/as-values.debug.wasm",
      "build/as-values.debug.wasm.map": "as-values/as-values.debug.wasm.map",
    },
  },
  {
    ...{ language: "C++", file: "cpp/src/watch-cpp.cpp", line: 12, frame: /deposit.* watch-cpp\.cpp 12:/ },
    files: {
      "cpp/src/watch-cpp.cpp": "watch-cpp/watch-cpp.cpp",
      "cpp/build/app.wasm": "watch-cpp/watch-cpp.dwarf5.O0.wasm",
    },
  },
  {
    ...{ language: "Rust", file: "rust/src/watch-rust.rs", line: 16, frame: /set watch-rust\.rs 16:/ },
    // Beside its results cargo keeps what it made them of, under other names.
    files: {
      "rust/src/watch-rust.rs": "watch-rust/watch-rust.rs",
      [`${cargo}/app.wasm`]: "watch-rust/watch-rust.dwarf4.O0.wasm",
      [`${cargo}/deps/app-0123456789abcdef.wasm`]: "watch-rust/watch-rust.dwarf4.O0.wasm",
    },
  },
];

describe("a source and its module, without a launch.json, in VS Code", () => {
  const vscode = useWorkbench({ empty: ["asconfig.json"] });

  it("is found to be AssemblyScript's by an asconfig.json", async () => {
    const running = async () => [...(await vscode.runningExtensions()).keys()].join(", ");
    await vscode.seeSoon(running, (names) => names.includes("WebAssembly Debugger"), "the extension at work");
  });

  it("is told to be compiled where there is no module", async () => {
    addFiles(vscode.workspace, { "lib/steps.c": "steps/steps.c" });
    await vscode.open("lib/steps.c");
    await vscode.press("F5");
    await vscode.see(
      ".notification-toast",
      /no \.wasm file here\. Compile your program with debug info \(-g\)/,
    );
    await vscode.see(".notification-toast .monaco-button", "Choose a File");
    await vscode.shot("no-module");
    // The message stays where it is: who has compiled starts again.
  });

  for (const { language, file, line, frame, files } of languages) {
    it(`is started by F5: ${language}`, async () => {
      addFiles(vscode.workspace, files);
      await vscode.open(file, line);
      await vscode.press("F9", "F5");
      await vscode.seeStop(frame);
      await vscode.endProgram();
    });
  }
});
