import { caretText } from "../../../../src/symbols/text/caret-text.ts";
import { ExpressionError, type Variable } from "../../../../src/symbols/variable.ts";
import type { Command, CommandGroup } from "../command.ts";
import { CommandError } from "../command-error.ts";
import type { DebugConsole } from "../debug-console.ts";
import { asCommand, evaluateHere } from "../evaluate-here.ts";
import { examine } from "../examine.ts";
import { valueFormats } from "../value-format.ts";

/** Commands that look at values and change them. */
export const data: CommandGroup = {
  title: "Values",
  commands: [
    {
      names: ["print", "p"],
      form: "[/FORMAT] EXPR",
      about: "show a value",
      more: `FORMAT is one of ${[...valueFormats].map(([letter, { about }]) => `${letter} (${about})`).join(", ")}. EXPR,x means the same.`,
      completes: "expression",
      async run(console, rest) {
        const { suffix, text } = withFormat(rest);
        if (text === "") throw new CommandError("`print` needs an expression, such as p->next->id.");
        const variable = await evaluateAsked(console, `${text}${suffix}`);
        console.say(`${text} = ${variable.value}`);
      },
    },
    {
      names: ["whatis"],
      form: "EXPR",
      about: "show the type of a value",
      completes: "expression",
      run: async (console, rest) => console.say((await typeAsked(console, "whatis", rest)).name),
    },
    {
      names: ["ptype"],
      form: "EXPR | TYPE",
      about: "show what a type is made of",
      completes: "expression",
      run: async (console, rest) => console.say((await typeAsked(console, "ptype", rest)).definition),
    },
    {
      names: ["expand"],
      form: "EXPR",
      about: "show a value with all its parts, three levels deep",
      completes: "expression",
      async run(console, rest) {
        if (rest === "") throw new CommandError("`expand` needs an expression, such as *list.");
        const variable = await evaluateHere(console, rest);
        const lines = [`${rest} = ${variable.value}`];
        await addParts(lines, variable, 1);
        console.say(lines.join("\n"));
      },
    },
    {
      names: ["display"],
      form: "[EXPR]",
      about: "show a value now and at every stop, or show all that are",
      completes: "expression",
      async run(console, rest) {
        if (rest !== "") console.displays.push(rest);
        const shown = console.displays.map((text, at) => ({ text, number: at + 1 }));
        const wanted = rest === "" ? shown : shown.slice(-1);
        if (wanted.length === 0) console.say("Nothing is displayed: `display EXPR` adds something.");
        for (const { text, number } of wanted) {
          // What cannot be evaluated here may be somewhere else.
          console.say(`${number}: ${text} = ${await valueOrWhy(console, text)}`);
        }
      },
    },
    {
      names: ["undisplay"],
      form: "[NUMBER]",
      about: "do not show one any more, or none",
      async run(console, rest) {
        const number = Number(rest);
        if (rest === "") console.displays.length = 0;
        else if (console.displays[number - 1] === undefined) {
          throw new CommandError(`There is no display ${rest}: \`display\` lists them.`);
        } else console.displays.splice(number - 1, 1);
      },
    },
    {
      names: ["set"],
      form: "[var] EXPR = VALUE",
      about: "change a variable",
      completes: "expression",
      async run(console, rest) {
        const [, target, value] =
          /^(?:var(?:iable)?\s+)?(.*?[^=!<>+\-*/%&|^])\s*=(?!=)\s*(.*)$/s.exec(rest) ?? [];
        if (target === undefined || value === undefined || value === "") {
          throw new CommandError(`Expected EXPR = VALUE, such as list->count = 3, but found \`${rest}\`.`);
        }
        const variable = await evaluateHere(console, target.trim());
        if (!variable.writable) {
          const why = variable.unavailable ?? "only numbers, characters, booleans and pointers can be";
          throw new CommandError(`\`${target.trim()}\` cannot be changed: ${why}.`);
        }
        const changed = await asCommand(variable.assign(value));
        console.say(`${target.trim()} = ${changed.value}`);
      },
    },
    {
      names: ["x"],
      form: "[/COUNT FORMAT SIZE] [ADDRESS]",
      about: "show memory",
      more: "FORMAT is x, d, u, o, t, c, a, f, s (text) or i (instructions); SIZE is b, h, w or g: 1, 2, 4 or 8 bytes. x/8xw buffer shows eight words in hexadecimal. ADDRESS is an expression; without it, it goes on where it ended.",
      completes: "expression",
      repeats: true,
      run: examine,
    } satisfies Command,
  ],
};

/** `/x EXPR`: the expression, and the suffix that means the letter. */
function withFormat(rest: string): { readonly suffix: string; readonly text: string } {
  const [, letter, text] = /^\/(\S+)\s*(.*)$/s.exec(rest) ?? [];
  if (letter === undefined || text === undefined) return { suffix: "", text: rest };
  const format = valueFormats.get(letter);
  if (format === undefined) {
    throw new CommandError(
      `There is no format \`${letter}\`: there are ${[...valueFormats.keys()].join(", ")}.`,
    );
  }
  return { suffix: `,${format.suffix}`, text };
}

async function typeAsked(console: DebugConsole, command: string, text: string) {
  if (text === "") throw new CommandError(`\`${command}\` needs an expression or a type, such as *list.`);
  const frame = await console.frame();
  return asCommand(console.stopped.describeType(frame, text));
}

/** As `evaluateHere`, of what a user has typed: it may change the program and call its functions. */
async function evaluateAsked(console: DebugConsole, text: string): Promise<Variable> {
  const frame = await console.frame();
  try {
    return await console.stopped.evaluate(frame, text, { onEffect: () => {} });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new CommandError(caretText(error.message, text, error.column));
  }
}

/** The text of a value, or why there is none in angle brackets. */
async function valueOrWhy(console: DebugConsole, text: string): Promise<string> {
  try {
    return (await evaluateHere(console, text)).value;
  } catch (error) {
    if (error instanceof CommandError) return `<${error.message.replace(/\.$/, "")}>`;
    throw error;
  }
}

const deepest = 3;
/** Parts shown of one value, and lines of all. */
const mostParts = 50;
const mostLines = 200;

async function addParts(lines: string[], variable: Variable, depth: number): Promise<void> {
  const { named, indexed, value } = variable;
  // A text has been shown as such.
  if (/^"|^0x[0-9a-f]+ "/.test(value)) return;
  for (const [filter, total] of [
    ["named", named],
    ["indexed", indexed],
  ] as const) {
    if (total === 0) continue;
    for (const part of await variable.children(filter, 0, Math.min(total, mostParts))) {
      if (lines.length >= mostLines) return;
      lines.push(`${"  ".repeat(depth)}${part.name} = ${part.value}`);
      if (depth < deepest) await addParts(lines, part, depth + 1);
    }
    if (total > mostParts) lines.push(`${"  ".repeat(depth)}... ${total - mostParts} more`);
  }
}
