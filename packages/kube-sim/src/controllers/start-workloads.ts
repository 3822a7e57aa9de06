/** Wires the controllers of containers' workloads, and of the services before them and before machines. The platform's own stay as their operators left them. */
import type { KubeObject } from "../store/kube-object.ts";
import { reconcileEndpoints, serviceKind } from "./endpoints-controller.ts";
import { JobController } from "./job-controller.ts";
import {
  daemonSetKind,
  deploymentKind,
  jobKind,
  type Kind,
  podKind,
  replicaSetKind,
  statefulSetKind,
} from "./kinds.ts";
import type { Wake, Wiring } from "./start-machine-extras.ts";
import { WorkloadController } from "./workload-controller.ts";

/** Scenarios say how the platform's own workloads are, tests break them; nobody mends them here. */
const platform = new Set(["kube-system", "kubevirt", "cdi"]);

const settleMs = 50;

const keyOf = (kind: Kind<KubeObject>) => `${kind.group}/${kind.resource}`;

export function startWorkloads({ context, storeOf, eventsOf, indexes, reconciler }: Wiring): Wake {
  const store = storeOf("kube-controller-manager");
  const workloads = new WorkloadController(context, store, eventsOf("deployment-controller"), indexes);
  const deployments = reconciler("deployment-controller", (namespace, name) =>
    workloads.reconcileDeployment(namespace, name),
  );
  const replicaSets = reconciler("replicaset-controller", (namespace, name) =>
    workloads.reconcileReplicaSet(namespace, name),
  );
  const statefulSets = reconciler("statefulset-controller", (namespace, name) =>
    workloads.reconcileStatefulSet(namespace, name),
  );
  const daemonSets = reconciler("daemonset-controller", (namespace, name) =>
    workloads.reconcileDaemonSet(namespace, name),
  );
  const jobController = new JobController(
    context,
    store,
    eventsOf("job-controller"),
    indexes,
    (job, delayMs) => jobs.enqueueObject(job, delayMs),
  );
  const jobs = reconciler("job-controller", (namespace, name) => jobController.reconcile(namespace, name));
  const endpoints = reconciler("endpoints-controller", (namespace, name) =>
    reconcileEndpoints(store, namespace, name),
  );
  for (const service of store.list(serviceKind)) endpoints.enqueueObject(service);
  /** Pods come and go many at once; a service is looked at once for all that change in that time. */
  const wakeServices = (pod: KubeObject) => {
    for (const { metadata } of store.list(serviceKind, pod.metadata.namespace))
      endpoints.enqueueWithin(metadata.namespace, metadata.name, settleMs);
  };
  const byKind = new Map([
    [deploymentKind.kind, deployments],
    [replicaSetKind.kind, replicaSets],
    [statefulSetKind.kind, statefulSets],
    [daemonSetKind.kind, daemonSets],
    [jobKind.kind, jobs],
  ]);
  const own = (object: KubeObject) => !platform.has(object.metadata.namespace ?? "");
  const wakeOwner = (object: KubeObject) => {
    for (const { kind, name } of object.metadata.ownerReferences ?? [])
      byKind.get(kind)?.enqueue(object.metadata.namespace, name);
  };
  const kinds: readonly Kind<KubeObject>[] = [
    deploymentKind,
    replicaSetKind,
    statefulSetKind,
    daemonSetKind,
    jobKind,
  ];
  for (const kind of kinds)
    for (const object of store.list(kind)) if (own(object)) byKind.get(kind.kind)?.enqueueObject(object);
  const workloadKeys = new Map(kinds.map((kind) => [keyOf(kind), byKind.get(kind.kind)]));
  return (key, object, gone) => {
    if (key === keyOf(serviceKind)) endpoints.enqueueObject(object);
    if (key === keyOf(podKind)) wakeServices(object);
    if (!own(object)) return;
    if (key === keyOf(podKind)) wakeOwner(object);
    const reconcilerOfKind = workloadKeys.get(key);
    if (reconcilerOfKind === undefined) return;
    wakeOwner(object);
    if (!gone) reconcilerOfKind.enqueueObject(object);
  };
}
