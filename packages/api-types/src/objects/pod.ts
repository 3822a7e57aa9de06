/** Pod of Kubernetes: containers that run together on one host. */
import { z } from "zod";
import { condition } from "../conditions.ts";
import { actionDecision, reason } from "../reason.ts";

export const podContainer = z.object({
  name: z.string(),
  image: z.string(),
  /** `sidecar` begins before the others and stays. */
  role: z.enum(["main", "init", "sidecar"]),
  /** `waiting`, `running` or `terminated`, or '' before the host told. */
  state: z.enum(["waiting", "running", "terminated", ""]),
  /** The host's own word, e.g. CrashLoopBackOff or Completed. */
  stateReason: z.string(),
  message: z.string(),
  exitCode: z.number().int().nullable(),
  ready: z.boolean(),
  restarts: z.number().int(),
  startedAt: z.string(),
  /** It ended once before, so that there is a log of that. */
  hasPrevious: z.boolean(),
});
export type PodContainer = z.infer<typeof podContainer>;

export const pod = {
  facts: z.object({
    phase: z.string(),
    host: z.string(),
    ip: z.string(),
    ready: z.number().int(),
    containers: z.number().int(),
    restarts: z.number().int(),
    /** What made it, e.g. `ReplicaSet` and its name; '' for a pod of its own. */
    ownerKind: z.string(),
    owner: z.string(),
    /** The Deployment behind a ReplicaSet, else the owner's name. */
    workload: z.string(),
    /** The machine that it carries, or ''. */
    machine: z.string(),
  }),
  detail: z.object({
    containers: z.array(podContainer),
    conditions: z.array(condition),
    serviceAccount: z.string(),
    restartPolicy: z.string(),
    qosClass: z.string(),
    message: z.string(),
    readLog: actionDecision,
    openShell: actionDecision,
    /** Why a shell in this pod is dangerous and must be confirmed; null where it is not. */
    shellWarning: reason.nullable(),
  }),
  spec: null,
};
