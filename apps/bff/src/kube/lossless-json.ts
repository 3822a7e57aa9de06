/** Kube-OVN counts addresses in JSON numbers beyond 2^53; those stay exact as strings. */

interface ReviverContext {
  source?: string;
}

/** Like JSON.parse, but whole numbers that a double cannot hold become their decimal text. */
export function parseLossless(json: string): unknown {
  const reviver = (_key: string, value: unknown, context?: ReviverContext): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
      ? context?.source
      : value;
  return JSON.parse(json, reviver) as unknown;
}
