/** What the platform is made of and how it is, read as the caller; what cannot be read is said, part by part. */
import type { PlatformPart, PlatformStatus } from "@kubev/api-types/platform-status";
import type { Reason } from "@kubev/api-types/reason";
import {
  imageVersion,
  kubeOvnPart,
  missingPart,
  operandPart,
  ovnHealth,
  partOf,
  plainPart,
  workloadOf,
} from "../domain/platform-parts.ts";
import type { RawOperand, RawPlatformPod, RawWorkload } from "../domain/platform-parts.ts";
import { hostRights } from "../domain/host-state.ts";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { beside } from "../kube/beside.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { collectionPath, kubePath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

const timeoutMs = 8000;

interface List<T> {
  items?: T[];
}

function why(error: unknown, component: string): Reason {
  if (error instanceof KubeError && error.status === 404) return reasonOf("component-absent", { component });
  const text = error instanceof Error ? error.message : undefined;
  return error instanceof KubeError && error.status === 403
    ? reasonOf("component-forbidden", { component }, text)
    : reasonOf("component-failing", { component }, text);
}

async function operand(caller: Caller, name: string, type: ResourceType): Promise<PlatformPart> {
  try {
    const { items } = await caller.client.json<List<RawOperand>>(collectionPath(type), beside);
    const found = items?.[0];
    return found === undefined
      ? missingPart(name, "off", reasonOf("component-absent", { component: name }))
      : operandPart(name, found);
  } catch (error) {
    const reason = why(error, name);
    return missingPart(name, reason.code === "component-failing" ? "error" : "off", reason);
  }
}

async function kubernetes(caller: Caller): Promise<PlatformPart> {
  try {
    const version = await caller.client.json<{ gitVersion?: string }>(kubePath("version"), { timeoutMs });
    return plainPart("Kubernetes", version.gitVersion ?? "");
  } catch (error) {
    return missingPart("Kubernetes", "error", why(error, "Kubernetes"));
  }
}

interface Workloads {
  list: PlatformStatus["workloads"];
  kubeOvnVersion: string;
  reason: Reason | null;
}

async function workloads(caller: Caller): Promise<Workloads> {
  try {
    const [deployments, daemonSets] = await Promise.all(
      [types.deployment, types.daemonSet].map(async (type) =>
        caller.client.json<List<RawWorkload>>(collectionPath(type), beside),
      ),
    );
    const controller = deployments?.items?.find(
      (raw) => partOf(raw) === "Kube-OVN" && raw.metadata?.name === "kube-ovn-controller",
    );
    return {
      list: [
        ...(deployments?.items ?? []).map((raw) => workloadOf("Deployment", raw)),
        ...(daemonSets?.items ?? []).map((raw) => workloadOf("DaemonSet", raw)),
      ]
        .filter((one) => one !== null)
        .toSorted((a, b) => a.part.localeCompare(b.part) || a.name.localeCompare(b.name)),
      kubeOvnVersion: imageVersion(controller),
      reason: null,
    };
  } catch (error) {
    return { list: [], kubeOvnVersion: "", reason: why(error, "Kubernetes") };
  }
}

async function ovn(caller: Caller, hosts: readonly string[]): Promise<PlatformStatus["ovn"]> {
  try {
    const { items } = await caller.client.json<List<RawPlatformPod>>(collectionPath(types.pod), {
      query: { labelSelector: "app in (ovn-central,kube-ovn-controller,ovs,kube-ovn-cni)" },
      timeoutMs,
    });
    return ovnHealth(items ?? [], hosts);
  } catch (error) {
    return { databases: [], members: [], controllers: [], hosts: [], reason: why(error, "Kube-OVN") };
  }
}

export function platformOperations(services: Services) {
  const { nouns, inventory, capabilities, config } = services;
  return {
    getPlatformStatus: {
      access: "session",
      handle: async ({ caller }): Promise<PlatformStatus> => {
        if (!(await caller.rights.can(hostRights.list, "")))
          throw new ApiProblem("forbidden", {
            reason: reasonOf("no-permission", { verb: "list", resource: "nodes" }),
          });
        nouns.hosts.flush();
        const hosts = [...nouns.hosts.index.values()]
          .map(({ host }) => host.name)
          .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
        const { subnets } = inventory.feeds;
        const [kube, kubeVirt, cdi, made, network, optional] = await Promise.all([
          kubernetes(caller),
          operand(caller, "KubeVirt", types.kubeVirt),
          operand(caller, "CDI", types.cdi),
          workloads(caller),
          ovn(caller, hosts),
          capabilities.optionalParts(),
        ]);
        const kubeOvn =
          subnets.state === "absent"
            ? missingPart("Kube-OVN", "off", reasonOf("component-absent", { component: "Kube-OVN" }))
            : subnets.state === "failing"
              ? missingPart(
                  "Kube-OVN",
                  "error",
                  reasonOf("component-failing", { component: "Kube-OVN" }, subnets.failure),
                )
              : kubeOvnPart(made.list, made.kubeOvnVersion);
        return {
          parts: [
            kube,
            kubeVirt,
            cdi,
            kubeOvn,
            ...optional.map(({ name, component }) =>
              component.reason === undefined
                ? plainPart(name, component.version ?? "")
                : missingPart(name, component.state === "failing" ? "error" : "off", component.reason),
            ),
            ...(config.prometheus === null
              ? [missingPart("Prometheus", "off", reasonOf("prometheus-not-configured"))]
              : [plainPart("Prometheus", "")]),
          ],
          workloads: made.list,
          ...(made.reason === null ? {} : { workloadsReason: made.reason }),
          ovn: network,
        };
      },
    },
  } satisfies Partial<Operations>;
}
