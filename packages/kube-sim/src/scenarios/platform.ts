/** What every embedded cluster has before anybody makes a project: KubeVirt, CDI, storage classes, the default network, the operators. */
import { defaultClassAnnotation } from "../store/default-class.ts";
import { detectedOf } from "../controllers/storage-capabilities.ts";
import type { NewObject } from "../store/kube-object.ts";
import { instanceTypeObjects } from "./instance-types.ts";
import { clusterObject, namespacedObject } from "./scenario-object.ts";

export const storageClasses = { block: "fast-block", file: "standard-file", archive: "archive" } as const;

interface ClassFacts {
  name: string;
  driver: string;
  binding: "Immediate" | "WaitForFirstConsumer";
  expandable: boolean;
  marks: Record<string, string>;
}

const classes: ClassFacts[] = [
  {
    name: storageClasses.block,
    driver: "block.csi.kubev.dev",
    binding: "Immediate",
    expandable: true,
    marks: { "storageclass.kubevirt.io/is-default-virt-class": "true" },
  },
  {
    name: storageClasses.file,
    driver: "file.csi.kubev.dev",
    binding: "WaitForFirstConsumer",
    expandable: true,
    marks: { [defaultClassAnnotation]: "true" },
  },
  {
    name: storageClasses.archive,
    driver: "archive.csi.kubev.dev",
    binding: "Immediate",
    expandable: false,
    marks: {},
  },
];

function storageObjects(facts: ClassFacts): NewObject[] {
  const detected = detectedOf(facts.driver);
  return [
    clusterObject("storage.k8s.io/v1", "StorageClass", facts.name, {
      metadata: { annotations: facts.marks },
      provisioner: facts.driver,
      reclaimPolicy: "Delete",
      volumeBindingMode: facts.binding,
      allowVolumeExpansion: facts.expandable,
    }),
    clusterObject("cdi.kubevirt.io/v1beta1", "StorageProfile", facts.name, {
      spec: {},
      status: {
        claimPropertySets: detected?.claimPropertySets ?? [],
        cloneStrategy: detected?.cloneStrategy ?? "copy",
        provisioner: facts.driver,
        storageClass: facts.name,
        ...(detected?.snapshots === true && { snapshotClass: `${facts.name}-snapshots` }),
      },
    }),
    clusterObject("storage.k8s.io/v1", "CSIDriver", facts.driver, {
      spec: {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: true,
        volumeLifecycleModes: ["Persistent"],
        fsGroupPolicy: "File",
      },
    }),
    ...(detected?.snapshots === true
      ? [
          clusterObject("snapshot.storage.k8s.io/v1", "VolumeSnapshotClass", `${facts.name}-snapshots`, {
            driver: facts.driver,
            deletionPolicy: "Delete",
          }),
        ]
      : []),
  ];
}

export interface SubnetFacts {
  name: string;
  vpc: string;
  cidr: string;
  gateway: string;
  namespaces?: string[];
  default?: boolean;
  natOutgoing?: boolean;
  private?: boolean;
  excludeIps?: string[];
}

export function subnetObject(facts: SubnetFacts): NewObject {
  return clusterObject("kubeovn.io/v1", "Subnet", facts.name, {
    metadata: { finalizers: ["kubeovn.io/kube-ovn-controller"] },
    spec: {
      vpc: facts.vpc,
      protocol: "IPv4",
      provider: "ovn",
      cidrBlock: facts.cidr,
      gateway: facts.gateway,
      gatewayType: "distributed",
      excludeIps: facts.excludeIps ?? [facts.gateway],
      natOutgoing: facts.natOutgoing ?? false,
      private: facts.private ?? false,
      default: facts.default ?? false,
      ...(facts.namespaces && { namespaces: facts.namespaces }),
    },
  });
}

export function vpcObject(name: string, namespaces: string[] = []): NewObject {
  return clusterObject("kubeovn.io/v1", "Vpc", name, {
    metadata: { finalizers: ["kubeovn.io/kube-ovn-controller"] },
    spec: { ...(namespaces.length > 0 && { namespaces }) },
  });
}

export function platformObjects(): NewObject[] {
  return [
    ...classes.flatMap(storageObjects),
    ...instanceTypeObjects(),
    namespacedObject("kubevirt.io/v1", "KubeVirt", "kubevirt", "kubevirt", {
      spec: { configuration: { developerConfiguration: { featureGates: [] } } },
      status: {
        phase: "Deployed",
        observedKubeVirtVersion: "v1.9.0",
        operatorVersion: "v1.9.0",
        targetKubeVirtVersion: "v1.9.0",
        conditions: [
          {
            type: "Available",
            status: "True",
            reason: "AllComponentsReady",
            message: "All components are ready.",
          },
        ],
      },
    }),
    clusterObject("cdi.kubevirt.io/v1beta1", "CDI", "cdi", {
      spec: {},
      status: {
        phase: "Deployed",
        observedVersion: "v1.66.0",
        operatorVersion: "v1.66.0",
        targetVersion: "v1.66.0",
      },
    }),
    // the pod gateways of Kube-OVN are switched on
    namespacedObject("v1", "ConfigMap", "kube-system", "ovn-vpc-nat-gw-config", {
      data: { "enable-vpc-nat-gw": "true" },
    }),
    namespacedObject("v1", "ConfigMap", "kube-system", "ovn-vpc-nat-config", {
      data: { image: "docker.io/kubeovn/vpc-nat-gateway:v1.16.2" },
    }),
    vpcObject("ovn-cluster"),
    subnetObject({
      name: "ovn-default",
      vpc: "ovn-cluster",
      cidr: "10.16.0.0/16",
      gateway: "10.16.0.1",
      default: true,
      natOutgoing: true,
    }),
    subnetObject({ name: "join", vpc: "ovn-cluster", cidr: "100.64.0.0/16", gateway: "100.64.0.1" }),
    clusterObject("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "platform-operators", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "platform-operators" }],
    }),
  ];
}
