/** Deployments, StatefulSets and DaemonSets: how many pods there are and should be. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { objectCatalog } from "@kubev/api-types/object-catalog";
import type { WorkloadDeeds } from "@kubev/api-types/objects/workload";
import type { ActionDecision } from "@kubev/api-types/reason";
import type { Rights } from "../../access/rights.ts";
import { allowed, denied, reasonOf } from "../../domain/reasons.ts";
import { conditionsOf, type RawCondition } from "../../domain/conditions.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";

interface RawTemplateContainer {
  name?: string;
  image?: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
}

export interface RawTemplate {
  spec?: { containers?: RawTemplateContainer[] };
}

type RawWorkload = RawObject<
  {
    replicas: number;
    paused: boolean;
    selector: { matchLabels?: Record<string, string> };
    template: RawTemplate;
    strategy: { type?: string };
    updateStrategy: { type?: string };
  },
  {
    replicas: number;
    readyReplicas: number;
    updatedReplicas: number;
    availableReplicas: number;
    desiredNumberScheduled: number;
    numberReady: number;
    updatedNumberScheduled: number;
    numberAvailable: number;
    conditions: RawCondition[];
  }
>;

type WorkloadNoun = Extract<ObjectNoun, "deployment" | "stateful-set" | "daemon-set">;

export function containersOfTemplate(template: RawTemplate | undefined) {
  return (template?.spec?.containers ?? []).map(({ name, image, resources }) => ({
    name: name ?? "",
    image: image ?? "",
    cpu: resources?.requests?.["cpu"] ?? resources?.limits?.["cpu"] ?? "",
    memory: resources?.requests?.["memory"] ?? resources?.limits?.["memory"] ?? "",
  }));
}

export type WorkloadDeed = keyof WorkloadDeeds;
export type DeedNoun = WorkloadNoun | "job" | "cron-job";

/** What the deed writes, and so the right that it needs. */
function rightOf(noun: DeedNoun, deed: WorkloadDeed) {
  const { group, resource } = objectCatalog[noun];
  if (deed === "scale") return { verb: "patch", group, resource, subresource: "scale" };
  if (deed === "run") return { verb: "create", group, resource: "jobs", subresource: "" };
  return { verb: "patch", group, resource, subresource: "" };
}

/** One decision per deed that the kind knows; `states` holds what its state refuses. */
export async function deedsOf(
  noun: DeedNoun,
  project: string,
  rights: Rights,
  states: Partial<Record<WorkloadDeed, ActionDecision>>,
): Promise<WorkloadDeeds> {
  const deeds: WorkloadDeeds = {};
  for (const deed of Object.keys(states) as WorkloadDeed[]) {
    const right = rightOf(noun, deed);
    const may = await rights.can(right, project);
    const resource = right.subresource === "" ? right.resource : `${right.resource}/${right.subresource}`;
    deeds[deed] = may
      ? (states[deed] ?? allowed)
      : denied("no-permission", { verb: right.verb, resource, project });
  }
  return deeds;
}

function workloadKind(noun: WorkloadNoun): ObjectKind<WorkloadNoun, RawWorkload> {
  return {
    noun,
    read: ({ spec, status }) => {
      const daemon = noun === "daemon-set";
      const facts = {
        desired: daemon ? (status?.desiredNumberScheduled ?? 0) : (spec?.replicas ?? 1),
        ready: (daemon ? status?.numberReady : status?.readyReplicas) ?? 0,
        updated: (daemon ? status?.updatedNumberScheduled : status?.updatedReplicas) ?? 0,
        available: (daemon ? status?.numberAvailable : status?.availableReplicas) ?? 0,
        images: containersOfTemplate(spec?.template).map(({ image }) => image),
        paused: spec?.paused === true,
      };
      const stuck = status?.conditions?.find(
        ({ type, status: value }) =>
          (type === "Progressing" && value === "False") || (type === "ReplicaFailure" && value === "True"),
      );
      if (stuck !== undefined)
        return {
          state: {
            status: "failing",
            tone: "error",
            reason: reasonOf("workload-stuck", { why: stuck.reason ?? "" }, stuck.message),
          },
          facts,
        };
      if (facts.desired === 0 && !daemon) return { state: { status: "scaled-to-zero", tone: "off" }, facts };
      if (facts.ready < facts.desired) return { state: { status: "not-ready", tone: "attention" }, facts };
      return {
        state: facts.updated < facts.desired ? { status: "rolling-out", tone: "working" } : present,
        facts,
      };
    },
    sort: { ready: ({ ready }) => ready, desired: ({ desired }) => desired },
    fields: { ready: { kind: "number", parse: Number, get: ({ ready }) => ready } },
    words: ({ images }) => images,
    detail: async ({ metadata, spec, status }, _related, rights) => ({
      selector: spec?.selector?.matchLabels ?? {},
      strategy: spec?.strategy?.type ?? spec?.updateStrategy?.type ?? "RollingUpdate",
      containers: containersOfTemplate(spec?.template),
      conditions: conditionsOf(status?.conditions),
      deeds: await deedsOf(noun, metadata?.namespace ?? "", rights, {
        ...(noun === "daemon-set" ? {} : { scale: allowed }),
        restart: allowed,
        ...(noun !== "deployment" ? {} : spec?.paused === true ? { resume: allowed } : { suspend: allowed }),
      }),
    }),
  };
}

export const deploymentKind = workloadKind("deployment") as ObjectKind<"deployment", RawWorkload>;
export const statefulSetKind = workloadKind("stateful-set") as ObjectKind<"stateful-set", RawWorkload>;
export const daemonSetKind = workloadKind("daemon-set") as ObjectKind<"daemon-set", RawWorkload>;
