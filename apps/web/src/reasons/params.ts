/** How a sentence reads the parameters of its reason: each with its unit, each with something to say when it is missing. */
import type { Reason } from "@kubev/api-types/reason";
import { formatDuration, formatExact } from "../format/dates.ts";
import { formatBytes, formatNumber } from "../format/numbers.ts";
import { quotaAmount } from "../format/quota.ts";

export interface ReasonParams {
  /** The parameter as it is, or `otherwise`. */
  text(name: string, otherwise?: string): string;
  bytes(name: string): string;
  number(name: string): string;
  /** An amount of the quota's resource that the reason names, in its unit. */
  quota(name: string): string;
  instant(name: string): string;
  seconds(name: string): string;
  has(name: string): boolean;
}

export function paramsOf(reason: Reason): ReasonParams {
  const get = (name: string) => reason.params?.[name];
  const asNumber = (name: string, format: (value: number) => string) => {
    const value = get(name);
    const number = typeof value === "number" ? value : Number(value ?? Number.NaN);
    return Number.isNaN(number) ? "an unknown amount" : format(number);
  };
  return {
    text: (name, otherwise = "it") => {
      const value = get(name);
      return value === undefined || value === "" ? otherwise : String(value);
    },
    bytes: (name) => asNumber(name, formatBytes),
    number: (name) => asNumber(name, formatNumber),
    quota: (name) => asNumber(name, (value) => quotaAmount(String(get("resource") ?? ""), value)),
    instant: (name) => {
      const value = get(name);
      return typeof value === "string" ? formatExact(value) : "an unknown time";
    },
    seconds: (name) => asNumber(name, (value) => formatDuration(value * 1000)),
    has: (name) => get(name) !== undefined && get(name) !== "",
  };
}

export type Sentence = (p: ReasonParams) => string;
