// Stands in for Microsoft's Hex Editor, which no package registry has: on the memory of a variable VS Code opens what is
// called so. Shows the first bytes and writes over them what is typed, both through VS Code's files of memory.
const vscode = require("vscode");

const shownBytes = 16;

exports.activate = ({ subscriptions }) => {
  const editor = { openCustomDocument: (uri) => ({ uri, dispose() {} }), resolveCustomEditor };
  subscriptions.push(vscode.window.registerCustomEditorProvider("hexEditor.hexedit", editor));
};

async function resolveCustomEditor({ uri }, { webview, onDidDispose }) {
  const part = (size) => uri.with({ query: `range=0:${size}` });
  const show = async () => {
    const text = await vscode.workspace.fs.readFile(part(shownBytes)).then(toHex, String);
    await webview.postMessage({ text });
  };
  webview.options = { enableScripts: true };
  webview.onDidReceiveMessage(async ({ typed }) => {
    const bytes = Buffer.from(typed.replaceAll(" ", ""), "hex");
    if (bytes.length > 0) await vscode.workspace.fs.writeFile(part(bytes.length), bytes);
    await show();
  });
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(uri, "*"));
  watcher.onDidChange(show);
  onDidDispose(() => watcher.dispose());
  webview.html = `<pre></pre><input aria-label="Bytes"><script>
    const code = acquireVsCodeApi();
    window.addEventListener("message", ({ data }) => { document.querySelector("pre").textContent = data.text; });
    document.querySelector("input").addEventListener("change", ({ target }) => code.postMessage({ typed: target.value }));
    code.postMessage({ typed: "" });
  </script>`;
}

const toHex = (bytes) =>
  Buffer.from(bytes)
    .toString("hex")
    .replace(/..(?=.)/g, "$& ");
