/** The shape of the recordings (../shared/traces/README.md) and what of an object they show as its state. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type HttpStep, oracles } from "../oracles.ts";

export type Json = Record<string, unknown>;

/** The main fields of an object's state, as the recorder picked them. */
export interface Key {
  phase?: string;
  printableStatus?: string;
  created?: boolean;
  complete?: boolean;
  readyToUse?: boolean;
  readyReplicas?: number;
  /** Type to `status/reason`. */
  conditions?: Record<string, string>;
}

export interface WatchStep {
  step: "watch";
  type: "ADDED" | "MODIFIED" | "DELETED";
  kind: string;
  name: string;
  uid: string;
  key?: Key;
}

export interface Recording {
  scenario: string;
  namespace: string;
  durationMs: number;
  steps: (HttpStep | WatchStep | { step: "note" })[];
}

export const recordingOf = (scenario: string): Recording =>
  JSON.parse(readFileSync(join(oracles ?? "", "traces", `${scenario}.json`), "utf8")) as Recording; // written by the recorder

interface Status {
  phase?: string;
  printableStatus?: string;
  created?: boolean;
  complete?: boolean;
  readyToUse?: boolean;
  readyReplicas?: number;
  conditions?: { type: string; status: string; reason?: string }[];
}

/** The key that the recorder would have made of a watched object. */
export function keyOf({ status = {} }: { status?: Status }): Key {
  const { phase, printableStatus, created, complete, readyToUse, readyReplicas, conditions = [] } = status;
  return {
    ...(phase !== undefined && { phase }),
    ...(printableStatus !== undefined && { printableStatus }),
    ...(created !== undefined && { created }),
    ...(complete !== undefined && { complete }),
    ...(readyToUse !== undefined && { readyToUse }),
    ...(readyReplicas !== undefined && { readyReplicas }),
    conditions: Object.fromEntries(
      conditions.map((one) => [
        one.type,
        one.reason === undefined || one.reason === "" ? one.status : `${one.status}/${one.reason}`,
      ]),
    ),
  };
}
