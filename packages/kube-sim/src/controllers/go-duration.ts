/** Durations as Go writes them, e.g. `1h30m` or `2.5s`. Source: time.ParseDuration. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds; throws with Go's words for what is no duration. */
export function goDurationMs(text: string): number {
  const invalid = () => new Error(`time: invalid duration ${JSON.stringify(text)}`);
  const sign = text.startsWith("-") ? -1 : 1;
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  if (rest === "") throw invalid();
  let total = 0;
  while (rest !== "") {
    const [, digits = "", unit = ""] = /^([0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]*)/.exec(rest) ?? [];
    if (digits === "") throw invalid();
    if (unit === "") throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
    const factor = UNIT_MS[unit];
    if (factor === undefined)
      throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    total += Number(digits) * factor;
    rest = rest.slice(digits.length + unit.length);
  }
  return sign * total;
}
