/** What goes wrong in a scenario from its start, as data. */
import type { Fault } from "../faults/fault.ts";
import type { ScenarioName } from "./scenario-objects.ts";

/** A platform on a bad day: parts are missing, slow, overloaded or down, and the rest goes on. */
const DEGRADED: readonly Fault[] = [
  { effect: { kind: "missing-group", group: "snapshot.storage.k8s.io" } },
  { urlContains: "/apis/metrics.k8s.io/", effect: { kind: "status", code: 503 } },
  { method: "GET", urlContains: "/apis/kubeovn.io/", effect: { kind: "delay", delayMs: 2000 } },
  { method: "GET", urlContains: "/apis/kubevirt.io/", everyNth: 20, effect: { kind: "status", code: 429 } },
  { method: "GET", urlContains: "/api/v1/", everyNth: 40, effect: { kind: "status", code: 500 } },
];

export const scenarioFaults = (name: ScenarioName): readonly Fault[] => (name === "degraded" ? DEGRADED : []);
