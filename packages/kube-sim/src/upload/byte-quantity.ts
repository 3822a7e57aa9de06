/** Kubernetes quantities as bytes. */
const FACTORS: Readonly<Record<string, number>> = {
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

/** NaN for text that is no quantity. */
export function quantityBytes(text: string): number {
  const match = /^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([eE][+-]?[0-9]+)|([numkKMGTPE]i?|))$/.exec(text);
  if (match === null) return Number.NaN;
  const [, digits = "", exponent, unit = ""] = match;
  if (exponent !== undefined) return Number(digits + exponent);
  const factor = FACTORS[unit];
  return factor === undefined ? Number.NaN : Number(digits) * factor;
}
