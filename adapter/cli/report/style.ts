/** How parts of a report are told apart on a terminal; elsewhere everything is plain text. */
export interface Style {
  /** What went wrong. */
  bad(text: string): string;
  /** What went well. */
  good(text: string): string;
  /** Names of functions and the like, which the eye looks for. */
  name(text: string): string;
  /** Files and lines. */
  place(text: string): string;
  /** What can be passed over. */
  faint(text: string): string;
}

const wrap =
  (on: number, off: number) =>
  (text: string): string =>
    text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;
const same = (text: string): string => text;

/** Without any marks. */
export const plain: Style = { bad: same, good: same, name: same, place: same, faint: same };

const coloured: Style = {
  bad: wrap(31, 39),
  good: wrap(32, 39),
  name: wrap(33, 39),
  place: wrap(36, 39),
  faint: wrap(2, 22),
};

/**
 * The style for a stream: in colour on a terminal only, unless the environment says otherwise.
 *
 * `NO_COLOR` (no-color.org) wins over `FORCE_COLOR`, which is off when empty, `0` or `false`.
 */
export function styleFor(stream: NodeJS.WritableStream, env: NodeJS.ProcessEnv): Style {
  if ((env.NO_COLOR ?? "") !== "") return plain;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return ["", "0", "false"].includes(force) ? plain : coloured;
  return "isTTY" in stream && stream.isTTY === true && env.TERM !== "dumb" ? coloured : plain;
}
