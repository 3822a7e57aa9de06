/** What the controllers of workloads share: pods made of a template, and which of them count. */
import { createHash } from "node:crypto";
import type { KubeObject } from "../store/kube-object.ts";
import type { Pod } from "./core-shapes.ts";
import type { Indexes } from "./indexes.ts";
import { podKind } from "./kinds.ts";
import { isPodOver } from "./node-requests.ts";
import type { TypedStore } from "./typed-store.ts";
import type { PodTemplate } from "./workload-shapes.ts";

/** Names a template, as `pod-template-hash` does; the same template has the same. */
export function templateHash(template: PodTemplate): string {
  return createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 9);
}

export const controllerOf = (object: KubeObject) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  uid: object.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** Pods of this owner that live and are not on their way out. */
export function livingPods(indexes: Indexes, owner: KubeObject): Pod[] {
  return indexes.podsByOwner
    .get(owner.metadata.uid)
    .filter((pod) => pod.metadata.deletionTimestamp === undefined && !isPodOver(pod));
}

export function isPodReady(pod: Pod): boolean {
  return (
    pod.status?.phase === "Running" &&
    pod.status.conditions?.find((one) => one.type === "Ready")?.status === "True"
  );
}

interface NewPod {
  name: string;
  labels?: Record<string, string>;
  /** Put on this host without the scheduler, as daemon pods are. */
  nodeName?: string;
  volumes?: Pod["spec"]["volumes"];
}

export function createPod(store: TypedStore, owner: KubeObject, template: PodTemplate, made: NewPod): void {
  const { namespace } = owner.metadata;
  store.create(podKind, {
    metadata: {
      name: made.name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...template.metadata?.labels, ...made.labels },
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ownerReferences: [controllerOf(owner)],
    },
    spec: {
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      serviceAccountName: "default",
      schedulerName: "default-scheduler",
      ...template.spec,
      ...(made.nodeName !== undefined && { nodeName: made.nodeName }),
      ...(made.volumes && { volumes: [...(template.spec.volumes ?? []), ...made.volumes] }),
    },
    status: { phase: "Pending" },
  });
}
