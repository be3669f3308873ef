import type { Style } from "../report/style.ts";
import type { Command, CommandGroup } from "./command.ts";

/** The list of all commands. */
export function helpText(groups: readonly CommandGroup[], style: Style): string {
  const lines: string[] = [];
  for (const { title, commands } of groups) {
    lines.push(...(lines.length > 0 ? [""] : []), style.name(title));
    for (const command of commands) {
      const head = headOf(command);
      // A long form has a line of its own.
      if (head.length > 34) lines.push(`  ${head}`, `${" ".repeat(37)}${command.about}`);
      else lines.push(`  ${head.padEnd(34)} ${command.about}`);
    }
  }
  lines.push("", "An empty line repeats a step or goes on with a list. `help COMMAND` tells more.");
  return lines.join("\n");
}

/** What there is to know of one command. */
export function helpOf({ names, about, more, form }: Command): string {
  const also = names.length > 1 ? `\nAlso: ${names.slice(1).join(", ")}` : "";
  const sentence = `${about.charAt(0).toUpperCase()}${about.slice(1)}.`;
  return `${names[0]}${form === "" ? "" : ` ${form}`}\n${sentence}${more === undefined ? "" : ` ${more}`}${also}`;
}

const headOf = ({ names, form }: Command): string => {
  const [name, ...others] = names;
  const short = others.length === 0 ? name : `${name} (${others.join(", ")})`;
  return form === "" ? short : `${short} ${form}`;
};
