/** Workloads of Kubernetes that keep a number of pods alike: Deployment, StatefulSet, DaemonSet. */
import { z } from "zod";
import { condition } from "../conditions.ts";
import { actionDecision } from "../reason.ts";

const facts = z.object({
  /** Pods that should be there. */
  desired: z.number().int(),
  ready: z.number().int(),
  /** Of the newest template. */
  updated: z.number().int(),
  available: z.number().int(),
  images: z.array(z.string()),
  /** A rollout of a Deployment that somebody halted. */
  paused: z.boolean(),
});

const detail = z.object({
  selector: z.record(z.string(), z.string()),
  strategy: z.string(),
  containers: z.array(z.object({ name: z.string(), image: z.string(), cpu: z.string(), memory: z.string() })),
  conditions: z.array(condition),
  /** Deeds of the kind; one that it does not know is absent. */
  deeds: z.object({
    scale: actionDecision.optional(),
    restart: actionDecision.optional(),
    suspend: actionDecision.optional(),
    resume: actionDecision.optional(),
    run: actionDecision.optional(),
  }),
});
export type WorkloadDeeds = z.infer<typeof detail>["deeds"];

const workload = { facts, detail, spec: null };
export const deployment = workload;
export const statefulSet = workload;
export const daemonSet = workload;

export const job = {
  facts: z.object({
    completions: z.number().int(),
    succeeded: z.number().int(),
    active: z.number().int(),
    failed: z.number().int(),
    startedAt: z.string(),
    finishedAt: z.string(),
    owner: z.string(),
    suspended: z.boolean(),
  }),
  detail,
  spec: null,
};

export const cronJob = {
  facts: z.object({
    schedule: z.string(),
    timeZone: z.string(),
    suspended: z.boolean(),
    active: z.number().int(),
    lastAt: z.string(),
  }),
  detail,
  spec: null,
};
