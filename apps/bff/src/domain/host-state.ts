/** How a host is, and whether machines can run on it. Pure. */
import type { ActionDecision, Reason, Tone } from "@kubev/api-types/reason";
import type { HostRow } from "@kubev/api-types/hosts";
import type { HostRecord } from "./platform-records.ts";
import { allowed, denied, reasonOf } from "./reasons.ts";
import type { NeededRight } from "./vm-actions.ts";

export interface HostState {
  status: "ready" | "not-ready" | "cordoned" | "unknown";
  tone: Tone;
  reason?: Reason;
}

/** virt-handler writes its heartbeat every minute; KubeVirt itself gives up on a host after five. */
export const heartbeatLimitMs = 5 * 60_000;

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

export const hostRights = {
  list: { verb: "list", group: "", resource: "nodes", subresource: "" },
  get: { verb: "get", group: "", resource: "nodes", subresource: "" },
  update: { verb: "update", group: "", resource: "nodes", subresource: "" },
  patch: { verb: "patch", group: "", resource: "nodes", subresource: "" },
  delete: { verb: "delete", group: "", resource: "nodes", subresource: "" },
  evict: { verb: "create", group: "", resource: "pods", subresource: "eviction" },
  listPods: { verb: "list", group: "", resource: "pods", subresource: "" },
} as const satisfies Record<string, NeededRight>;

/** A Node is only taken away where nothing is lost with it: a kubelet that lives would bring it back, without its labels. */
function mayRemove(host: HostRecord, draining: boolean, machines: number): ActionDecision {
  if (host.ready === "True") return denied("host-is-alive");
  if (!host.cordoned) return denied("host-is-open");
  if (draining) return denied("host-drain-running");
  return machines > 0 ? denied("host-has-machines", { count: machines }) : allowed;
}

/** What may be done with a host, the rights being known. */
export function hostActions(
  host: HostRecord,
  may: { update: boolean; patch: boolean; evict: boolean; delete: boolean },
  draining: boolean,
  /** That run here, as far as the cluster knows. */
  machines: number,
): HostRow["actions"] {
  const noPatch = denied("no-permission", { verb: "patch", resource: "nodes" });
  const open = () => (draining ? denied("host-drain-running") : allowed);
  return {
    edit: may.update ? allowed : denied("no-permission", { verb: "update", resource: "nodes" }),
    cordon: !may.patch ? noPatch : host.cordoned ? denied("host-is-cordoned") : allowed,
    uncordon: !may.patch ? noPatch : host.cordoned ? open() : denied("host-is-open"),
    drain: !may.patch
      ? noPatch
      : !may.evict
        ? denied("no-permission", { verb: "create", resource: "pods/eviction" })
        : draining
          ? denied("host-drain-running")
          : allowed,
    delete: may.delete
      ? mayRemove(host, draining, machines)
      : denied("no-permission", { verb: "delete", resource: "nodes" }),
  };
}

/** From when on its virt-handler counts as silent, epoch milliseconds; never where it writes no time. */
export function silentFromMs(host: HostRecord): number {
  const beatMs = Date.parse(host.heartbeatAt);
  return Number.isNaN(beatMs) ? Number.POSITIVE_INFINITY : beatMs + heartbeatLimitMs;
}

/** Why no machine can be placed here now, or null. */
export function hostRefusal(host: HostRecord, nowMs: number): Reason | null {
  const state = hostState(host);
  if (state.status !== "ready") return state.reason ?? reasonOf("host-unknown");
  if (host.kubevirtSchedulable !== true) return reasonOf("host-not-for-machines");
  if (host.kvmDevices <= 0) return reasonOf("host-no-kvm");
  if (nowMs > silentFromMs(host)) return reasonOf("host-handler-silent", { since: host.heartbeatAt });
  return null;
}
