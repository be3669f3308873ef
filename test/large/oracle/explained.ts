/** A difference from LLDB that is meant, or not ours. */
interface Explained {
  /** Of its line: `program file:line #frame path: theirs, ours`. */
  readonly what: RegExp;
  readonly why: string;
}

/** All differences from LLDB that there are. */
export const explained: readonly Explained[] = [
  {
    what: /^sqlite .* iCompare: -1, -7$/,
    why: "what memcmp answers: of a difference, only the sign is the standard's, and the two C libraries choose otherwise",
  },
  {
    what: /^json .* packed: /,
    why: "LLDB shows strings of GCC's library up to their first zero byte, and this one is packed data; ours goes on",
  },
];
