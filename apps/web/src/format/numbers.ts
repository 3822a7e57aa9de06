/** Numbers and units, all through Intl in one language, so that translation has one place to change. */
export const locale = "en-GB";

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** `12,345` */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** At most one digit after the point: `2.5`. */
export function formatNumber(value: number): string {
  return short.format(value);
}

const binaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Bytes in binary units with at most one decimal: `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1023.95 && unit < binaryUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${short.format(value)} ${binaryUnits[unit] ?? "B"}`;
}

/** `12 %` */
export function formatPercent(percent: number): string {
  return `${whole.format(percent)} %`;
}

/** `1 disk`, `3 disks`; the two words are whole, never built from each other. */
export function formatPlural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `4 vCPU` */
export function formatCores(cores: number): string {
  return `${short.format(cores)} vCPU`;
}

/** Bytes per second: `14.2 MiB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** Names joined as a person would: `a, b and c`. */
export function formatList(names: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(names);
}
