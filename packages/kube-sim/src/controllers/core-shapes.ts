/** The parts of core objects that controllers read and write. */
import type { KubeObject } from "../store/kube-object.ts";

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
  lastProbeTime?: string | null;
}

export type Quantities = Record<string, string>;

export interface Namespace extends KubeObject {
  status?: { phase?: string };
}

export interface Node extends KubeObject {
  spec: { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[] };
  status: {
    capacity: Quantities;
    allocatable: Quantities;
    conditions?: Condition[];
    addresses?: { type: string; address: string }[];
  };
}

export interface Container {
  name: string;
  image?: string;
  env?: { name: string; value?: string }[];
  ports?: { name?: string; containerPort: number }[];
  resources?: { requests?: Quantities; limits?: Quantities };
}

export interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    hostNetwork?: boolean;
    nodeSelector?: Record<string, string>;
    affinity?: {
      podAntiAffinity?: {
        requiredDuringSchedulingIgnoredDuringExecution?: {
          labelSelector?: { matchLabels?: Record<string, string> };
          topologyKey: string;
        }[];
      };
    };
    tolerations?: { key?: string; operator?: string; effect?: string; value?: string }[];
    containers: Container[];
    initContainers?: Container[];
    volumes?: {
      name: string;
      persistentVolumeClaim?: { claimName: string };
      secret?: { secretName?: string; optional?: boolean };
      configMap?: { name?: string; optional?: boolean };
    }[];
    terminationGracePeriodSeconds?: number;
    readinessGates?: { conditionType: string }[];
  };
  status?: {
    phase?: string;
    conditions?: Condition[];
    qosClass?: string;
    podIP?: string;
    podIPs?: { ip: string }[];
    hostIP?: string;
    startTime?: string;
    containerStatuses?: unknown[];
  };
}

export interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
  /** In base64. */
  binaryData?: Record<string, string>;
}

export interface ResourceQuota extends KubeObject {
  spec: { hard?: Quantities };
  status?: { hard?: Quantities; used?: Quantities };
}
