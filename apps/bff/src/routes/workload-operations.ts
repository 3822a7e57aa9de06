/** The deeds of workloads: each is one write that kubectl would make too. */
import { objectCatalog } from "@kubev/api-types/object-catalog";
import type { WorkloadAction } from "@kubev/api-types/workloads";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { Caller } from "../identity/callers.ts";
import { recordKey } from "../inventory/feed-table.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { type DeedNoun, deedsOf } from "../objects/kinds/workload.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

/** kubectl's own mark of a restart; a changed template makes new pods. */
const restartedAt = "kubectl.kubernetes.io/restartedAt";
/** Kubernetes holds names of jobs to what fits into a label. */
const longestJobName = 63;

interface RawCronJob {
  metadata?: { uid?: string };
  spec?: { jobTemplate?: { metadata?: Record<string, unknown>; spec?: Record<string, unknown> } };
}

/** What a deed writes: a patch of the object or of its scale. */
function patchOf(noun: DeedNoun, action: WorkloadAction, nowIso: string): Record<string, unknown> | null {
  const halted = noun === "deployment" ? "paused" : "suspend";
  switch (action.deed) {
    case "scale":
      return { spec: { replicas: action.replicas } };
    case "restart":
      return { spec: { template: { metadata: { annotations: { [restartedAt]: nowIso } } } } };
    case "suspend":
      return { spec: { [halted]: true } };
    case "resume":
      return { spec: { [halted]: false } };
    case "run":
      return null;
  }
}

const deedsOfNoun: Readonly<Record<DeedNoun, readonly WorkloadAction["deed"][]>> = {
  deployment: ["scale", "restart", "suspend", "resume"],
  "stateful-set": ["scale", "restart"],
  "daemon-set": ["restart"],
  job: ["suspend", "resume"],
  "cron-job": ["suspend", "resume", "run"],
};

export function workloadOperations({ nouns, clock }: Services) {
  const { catalogue } = nouns;

  async function requireVisible(caller: Caller, noun: DeedNoun, project: string, name: string) {
    const entry = await visibleEntry(catalogue[noun].list, caller.rights, recordKey(project, name));
    if (entry === undefined) throw notFound();
  }

  /** Begins a job as the schedule would, marked as made by hand, as kubectl marks it. */
  async function runNow(caller: Caller, project: string, name: string) {
    const { type } = catalogue["cron-job"];
    const cronJob = await caller.client.json<RawCronJob>(objectPath(type, name, project));
    const template = cronJob.spec?.jobTemplate ?? {};
    const suffix = `-${Math.floor(clock.nowMs() / 1000).toString(36)}`;
    await caller.client.json(collectionPath(catalogue.job.type, project), {
      method: "POST",
      body: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: {
          ...template.metadata,
          name: `${name.slice(0, longestJobName - suffix.length)}${suffix}`,
          namespace: project,
          annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
          ownerReferences: [
            { apiVersion: "batch/v1", kind: "CronJob", name, uid: cronJob.metadata?.uid, controller: true },
          ],
        },
        spec: template.spec,
      },
    });
  }

  return {
    actOnWorkload: {
      access: "session",
      audit: ({ params: { noun, project, name }, body }) => ({
        action: body.deed,
        noun,
        project,
        name,
        diff: body.deed === "scale" ? [{ path: "/spec/replicas", new: body.replicas }] : [],
      }),
      handle: async ({ caller, params: { noun, project, name }, body }) => {
        await requireVisible(caller, noun, project, name);
        if (!deedsOfNoun[noun].includes(body.deed))
          throw new ApiProblem("bad-request", {
            reason: reasonOf("workload-cannot", { kind: objectCatalog[noun].kind }),
          });
        const decision = (await deedsOf(noun, project, caller.rights, { [body.deed]: { allowed: true } }))[
          body.deed
        ];
        if (decision?.allowed === false) throw new ApiProblem("forbidden", { reason: decision.reason });
        const patch = patchOf(noun, body, new Date(clock.nowMs()).toISOString());
        if (patch === null) await runNow(caller, project, name);
        else
          await caller.client.json(
            body.deed === "scale"
              ? objectPath(catalogue[noun].type, name, project, "scale")
              : objectPath(catalogue[noun].type, name, project),
            { method: "PATCH", contentType: "application/merge-patch+json", body: patch },
          );
        return null;
      },
    },
  } satisfies Partial<Operations>;
}
