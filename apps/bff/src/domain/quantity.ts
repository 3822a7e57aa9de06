/** Kubernetes quantities (`500m`, `1.5Gi`, `1e3`) to numbers and back. */

const factors: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Base units (cores, bytes, counts); NaN when it is no quantity. */
export function parseQuantity(text: string | number | undefined): number {
  if (typeof text === "number") return text;
  if (text === undefined) return Number.NaN;
  const match = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(text.trim());
  if (match === null) return Number.NaN;
  return Number(match[1]) * (factors[match[2] ?? ""] ?? Number.NaN);
}

/** Zero where there is none. */
export function quantityOrZero(text: string | number | undefined): number {
  const value = parseQuantity(text);
  return Number.isNaN(value) ? 0 : value;
}

/** The shortest exact binary quantity of a whole number of bytes, e.g. `2Gi`, `1536Mi`, `1000`. */
export function bytesQuantity(bytes: number): string {
  for (const [suffix, factor] of [
    ["Ti", 2 ** 40],
    ["Gi", 2 ** 30],
    ["Mi", 2 ** 20],
    ["Ki", 2 ** 10],
  ] as const)
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${suffix}`;
  return String(bytes);
}

/** The same in the notation that stands there already, where that says the same: `1.5Gi` does not become `1536Mi`. */
export function bytesQuantityOver(current: string | number | undefined, bytes: number): string | number {
  return current !== undefined && quantityOrZero(current) === bytes ? current : bytesQuantity(bytes);
}
