/** Numbers from 0 up to a limit. */
export type Random = (limit: number) => number;

/**
 * A copy of some bytes with a few things done to a stretch of it: bits flipped, numbers put in that are the edges of what a
 * field can hold, bytes taken out, doubled, or taken from elsewhere. `size` bytes stay as many where `keepsLength`.
 */
export function mutate(bytes: Uint8Array, random: Random, { keepsLength = false } = {}): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let changes = 1 + random(4); changes > 0 && result.length > 0; changes--) {
    const at = random(result.length);
    switch (random(keepsLength ? 4 : 6)) {
      case 0:
        result[at] = (result[at] as number) ^ (1 << random(8));
        break;
      case 1:
        result[at] = edges[random(edges.length)] as number;
        break;
      case 2:
        result.fill(random(2) * 0xff, at, at + 1 + random(8));
        break;
      case 3:
        result.copyWithin(at, random(result.length), random(result.length));
        break;
      case 4:
        result = joined(result.subarray(0, at), result.subarray(at + 1 + random(8)));
        break;
      default: {
        const from = random(result.length);
        const part = result.slice(from, from + random(16));
        result = joined(result.subarray(0, at), part, result.subarray(at));
      }
    }
  }
  return result;
}

/** First and last numbers of LEB128, of signs and of opcodes. */
const edges = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xfe, 0xff];

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Rounds of each target in every run of the tests; `FUZZ_ROUNDS=50` makes them fifty times as many. */
export const rounds = (few: number): number => few * Number(process.env.FUZZ_ROUNDS ?? 1);
