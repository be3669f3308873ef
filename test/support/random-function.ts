/** Numbers that look random and are the same in every run for one seed: from 0 to `limit` (exclusive). */
export function seeded(seed: number): (limit: number) => number {
  let state = seed * 2654435761 + 1;
  return (limit) => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Locals of the functions made below: all i32, the first two are params. */
export const RANDOM_LOCALS = 6;
/** Index of the imported function `(i32) → ()` they tell values to. */
const LOG = 0;
/** Index of a global they count down, so that each of them ends. */
const FUEL = 0;

/**
 * The text of a valid function body full of control flow, which ends when run: blocks, loops, ifs, branches of all
 * kinds, returns, and the older exceptions (tag 0 without params), some of it unreachable.
 */
export function randomBody(seed: number): string {
  const random = seeded(seed);
  const lines: string[] = [];
  const local = () => random(RANDOM_LOCALS);
  const statements = (count: number, depth: number): void => {
    for (let index = 0; index < count; index++) statement(depth);
  };
  /** `depth`: labels there are, the function's included. */
  const statement = (depth: number): void => {
    const label = () => random(depth);
    const isShallow = depth < 6;
    switch (random(isShallow ? 16 : 9)) {
      case 0:
        lines.push(`i32.const ${random(5)}`, `local.set ${local()}`);
        return;
      case 1:
      case 2:
        lines.push(`local.get ${local()}`, `local.get ${local()}`, "i32.add", `local.set ${local()}`);
        return;
      case 3:
        lines.push(`local.get ${local()}`, "i32.const 1", "i32.sub", `local.tee ${local()}`, `call ${LOG}`);
        return;
      case 4:
      case 5:
        lines.push(`local.get ${local()}`, `br_if ${label()}`);
        return;
      case 6:
        lines.push(`local.get ${local()}`, `call ${LOG}`);
        return;
      case 7:
        if (random(3) > 0) return;
        lines.push(`local.get ${local()}`, `br_table ${label()} ${label()} ${label()}`);
        return;
      case 8:
        if (random(3) > 0) return;
        lines.push([`br ${label()}`, "return", "throw 0", "unreachable"][random(4)] ?? "nop");
        return;
      case 9:
      case 10:
        lines.push("block");
        break;
      case 11:
      case 12:
        lines.push("loop", `global.get ${FUEL}`, "i32.const 1", "i32.sub", `global.set ${FUEL}`);
        lines.push(`global.get ${FUEL}`, "i32.eqz", "if", "return", "end");
        break;
      case 13:
        lines.push(`local.get ${local()}`, "if");
        statements(1 + random(3), depth + 1);
        if (random(2)) lines.push("else");
        break;
      default:
        lines.push("try");
        statements(1 + random(4), depth + 1);
        if (random(5) === 0) {
          lines.push(`delegate ${label()}`);
          return;
        }
        if (random(3)) lines.push("catch 0");
        else if (random(2)) lines.push("catch_all");
        else lines.push("catch 0", `local.get ${local()}`, `call ${LOG}`, "catch_all");
        if (random(4) === 0) lines.push("rethrow 0");
    }
    statements(1 + random(4), depth + 1);
    lines.push("end");
  };
  statements(6 + random(10), 1);
  return lines.join("\n");
}
