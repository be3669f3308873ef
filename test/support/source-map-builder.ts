const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** One mapping segment: an offset in the module, and where that comes from. Lines and columns count from 0. */
export interface Segment {
  readonly offset: number;
  readonly source?: number;
  readonly line?: number;
  readonly column?: number;
  readonly name?: number;
}

/** The `mappings` of segments in rising order of offset: written out by hand, so that readers have something to be held against. */
export function encodeMappings(segments: readonly Segment[]): string {
  const last = { offset: 0, source: 0, line: 0, column: 0, name: 0 };
  const difference = (field: keyof typeof last, value: number): string => {
    const text = vlq(value - last[field]);
    last[field] = value;
    return text;
  };
  return segments
    .map(({ offset, source, line = 0, column = 0, name }) => {
      let text = difference("offset", offset);
      if (source === undefined) return text;
      text += difference("source", source) + difference("line", line) + difference("column", column);
      return name === undefined ? text : text + difference("name", name);
    })
    .join(",");
}

/** Source: ECMA-426, "Base64 VLQ". */
export function vlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = "";
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += digits[rest > 0 ? digit + 32 : digit];
  } while (rest > 0);
  return text;
}

/** The text of a map of one source, `a.ts`, with more of it or another of it as given. */
export function mapText(segments: readonly Segment[], more: object = {}): string {
  return JSON.stringify({
    version: 3,
    sources: ["a.ts"],
    names: [],
    mappings: encodeMappings(segments),
    ...more,
  });
}
