/** The parts of workloads that their controllers read and write. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Condition, Pod } from "./core-shapes.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Pod["spec"] & { restartPolicy?: string };
}

interface Selector {
  matchLabels?: Record<string, string>;
}

export interface Deployment extends KubeObject {
  spec: { replicas?: number; paused?: boolean; selector?: Selector; template: PodTemplate };
  status?: Record<string, unknown> & { conditions?: Condition[] };
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; selector?: Selector; template: PodTemplate };
  status?: Record<string, unknown>;
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number;
    selector?: Selector;
    template: PodTemplate;
    volumeClaimTemplates?: { metadata: { name: string }; spec: PersistentVolumeClaim["spec"] }[];
  };
  status?: Record<string, unknown>;
}

export interface DaemonSet extends KubeObject {
  spec: { selector?: Selector; template: PodTemplate };
  status?: Record<string, unknown>;
}

export interface Job extends KubeObject {
  spec: {
    completions?: number;
    parallelism?: number;
    backoffLimit?: number;
    suspend?: boolean;
    selector?: Selector;
    template: PodTemplate;
  };
  status?: {
    active?: number;
    succeeded?: number;
    failed?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
  };
}
