/** Pods: how far each container is, and why not further. */
import type { ObjectState } from "@kubev/api-types/objects";
import type { ActionDecision } from "@kubev/api-types/reason";
import type { Rights } from "../../access/rights.ts";
import { clusterLabels, isLauncher } from "../../domain/cluster-labels.ts";
import { containersOf, type RawContainer, type RawContainerStatus } from "../../domain/pod-containers.ts";
import { allowed, denied, reasonOf } from "../../domain/reasons.ts";
import { openShellRights, readLogRight, shellWarning } from "../../domain/pod-streams.ts";
import type { NeededRight } from "../../domain/vm-actions.ts";
import { conditionsOf, type RawCondition } from "../../domain/conditions.ts";
import type { RawObject } from "../../inventory/raw.ts";
import { sharedText } from "../../inventory/shared-text.ts";
import type { ObjectKind } from "../object-kind.ts";

type RawPod = RawObject<
  {
    nodeName: string;
    serviceAccountName: string;
    restartPolicy: string;
    containers: RawContainer[];
    initContainers: RawContainer[];
  },
  {
    phase: string;
    reason: string;
    message: string;
    podIP: string;
    qosClass: string;
    conditions: RawCondition[];
    containerStatuses: RawContainerStatus[];
    initContainerStatuses: RawContainerStatus[];
  }
>;

const failures = new Set([
  "CrashLoopBackOff",
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

function stateOf({ status }: RawPod): ObjectState {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const { name, state } of statuses) {
    const why = state?.waiting?.reason ?? "";
    if (failures.has(why))
      return {
        status: "failing",
        tone: "error",
        reason: reasonOf("container-failing", { container: name ?? "", why }, state?.waiting?.message),
      };
  }
  switch (status?.phase) {
    case "Running": {
      const waiting = (status.containerStatuses ?? []).some((one) => one.ready !== true);
      return waiting ? { status: "not-ready", tone: "attention" } : { status: "running", tone: "ok" };
    }
    case "Succeeded":
      return { status: "done", tone: "off" };
    case "Failed":
      return {
        status: "failed",
        tone: "error",
        reason: reasonOf("pod-failed", { why: status.reason ?? "Error" }, status.message),
      };
    default: {
      const unplaced = status?.conditions?.find(
        (one) => one.type === "PodScheduled" && one.status === "False",
      );
      return unplaced === undefined
        ? { status: "pending", tone: "working" }
        : {
            status: "unplaced",
            tone: "attention",
            reason: reasonOf("pod-unschedulable", undefined, unplaced.message),
          };
    }
  }
}

async function decisionOn(
  needed: readonly NeededRight[],
  rights: Rights,
  project: string,
): Promise<ActionDecision> {
  for (const right of needed) {
    const { verb, resource, subresource } = right;
    if (!(await rights.can(right, project)))
      return denied("no-permission", { verb, resource: `${resource}/${subresource}`, project });
  }
  return allowed;
}

export const podKind: ObjectKind<"pod", RawPod> = {
  noun: "pod",
  read: (raw) => {
    const { metadata, spec, status } = raw;
    const owner = metadata?.ownerReferences?.find((one) => one.controller === true);
    const hash = metadata?.labels?.["pod-template-hash"];
    const ownerName = sharedText(owner?.name ?? "");
    const statuses = status?.containerStatuses ?? [];
    return {
      state: stateOf(raw),
      facts: {
        phase: status?.phase ?? "Pending",
        host: sharedText(spec?.nodeName ?? ""),
        ip: sharedText(status?.podIP ?? ""),
        ready: statuses.filter((one) => one.ready === true).length,
        containers: spec?.containers?.length ?? 0,
        restarts: statuses.reduce((sum, one) => sum + (one.restartCount ?? 0), 0),
        ownerKind: sharedText(owner?.kind ?? ""),
        owner: ownerName,
        workload:
          hash !== undefined && ownerName.endsWith(`-${hash}`)
            ? ownerName.slice(0, -hash.length - 1)
            : ownerName,
        machine: sharedText(metadata?.labels?.[clusterLabels.machine] ?? ""),
      },
    };
  },
  sort: {
    host: ({ host }) => host,
    restarts: ({ restarts }) => restarts,
    workload: ({ workload }) => workload,
  },
  fields: {
    host: { kind: "text", match: "equals", get: ({ host }) => host },
    workload: { kind: "text", match: "equals", get: ({ workload }) => workload },
    owner: { kind: "text", match: "equals", get: ({ owner }) => owner },
    machine: { kind: "text", match: "equals", get: ({ machine }) => machine },
    restarts: { kind: "number", parse: Number, get: ({ restarts }) => restarts },
  },
  words: ({ ip, workload }) => [ip, workload].filter((word) => word !== ""),
  detail: async (raw, _related, rights) => {
    const project = raw.metadata?.namespace ?? "";
    return {
      containers: containersOf(raw),
      conditions: conditionsOf(raw.status?.conditions),
      serviceAccount: raw.spec?.serviceAccountName ?? "default",
      restartPolicy: raw.spec?.restartPolicy ?? "Always",
      qosClass: raw.status?.qosClass ?? "",
      message: raw.status?.message ?? "",
      readLog: await decisionOn([readLogRight], rights, project),
      openShell:
        raw.status?.phase === "Running"
          ? await decisionOn(openShellRights, rights, project)
          : denied("pod-not-running"),
      shellWarning: shellWarning(raw.metadata?.labels),
    };
  },
  notes: ({ metadata }) =>
    isLauncher(metadata?.labels)
      ? [reasonOf("pod-carries-machine", { name: metadata?.labels?.[clusterLabels.machine] ?? "" })]
      : [],
  mayDelete: ({ facts }) =>
    facts.ownerKind === "VirtualMachineInstance"
      ? denied("pod-carries-machine", { name: facts.machine })
      : allowed,
};
