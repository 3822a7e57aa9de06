/** The pods that the platform itself is made of: KubeVirt's, CDI's and Kube-OVN's, as their operators leave them. */
import type { NewObject } from "../store/kube-object.ts";
import { seededUid } from "./demo-disk.ts";
import { namespacedObject } from "./scenario-object.ts";

interface Workload {
  namespace: string;
  name: string;
  /** A number of replicas, or one on every host. */
  replicas: number | "every-host";
  labels: Record<string, string>;
  image: string;
  cpu: string;
  memory: string;
  hostNetwork?: boolean;
  /** Labels of the first replica: Kube-OVN marks the leaders of its databases so. */
  leaderLabels?: Record<string, string>;
  /** Holds a disruption budget of this many. */
  minAvailable?: number;
}

const kubeVirt = (name: string, replicas: Workload["replicas"], minAvailable?: number): Workload => ({
  namespace: "kubevirt",
  name,
  replicas,
  labels: { "kubevirt.io": name },
  image: `quay.io/kubevirt/${name}:v1.9.0`,
  cpu: "10m",
  memory: "450Mi",
  ...(minAvailable !== undefined && { minAvailable }),
});

const cdi = (name: string): Workload => ({
  namespace: "cdi",
  name,
  replicas: 1,
  labels: { "cdi.kubevirt.io": name },
  image: `quay.io/kubevirt/${name}:v1.66.0`,
  cpu: "10m",
  memory: "150Mi",
});

const kubeOvn = (
  name: string,
  app: string,
  replicas: Workload["replicas"],
  leaderLabels?: Record<string, string>,
): Workload => ({
  namespace: "kube-system",
  name,
  replicas,
  labels: { app, component: "network" },
  image: "docker.io/kubeovn/kube-ovn:v1.16.0",
  cpu: "200m",
  memory: "200Mi",
  hostNetwork: true,
  ...(leaderLabels !== undefined && { leaderLabels }),
});

const workloads: readonly Workload[] = [
  kubeVirt("virt-operator", 2),
  kubeVirt("virt-api", 2, 1),
  kubeVirt("virt-controller", 2, 1),
  kubeVirt("virt-handler", "every-host"),
  cdi("cdi-operator"),
  cdi("cdi-apiserver"),
  cdi("cdi-deployment"),
  cdi("cdi-uploadproxy"),
  kubeOvn("ovn-central", "ovn-central", 3, {
    "ovn-nb-leader": "true",
    "ovn-sb-leader": "true",
    "ovn-northd-leader": "true",
  }),
  kubeOvn("kube-ovn-controller", "kube-ovn-controller", 1),
  kubeOvn("ovs-ovn", "ovs", "every-host"),
  kubeOvn("kube-ovn-cni", "kube-ovn-cni", "every-host"),
];

const hash = (name: string, length: number): string =>
  seededUid("hash", "system", name).replaceAll("-", "").slice(0, length);

export interface PlacedHost {
  name: string;
  address: string;
}

/** `now` is RFC 3339. The hosts must not be cordoned, else no replica would have been put there. */
export function systemWorkloadObjects(
  hosts: readonly PlacedHost[],
  openHosts: readonly PlacedHost[],
  now: string,
): NewObject[] {
  return workloads.flatMap((workload, index) => {
    const spread = workload.replicas === "every-host" ? hosts : openHosts;
    const count = workload.replicas === "every-host" ? hosts.length : workload.replicas;
    const places = Array.from({ length: count }, (_, replica) => spread[(index + replica) % spread.length]);
    return workloadObjects(
      workload,
      places.filter((place) => place !== undefined),
      now,
    );
  });
}

