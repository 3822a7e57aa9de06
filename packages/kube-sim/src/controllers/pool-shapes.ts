/** The parts of pools and replica sets of machines that their controllers read and write. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Condition } from "./core-shapes.ts";
import type { VirtualMachine, VmiSpec } from "./kubevirt-shapes.ts";
import type { ObjectSelector } from "./object-selector.ts";

interface ReplicaStatus {
  labelSelector?: string;
  replicas?: number;
  readyReplicas?: number;
  conditions?: Condition[];
}

export interface VmiReplicaSet extends KubeObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    selector: ObjectSelector;
    template: {
      metadata?: {
        name?: string;
        generateName?: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
      };
      spec: VmiSpec;
    };
  };
  status?: ReplicaStatus;
}

export interface VmPoolSpec {
  replicas?: number;
  paused?: boolean;
  selector: ObjectSelector;
  nameGeneration?: { appendIndexToConfigMapRefs?: boolean; appendIndexToSecretRefs?: boolean };
  updateStrategy?: { unmanaged?: object; opportunistic?: object; proactive?: object };
  scaleInStrategy?: {
    proactive?: { selectionPolicy?: { sortPolicy?: string } };
  };
  virtualMachineTemplate: {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    spec: VirtualMachine["spec"];
  };
}

export interface VmPool extends KubeObject {
  spec: VmPoolSpec;
  status?: ReplicaStatus;
}
