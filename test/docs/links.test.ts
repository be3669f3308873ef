import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromRoot } from "../support/paths.ts";
import { pages } from "./pages.ts";

/** Where headings can be linked to, as forges make it of their text, and places that have names. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  const named = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return new Set([...headings, ...named]);
}

describe("the documentation", () => {
  for (const { file, text } of pages()) {
    it(`has no link that leads nowhere: ${file}`, () => {
      const prose = text.replace(/```[\s\S]*?```/g, "");
      for (const [, target = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = "", anchor] = target.split("#");
        const linked = path === "" ? fromRoot(file) : join(dirname(fromRoot(file)), path);
        assert.ok(existsSync(linked), `${target} is not there`);
        if (anchor === undefined) continue;
        assert.ok(anchorsOf(readFileSync(linked, "utf8")).has(anchor), `${target} has no such heading`);
      }
    });
  }
});
