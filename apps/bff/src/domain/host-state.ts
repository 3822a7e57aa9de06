/** How a host is, and whether machines can run on it. Pure. */
import type { Reason, Tone } from "@kubev/api-types/reason";
import type { HostRecord } from "./platform-records.ts";
import { reasonOf } from "./reasons.ts";

export interface HostState {
  status: "ready" | "not-ready" | "cordoned" | "unknown";
  tone: Tone;
  reason?: Reason;
}

/** virt-handler writes its heartbeat every minute; KubeVirt itself gives up on a host after five. */
const heartbeatLimitMs = 5 * 60_000;

export function hostState(host: HostRecord): HostState {
  if (host.ready === "False")
    return {
      status: "not-ready",
      tone: "error",
      reason: reasonOf("host-not-ready", undefined, host.readyMessage),
    };
  if (host.ready !== "True")
    return {
      status: "unknown",
      tone: "error",
      reason: reasonOf("host-unknown", undefined, host.readyMessage),
    };
  if (host.cordoned) return { status: "cordoned", tone: "attention", reason: reasonOf("host-cordoned") };
  return { status: "ready", tone: "ok" };
}

/** Why no machine can be placed here now, or null. */
export function hostRefusal(host: HostRecord, nowMs: number): Reason | null {
  const state = hostState(host);
  if (state.status !== "ready") return state.reason ?? reasonOf("host-unknown");
  if (host.kubevirtSchedulable !== true) return reasonOf("host-not-for-machines");
  if (host.kvmDevices <= 0) return reasonOf("host-no-kvm");
  const beatMs = Date.parse(host.heartbeatAt);
  if (!Number.isNaN(beatMs) && nowMs - beatMs > heartbeatLimitMs)
    return reasonOf("host-handler-silent", { since: host.heartbeatAt });
  return null;
}
