/** `sort` as lists spell it: a key, with a leading minus for descending. */

export interface Sort {
  key: string;
  descending: boolean;
}

export function parseSort(text: string | undefined): Sort | null {
  if (!text) return null;
  return text.startsWith("-") ? { key: text.slice(1), descending: true } : { key: text, descending: false };
}

/** What a press on a column's header asks for: ascending, descending, then the list's own order. */
export function nextSort(current: string | undefined, key: string): string | undefined {
  const sort = parseSort(current);
  if (sort?.key !== key) return key;
  return sort.descending ? undefined : `-${key}`;
}

const turnedWords: Readonly<Record<string, string>> = {
  created: "-age",
  "-created": "age",
  age: "-created",
  "-age": "created",
};

/** Lists are sorted by when things were made, and their column tells ages: the one grows as the other shrinks. Goes both ways. */
export function turnedAge(sort: string | undefined): string | undefined {
  return (sort && turnedWords[sort]) ?? sort;
}

/** Counts above zero, the largest first; equal ones by name, so that they keep their places while the list changes. */
export function byCount(counts: Readonly<Record<string, number>> = {}): [string, number][] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