function workloadObjects(workload: Workload, places: readonly PlacedHost[], now: string): NewObject[] {
  const { namespace, name, labels } = workload;
  const daemon = workload.replicas === "every-host";
  const template = podTemplate(workload);
  const revision = hash(name, 9);
  const selector = { matchLabels: labels };
  const count = places.length;
  const uid = seededUid(daemon ? "daemonset" : "deployment", namespace, name);
  const owner = daemon
    ? { kind: "DaemonSet", name, uid }
    : { kind: "ReplicaSet", name: `${name}-${revision}`, uid: seededUid("replicaset", namespace, name) };
  const available = (type: string) => ({
    type,
    status: "True",
    reason: "MinimumReplicasAvailable",
    message: "Deployment has minimum availability.",
    lastTransitionTime: now,
    lastUpdateTime: now,
  });
  const counts = { replicas: count, readyReplicas: count, availableReplicas: count };
  const owners = daemon
    ? [
        namespacedObject("apps/v1", "DaemonSet", namespace, name, {
          metadata: { uid, labels },
          spec: { selector, template, updateStrategy: { type: "RollingUpdate" } },
          status: {
            observedGeneration: 1,
            currentNumberScheduled: count,
            desiredNumberScheduled: count,
            updatedNumberScheduled: count,
            numberReady: count,
            numberAvailable: count,
            numberMisscheduled: 0,
          },
        }),
      ]
    : [
        namespacedObject("apps/v1", "Deployment", namespace, name, {
          metadata: { uid, labels, annotations: { "deployment.kubernetes.io/revision": "1" } },
          spec: { replicas: count, selector, template },
          status: {
            observedGeneration: 1,
            updatedReplicas: count,
            ...counts,
            conditions: [available("Available")],
          },
        }),
        namespacedObject("apps/v1", "ReplicaSet", namespace, owner.name, {
          metadata: {
            uid: owner.uid,
            labels: { ...labels, "pod-template-hash": revision },
            annotations: { "deployment.kubernetes.io/revision": "1" },
            ownerReferences: [controllerOf("Deployment", name, uid)],
          },
          spec: {
            replicas: count,
            selector: { matchLabels: { ...labels, "pod-template-hash": revision } },
            template: {
              ...template,
              metadata: {
                ...template.metadata,
                labels: { ...template.metadata.labels, "pod-template-hash": revision },
              },
            },
          },
          status: { observedGeneration: 1, fullyLabeledReplicas: count, ...counts },
        }),
      ];
  const pods = places.map((host, index) =>
    podObject(workload, host, `${owner.name}-${hash(`${name}-${index}`, 5)}`, index === 0, now, {
      owner: controllerOf(owner.kind, owner.name, owner.uid),
      revision: daemon ? { "controller-revision-hash": revision } : { "pod-template-hash": revision },
      template,
    }),
  );
  const budget =
    workload.minAvailable === undefined
      ? []
      : [
          namespacedObject("policy/v1", "PodDisruptionBudget", namespace, `${name}-pdb`, {
            spec: { minAvailable: workload.minAvailable, selector },
            status: {
              observedGeneration: 1,
              currentHealthy: count,
              desiredHealthy: workload.minAvailable,
              disruptionsAllowed: Math.max(0, count - workload.minAvailable),
              expectedPods: count,
            },
          }),
        ];
  return [...owners, ...pods, ...budget];
}

const controllerOf = (kind: string, name: string, uid: string) => ({
  apiVersion: "apps/v1",
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

function podTemplate(workload: Workload) {
  const everywhere = workload.replicas === "every-host";
  return {
    metadata: { labels: workload.labels },
    spec: {
      ...(workload.hostNetwork === true && { hostNetwork: true }),
      ...(everywhere && { tolerations: [{ operator: "Exists" }] }),
      serviceAccountName: "default",
      terminationGracePeriodSeconds: 30,
      restartPolicy: "Always",
      containers: [
        {
          name: workload.name,
          image: workload.image,
          resources: { requests: { cpu: workload.cpu, memory: workload.memory } },
        },
      ],
    },
  };
}

function podObject(
  workload: Workload,
  host: PlacedHost,
  name: string,
  leads: boolean,
  now: string,
  parts: {
    owner: ReturnType<typeof controllerOf>;
    revision: Record<string, string>;
    template: ReturnType<typeof podTemplate>;
  },
): NewObject {
  const ready = (type: string) => ({ type, status: "True", lastTransitionTime: now });
  return namespacedObject("v1", "Pod", workload.namespace, name, {
    metadata: {
      labels: { ...workload.labels, ...parts.revision, ...(leads && workload.leaderLabels) },
      ownerReferences: [parts.owner],
    },
    spec: { ...parts.template.spec, nodeName: host.name },
    status: {
      phase: "Running",
      qosClass: "Burstable",
      hostIP: host.address,
      ...(workload.hostNetwork === true && { podIP: host.address, podIPs: [{ ip: host.address }] }),
      startTime: now,
      conditions: [
        "PodScheduled",
        "PodReadyToStartContainers",
        "Initialized",
        "ContainersReady",
        "Ready",
      ].map(ready),
      containerStatuses: [
        {
          name: workload.name,
          image: workload.image,
          imageID: "",
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: now } },
        },
      ],
    },
  });
}
