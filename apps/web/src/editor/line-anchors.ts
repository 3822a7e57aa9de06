/** Lines that surely stayed between two texts too long to be compared line by line with each other. */

/** Places of lines that stand there once; -1 for those that stand there more often. In the order of the text. */
function placesOf(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [index, line] of lines.entries()) places.set(line, places.has(line) ? -1 : index);
  return places;
}

/** Places in `a` and in `b` of lines that each has once: as many as stand in one order in both. */
export function anchorsOf(a: readonly string[], b: readonly string[]): [inA: number, inB: number][] {
  const inB = placesOf(b);
  const pairs = [...placesOf(a)]
    .map(([line, place]): [number, number] => [place, inB.get(line) ?? -1])
    .filter(([left, right]) => left >= 0 && right >= 0);
  // the longest run that rises in b: of each length the pair with the lowest place that ends one
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  for (const [index, [, place]] of pairs.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    before[index] = ends[low - 1];
    ends[low] = index;
  }
  const run: [number, number][] = [];
  for (let index = ends.at(-1); index !== undefined; index = before[index]) {
    const pair = pairs[index];
    if (pair !== undefined) run.push(pair);
  }
  return run.toReversed();
}
