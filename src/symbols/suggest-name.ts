/** Names looked at for one that was meant. */
const maxNames = 5_000;

/** The name that another is most likely a slip of: off by little, or by case alone; `undefined` where none is near. */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  const most = Math.min(2, Math.floor(name.length / 2));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known.slice(0, maxNames)) {
    if (Math.abs(candidate.length - name.length) > most) continue;
    const distance = candidate.toLowerCase() === name.toLowerCase() ? 0.5 : distanceOf(name, candidate, most);
    if (distance <= most && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { name: candidate, distance };
  }
  return best?.name;
}

/** Characters to insert, delete, replace or swap with their neighbour to make one name of the other; more than `most` is not looked into. */
function distanceOf(a: string, b: string, most: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + cost,
      );
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) least = Math.min(least, (before[j - 2] as number) + 1);
      next.push(least);
    }
    if (Math.min(...next) > most) return most + 1;
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
