/** Where the upstream oracles are: CRDs, data and traces recorded on a real cluster. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const candidates = [
  process.env["ORACLES"],
  resolve(import.meta.dirname, "../../../../shared"),
  resolve(import.meta.dirname, "../../../../../shared"),
];

/** The folder, or undefined where it is absent: tests then report themselves as skipped. */
export const oracles = candidates.find((path) => path !== undefined && existsSync(join(path, "traces")));

export interface HttpStep {
  step: "http";
  t: number;
  label: string;
  request: {
    method: string;
    path: string;
    user?: string;
    contentType?: string;
    headers?: Record<string, string>;
    body?: unknown;
  };
  response: { code: number; contentType?: string; warning?: string; body: unknown };
}

export function traceSteps(scenario: string): HttpStep[] {
  if (oracles === undefined) return [];
  const trace = JSON.parse(readFileSync(join(oracles, "traces", `${scenario}.json`), "utf8")) as {
    steps: (HttpStep | { step: "watch" | "note" })[];
  };
  return trace.steps.filter((step): step is HttpStep => step.step === "http");
}
