/** Durations as Go writes them: `1h15m`, `-1.5s`, `300ms`. Source: ParseDuration of Go's time package; words its own. */

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // both signs for micro
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const LONGEST_MS = 2 ** 63 / 1e6;

/** Milliseconds. Throws an Error in Go's words. */
export function parseGoDuration(text: string): number {
  const quoted = JSON.stringify(text);
  const invalid = () => new Error(`time: invalid duration ${quoted}`);
  const [sign = ""] = /^[-+]/.exec(text) ?? [];
  const body = text.slice(sign.length);
  if (body === "0") return 0;
  if (body === "") throw invalid();
  const part = /(\d*)(?:\.(\d*))?([^\d.]*)/y;
  let total = 0;
  while (part.lastIndex < body.length) {
    const [, whole = "", fraction = "", unit = ""] = part.exec(body) ?? [];
    if (whole === "" && fraction === "") throw invalid();
    if (unit === "") throw new Error(`time: missing unit in duration ${quoted}`);
    const scale = UNIT_MS[unit];
    if (scale === undefined)
      throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    total += Number(`${whole || "0"}.${fraction || "0"}`) * scale;
  }
  if (total > LONGEST_MS) throw invalid();
  return sign === "-" ? -total : total;
}
