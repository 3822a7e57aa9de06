/** Deployments, ReplicaSets, StatefulSets and DaemonSets in small: pods as many as asked for, new ones before old ones go. */
import { randomSuffix } from "../store/random-suffix.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { ControllerContext } from "./controller.ts";
import { withCondition } from "./conditions.ts";
import type { Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import type { Indexes } from "./indexes.ts";
import {
  claimKind,
  daemonSetKind,
  deploymentKind,
  type Kind,
  nodeKind,
  podKind,
  replicaSetKind,
  statefulSetKind,
} from "./kinds.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { controllerOf, createPod, isPodReady, livingPods, templateHash } from "./workload-pods.ts";
import type { Deployment, PodTemplate, ReplicaSet, StatefulSet } from "./workload-shapes.ts";

const hashLabel = "pod-template-hash";
const revisionLabel = "controller-revision-hash";

/** Without the label that the Deployment itself puts on. */
function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  const plain = (template: PodTemplate) => {
    const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
    return JSON.stringify({ ...template, metadata: { ...template.metadata, labels } });
  };
  return plain(a) === plain(b);
}

export class WorkloadController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;

  constructor(context: ControllerContext, store: TypedStore, events: EventRecorder, indexes: Indexes) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
  }

  reconcileDeployment(namespace: string | undefined, name: string): void {
    const deployment = this.#store.get(deploymentKind, namespace, name);
    if (!deployment || deployment.metadata.deletionTimestamp !== undefined) return;
    const owned = this.#store
      .list(replicaSetKind, namespace)
      .filter((one) => one.metadata.ownerReferences?.some((owner) => owner.uid === deployment.metadata.uid));
    const current = owned.find((one) => sameTemplate(one.spec.template, deployment.spec.template));
    const desired = deployment.spec.replicas ?? 1;
    if (deployment.spec.paused !== true) {
      if (current === undefined) {
        this.#newReplicaSet(deployment, owned.length + 1, desired);
        return; // woken by its change
      }
      const ready = livingPods(this.#indexes, current).filter(isPodReady).length;
      this.#scale(current, desired);
      for (const old of owned) if (old !== current) this.#scale(old, Math.max(0, desired - ready));
    }
    const pods = owned.flatMap((one) => livingPods(this.#indexes, one));
    const ready = pods.filter(isPodReady).length;
    const now = timestamp(this.#context.clock.now());
    const enough = ready >= desired;
    this.#status(deploymentKind, deployment, () => ({
      observedGeneration: deployment.metadata.generation,
      replicas: pods.length,
      updatedReplicas: current === undefined ? 0 : livingPods(this.#indexes, current).length,
      readyReplicas: ready,
      availableReplicas: ready,
      unavailableReplicas: Math.max(0, desired - ready),
      conditions: withCondition(
        deployment.status?.conditions,
        {
          type: "Available",
          status: enough ? "True" : "False",
          reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
          message: `Deployment ${enough ? "has" : "does not have"} minimum availability.`,
        },
        now,
      ),
    }));
  }

  #newReplicaSet(deployment: Deployment, revision: number, replicas: number): void {
    const { namespace, name } = deployment.metadata;
    const hash = templateHash(deployment.spec.template);
    const labels = { ...deployment.spec.template.metadata?.labels, [hashLabel]: hash };
    this.#store.create(replicaSetKind, {
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace !== undefined && { namespace }),
        labels,
        annotations: { "deployment.kubernetes.io/revision": String(revision) },
        ownerReferences: [controllerOf(deployment)],
      },
      spec: {
        replicas,
        selector: { matchLabels: { ...deployment.spec.selector?.matchLabels, [hashLabel]: hash } },
        template: {
          ...deployment.spec.template,
          metadata: { ...deployment.spec.template.metadata, labels },
        },
      },
    });
    this.#events.record(
      deployment,
      "Normal",
      "ScalingReplicaSet",
      `Scaled up replica set ${name}-${hash} from 0 to ${replicas}`,
    );
  }

  #scale(set: ReplicaSet, replicas: number): void {
    if ((set.spec.replicas ?? 1) === replicas) return;
    this.#store.modifyObject(replicaSetKind, set, (one) => ({ ...one, spec: { ...one.spec, replicas } }));
  }

  reconcileReplicaSet(namespace: string | undefined, name: string): void {
    const set = this.#store.get(replicaSetKind, namespace, name);
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const pods = livingPods(this.#indexes, set);
    const desired = set.spec.replicas ?? 1;
    for (let missing = desired - pods.length; missing > 0; missing -= 1) {
      const podName = `${name}-${randomSuffix(this.#context.random)}`;
      createPod(this.#store, set, set.spec.template, { name: podName });
      this.#events.record(set, "Normal", "SuccessfulCreate", `Created pod: ${podName}`);
    }
    const spare = pods
      .toSorted((a, b) => Number(isPodReady(a)) - Number(isPodReady(b)))
      .slice(0, Math.max(0, pods.length - desired));
    for (const pod of spare) this.#remove(set, pod);
    const ready = pods.filter(isPodReady).length;
    this.#status(replicaSetKind, set, () => ({
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      fullyLabeledReplicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
    }));
  }

  reconcileStatefulSet(namespace: string | undefined, name: string): void {
    const set = this.#store.get(statefulSetKind, namespace, name);
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const hash = templateHash(set.spec.template);
    const pods = livingPods(this.#indexes, set);
    const desired = set.spec.replicas ?? 1;
    const ordinals = Array.from({ length: desired }, (_, index) => `${name}-${index}`);
    const at = (pod: string) => pods.find((one) => one.metadata.name === pod);
    // in turn: the next one begins when those before are ready, and the last is replaced first
    const next = ordinals.find((one) => {
      const pod = at(one);
      return pod === undefined || !isPodReady(pod);
    });
    if (next !== undefined && at(next) === undefined && !this.#store.get(podKind, namespace, next)) {
      this.#claimsOf(set, next);
      createPod(this.#store, set, set.spec.template, {
        name: next,
        labels: { [revisionLabel]: `${name}-${hash}`, "statefulset.kubernetes.io/pod-name": next },
        volumes: (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
          name: metadata.name,
          persistentVolumeClaim: { claimName: `${metadata.name}-${next}` },
        })),
      });
      this.#events.record(
        set,
        "Normal",
        "SuccessfulCreate",
        `create Pod ${next} in StatefulSet ${name} successful`,
      );
    }
    const isNew = (pod: Pod) => pod.metadata.labels?.[revisionLabel] === `${name}-${hash}`;
    const spare = pods.find((pod) => !ordinals.includes(pod.metadata.name));
    const outdated = next === undefined ? pods.findLast((pod) => !isNew(pod)) : undefined;
    const leaving = spare ?? outdated;
    if (leaving !== undefined) this.#remove(set, leaving);
    const ready = pods.filter(isPodReady).length;
    this.#status(statefulSetKind, set, () => ({
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: pods.length,
      updatedReplicas: pods.filter(isNew).length,
      updateRevision: `${name}-${hash}`,
    }));
  }

  #claimsOf(set: StatefulSet, pod: string): void {
    const { namespace } = set.metadata;
    for (const { metadata, spec } of set.spec.volumeClaimTemplates ?? []) {
      const name = `${metadata.name}-${pod}`;
      if (this.#store.get(claimKind, namespace, name)) continue;
      this.#store.create(claimKind, {
        metadata: { name, ...(namespace !== undefined && { namespace }) },
        spec,
        status: { phase: "Pending" },
      });
    }
  }

  reconcileDaemonSet(namespace: string | undefined, name: string): void {
    const set = this.#store.get(daemonSetKind, namespace, name);
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const hash = templateHash(set.spec.template);
    const { nodeSelector = {}, tolerations = [] } = set.spec.template.spec;
    const hosts = this.#store
      .list(nodeKind)
      .filter(
        ({ metadata, spec }) =>
          Object.entries(nodeSelector).every(([key, value]) => metadata.labels?.[key] === value) &&
          (spec.taints ?? []).every(
            (taint) =>
              taint.effect === "PreferNoSchedule" ||
              taint.key === "node.kubernetes.io/unschedulable" ||
              tolerations.some(({ key }) => key === undefined || key === taint.key),
          ),
      )
      .map(({ metadata }) => metadata.name);
    const pods = livingPods(this.#indexes, set);
    for (const nodeName of hosts)
      if (!pods.some((pod) => pod.spec.nodeName === nodeName))
        createPod(this.#store, set, set.spec.template, {
          name: `${name}-${randomSuffix(this.#context.random)}`,
          nodeName,
          labels: { [revisionLabel]: hash },
        });
    const isNew = (pod: Pod) => pod.metadata.labels?.[revisionLabel] === hash;
    const misplaced = pods.filter((pod) => !hosts.includes(pod.spec.nodeName ?? ""));
    const outdated = pods.every(isPodReady) ? pods.filter((pod) => !isNew(pod)).slice(0, 1) : [];
    for (const pod of new Set([...misplaced, ...outdated])) this.#remove(set, pod);
    const ready = pods.filter(isPodReady).length;
    this.#status(daemonSetKind, set, () => ({
      observedGeneration: set.metadata.generation,
      desiredNumberScheduled: hosts.length,
      currentNumberScheduled: pods.length - misplaced.length,
      updatedNumberScheduled: pods.filter(isNew).length,
      numberReady: ready,
      numberAvailable: ready,
      numberMisscheduled: misplaced.length,
    }));
  }

  #remove(owner: KubeObject, pod: Pod): void {
    this.#store.delete(podKind, pod, { gracePeriodSeconds: pod.spec.terminationGracePeriodSeconds ?? 30 });
    this.#events.record(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
  }

  /** Written only when it says something else, so that nobody is woken for nothing. */
  #status(
    kind: Kind<KubeObject & { status?: Record<string, unknown> }>,
    object: KubeObject & { status?: Record<string, unknown> },
    make: () => Record<string, unknown>,
  ): void {
    const status = make();
    if (JSON.stringify(object.status) === JSON.stringify(status)) return;
    this.#store.modifyObject(kind, object, (one) => ({ ...one, status }));
  }
}
