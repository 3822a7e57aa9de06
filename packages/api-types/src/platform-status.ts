/** What the platform is made of, in which version, and how each part is. */
import { z } from "zod";
import { condition } from "./conditions.ts";
import { reason, tone } from "./reason.ts";

export const platformPart = z.object({
  name: z.string(),
  tone,
  /** KubeVirt's and CDI's own word, e.g. Deployed; '' where there is none. */
  phase: z.string(),
  version: z.string(),
  /** Where an update is under way, the version that it leads to; else ''. */
  targetVersion: z.string(),
  conditions: z.array(condition),
  featureGates: z.array(z.string()),
  disabledFeatureGates: z.array(z.string()),
  reason: reason.optional(),
});
export type PlatformPart = z.infer<typeof platformPart>;

export const platformWorkload = z.object({
  part: z.string(),
  project: z.string(),
  kind: z.enum(["Deployment", "DaemonSet"]),
  name: z.string(),
  ready: z.number().int(),
  desired: z.number().int(),
  tone,
});
export type PlatformWorkload = z.infer<typeof platformWorkload>;

const pod = z.object({ name: z.string(), host: z.string(), ready: z.boolean() });

export const platformStatus = z.object({
  parts: z.array(platformPart),
  workloads: z.array(platformWorkload),
  /** Why workloads are not told; absent where they are. */
  workloadsReason: reason.optional(),
  ovn: z.object({
    /** Of ovn-central: `leader` is the pod that bears the leader's label, '' where none does. */
    databases: z.array(
      z.object({ name: z.enum(["northbound", "southbound", "northd"]), leader: z.string() }),
    ),
    members: z.array(pod),
    controllers: z.array(pod),
    /** Every host with its Open vSwitch and its CNI pod; null where it has none. */
    hosts: z.array(z.object({ host: z.string(), ovs: pod.nullable(), cni: pod.nullable() })),
    reason: reason.optional(),
  }),
});
export type PlatformStatus = z.infer<typeof platformStatus>;
