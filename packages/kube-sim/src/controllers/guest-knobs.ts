/**
 * What a scenario says of a guest that runs no real system: how long it takes, whether an agent answers in it, how it
 * ends. Annotations of the template, so that recordings of other clusters replay at their own pace.
 */
import type { KubeObject } from "../store/kube-object.ts";

const prefix = "kubesim.kubev.io/";
/** Longer pauses are a mistake in the annotation. */
const longestMs = 24 * 3600 * 1000;

function milliseconds(vmi: KubeObject, name: string): number | undefined {
  const value = Number(vmi.metadata.annotations?.[prefix + name] ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? Math.min(value, longestMs) : undefined;
}

/** From the handler's first look to the running guest. */
export const bootMs = (vmi: KubeObject): number => milliseconds(vmi, "boot-ms") ?? 0;

/** From the power button to the end. */
export const shutdownMs = (vmi: KubeObject): number => milliseconds(vmi, "shutdown-ms") ?? 0;

/** From the running guest to its agent's first word. */
export const agentMs = (vmi: KubeObject): number => milliseconds(vmi, "agent-ms") ?? 2_000;

/** When the guest powers itself off, counted from its start; undefined for one that does not. */
export const powersOffAfterMs = (vmi: KubeObject): number | undefined =>
  milliseconds(vmi, "poweroff-after-ms");

/** The guest's process ends before the guest has started. */
export const crashesAtBoot = (vmi: KubeObject): boolean =>
  vmi.metadata.annotations?.[`${prefix}crash-at-boot`] === "true";

/** A simulated guest agent: its words are invented, their shapes are the real ones. */
export const hasSimulatedAgent = (vmi: KubeObject): boolean =>
  vmi.metadata.annotations?.[`${prefix}guest-agent`] === "true";
