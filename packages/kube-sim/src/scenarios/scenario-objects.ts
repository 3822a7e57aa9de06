/** Placeholder until the scenarios arrive: seeds nothing. */
import type { NewObject } from "../store/kube-object.ts";

export function scenarioObjects(_name: "demo" | "empty" | "ten-thousand-vms" | "degraded"): NewObject[] {
  return [];
}
