/** A difference from LLDB that is meant, or not ours. */
interface Explained {
  /** Of its line: `program.build file:line #frame path: theirs, ours`. */
  readonly what: RegExp;
  readonly why: string;
}

/** All differences from LLDB that there are. */
export const explained: readonly Explained[] = [
  {
    what: /^sqlite.* iCompare: -1, -7$/,
    why: "what memcmp answers: of a difference, only the sign is the standard's, and the two C libraries choose otherwise",
  },
  {
    what: /^json.* packed: /,
    why: "LLDB shows strings of GCC's library up to their first zero byte, and this one is packed data; ours goes on",
  },
  {
    what: /^sqlite\.O2 \S+ #\d (pParse\.nLabel|yymsp\.\w+|sNC\.pParse): /,
    why: "optimised code has stored it earlier than its source says, or not yet",
  },
  {
    what: /^json\.O2 .* states: size=\d, size=0 \{\}$/,
    why: "clang's debug info says of the vector that its members are constants, 0, from its beginning to its end",
  },
];

/** Places that optimised code comes to another number of times, so that the `hit`th is not the same. */
export const reachedOtherwise: readonly string[] = ["format.h:3226", "parser.hpp:190"];
