/** Kubernetes quantities to numbers and back. Source: k8s.io/apimachinery/pkg/api/resource. */

const factors: Record<string, number> = {
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
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
};

/** `1Gi` → 1073741824, `250m` → 0.25; 0 for what is no quantity. */
export function parseQuantity(text: string | number | undefined): number {
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(String(text ?? ""));
  const factor = factors[match?.[2] ?? ""];
  return match && factor !== undefined ? Number(match[1]) * factor : 0;
}

/** Bytes as the largest binary unit that divides them. */
export function binaryQuantity(bytes: number): string {
  for (const unit of ["Ti", "Gi", "Mi", "Ki"]) {
    const factor = factors[unit] ?? 1;
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return String(Math.ceil(bytes));
}

/** Thousands as the largest decimal unit that divides them: 1073742 is `1073742k`. */
export function kiloQuantity(thousands: number): string {
  let left = thousands;
  let unit = 0;
  while (left !== 0 && left % 1000 === 0 && unit < 5) {
    left /= 1000;
    unit += 1;
  }
  return left === 0 ? "0" : `${left}${"kMGTPE"[unit] ?? ""}`;
}

/** Cores as `2` or `1500m`. */
export function cpuQuantity(cores: number): string {
  return Number.isInteger(cores) ? String(cores) : `${Math.round(cores * 1000)}m`;
}
