/** Every host as a room, and every pod that would need another one if its host were gone. */
import type { Running } from "../domain/host-loss.ts";
import type { Amounts, Room } from "../domain/host-placement.ts";
import { hostRefusal, hostState } from "../domain/host-state.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import type { HostRecord } from "../domain/platform-records.ts";
import type { PodRecord } from "../domain/vm-records.ts";
import type { HostEntry } from "./hosts.ts";
import type { ListIndex } from "./list-index.ts";

const cordonTaint = "node.kubernetes.io/unschedulable";

export function roomsOf(index: ListIndex<HostEntry>, nowMs: number): Room[] {
  const roomOf = (host: HostRecord, requested: Amounts): Room => ({
    host: host.name,
    open: hostState(host).status === "ready",
    forMachines: hostRefusal(host, nowMs) === null,
    labels: host.labels,
    taints: host.taintList,
    allocatable: host.resources.allocatable,
    requested,
  });
  return [...index.values()].map(({ host, requestedAll }) => {
    const room = roomOf(host, requestedAll);
    if (!host.cordoned) return room;
    // Kubernetes taints what is cordoned, and takes the taint away with the cordon
    const taintList = host.taintList.filter(({ key }) => key !== cordonTaint);
    return { ...room, uncordoned: roomOf({ ...host, cordoned: false, taintList }, requestedAll) };
  });
}

/**
 * What runs on hosts and can run elsewhere. Node selectors and tolerations are not kept of every pod, so a pod counts as going
 * wherever it has room; what ends with its host (DaemonSets, the kubelet's own pods) is left out.
 */
export function* runningOn(pods: Iterable<PodRecord>): Generator<Running> {
  for (const pod of pods) {
    if (pod.host === "" || !isLivePhase(pod.phase)) continue;
    if (pod.ownerKind === "DaemonSet" || pod.ownerKind === "Node") continue;
    yield {
      host: pod.host,
      project: pod.namespace,
      name: pod.instance === "" ? pod.name : pod.instance,
      load: {
        key: `${pod.namespace}/${pod.name}`,
        isMachine: pod.instance !== "",
        requests: { ...pod.otherRequests, cpu: pod.cpuCores, memory: pod.memoryBytes, pods: 1 },
        nodeSelector: {},
        tolerations: [],
        volumes: [],
      },
    };
  }
}
