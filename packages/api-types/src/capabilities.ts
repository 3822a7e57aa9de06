/** What is installed on the cluster. A missing part explains its pages and breaks nothing else. */
import { z } from "zod";
import { reason } from "./reason.ts";

/** `absent`: its API is not served. `forbidden`: served, but this console may not look. `failing`: served, unhealthy. */
export const componentState = z.enum(["present", "absent", "forbidden", "failing"]);

export const component = z.object({
  state: componentState,
  version: z.string().optional(),
  reason: reason.optional(),
});
export type Component = z.infer<typeof component>;

export const feedHealth = z.object({
  /** Plural resource and group, e.g. `virtualmachines.kubevirt.io`. */
  resource: z.string(),
  state: z.enum(["live", "syncing", "stale", "absent", "forbidden", "failing"]),
  staleSince: z.string().nullable(),
  objects: z.number().int(),
  /** `cluster`, or the projects this feed is limited to. */
  scope: z.union([z.literal("cluster"), z.array(z.string())]),
});
export type FeedHealth = z.infer<typeof feedHealth>;

export const capabilitiesReply = z.object({
  kubernetes: component,
  kubevirt: component.extend({ featureGates: z.array(z.string()) }),
  kubeOvn: component,
  cdi: component,
  snapshots: component,
  metrics: component,
  prometheus: component,
  /** How machines run: an embedded cluster says which hypervisor its guests get. */
  machines: z.enum(["kvm", "tcg", "stand-in", "cluster"]),
  /** The project whose images every project may use; absent when the operator named none. */
  sharedImagesProject: z.string().optional(),
  /** Largest upload taken, in bytes. */
  maxUploadBytes: z.number().int(),
  feeds: z.array(feedHealth),
  /** What the console does without while its own database does not answer; empty while it does. */
  database: z.array(reason),
});
export type CapabilitiesReply = z.infer<typeof capabilitiesReply>;
