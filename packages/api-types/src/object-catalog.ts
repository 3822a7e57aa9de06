/**
 * Nouns that are one Kubernetes kind each and are all listed, read, written and deleted alike. A line here, its shapes in
 * objects/, its rules in the server's objects/ and its page in the browser's objects/ are all that a new one needs.
 * No zod here: the browser imports this file at run time.
 */
interface CatalogLine {
  /** In the console's URLs. */
  plural: string;
  group: string;
  version: string;
  /** The resource in the cluster's URLs. */
  resource: string;
  kind: string;
  namespaced: boolean;
}

export const objectCatalog = {
  vpc: {
    plural: "vpcs",
    group: "kubeovn.io",
    version: "v1",
    resource: "vpcs",
    kind: "Vpc",
    namespaced: false,
  },
  subnet: {
    plural: "subnets",
    group: "kubeovn.io",
    version: "v1",
    resource: "subnets",
    kind: "Subnet",
    namespaced: false,
  },
  "security-group": {
    plural: "security-groups",
    group: "kubeovn.io",
    version: "v1",
    resource: "security-groups",
    kind: "SecurityGroup",
    namespaced: false,
  },
  service: {
    plural: "services",
    group: "",
    version: "v1",
    resource: "services",
    kind: "Service",
    namespaced: true,
  },
  address: {
    plural: "addresses",
    group: "kubeovn.io",
    version: "v1",
    resource: "ips",
    kind: "IP",
    namespaced: false,
  },
  vip: {
    plural: "vips",
    group: "kubeovn.io",
    version: "v1",
    resource: "vips",
    kind: "Vip",
    namespaced: false,
  },
  "ip-pool": {
    plural: "ip-pools",
    group: "kubeovn.io",
    version: "v1",
    resource: "ippools",
    kind: "IPPool",
    namespaced: false,
  },
  "network-policy": {
    plural: "network-policies",
    group: "networking.k8s.io",
    version: "v1",
    resource: "networkpolicies",
    kind: "NetworkPolicy",
    namespaced: true,
  },
  "network-attachment": {
    plural: "network-attachments",
    group: "k8s.cni.cncf.io",
    version: "v1",
    resource: "network-attachment-definitions",
    kind: "NetworkAttachmentDefinition",
    namespaced: true,
  },
  "vpc-egress-gateway": {
    plural: "egress-gateways",
    group: "kubeovn.io",
    version: "v1",
    resource: "vpc-egress-gateways",
    kind: "VpcEgressGateway",
    namespaced: true,
  },
  "vpc-nat-gateway": {
    plural: "nat-gateways",
    group: "kubeovn.io",
    version: "v1",
    resource: "vpc-nat-gateways",
    kind: "VpcNatGateway",
    namespaced: false,
  },
  "iptables-eip": {
    plural: "gateway-eips",
    group: "kubeovn.io",
    version: "v1",
    resource: "iptables-eips",
    kind: "IptablesEIP",
    namespaced: false,
  },
  "iptables-fip": {
    plural: "gateway-fips",
    group: "kubeovn.io",
    version: "v1",
    resource: "iptables-fip-rules",
    kind: "IptablesFIPRule",
    namespaced: false,
  },
  "iptables-snat": {
    plural: "gateway-snats",
    group: "kubeovn.io",
    version: "v1",
    resource: "iptables-snat-rules",
    kind: "IptablesSnatRule",
    namespaced: false,
  },
  "iptables-dnat": {
    plural: "gateway-dnats",
    group: "kubeovn.io",
    version: "v1",
    resource: "iptables-dnat-rules",
    kind: "IptablesDnatRule",
    namespaced: false,
  },
  "ovn-eip": {
    plural: "ovn-eips",
    group: "kubeovn.io",
    version: "v1",
    resource: "ovn-eips",
    kind: "OvnEip",
    namespaced: false,
  },
  "ovn-fip": {
    plural: "ovn-fips",
    group: "kubeovn.io",
    version: "v1",
    resource: "ovn-fips",
    kind: "OvnFip",
    namespaced: false,
  },
  "ovn-snat": {
    plural: "ovn-snats",
    group: "kubeovn.io",
    version: "v1",
    resource: "ovn-snat-rules",
    kind: "OvnSnatRule",
    namespaced: false,
  },
  "ovn-dnat": {
    plural: "ovn-dnats",
    group: "kubeovn.io",
    version: "v1",
    resource: "ovn-dnat-rules",
    kind: "OvnDnatRule",
    namespaced: false,
  },
  "provider-network": {
    plural: "provider-networks",
    group: "kubeovn.io",
    version: "v1",
    resource: "provider-networks",
    kind: "ProviderNetwork",
    namespaced: false,
  },
  vlan: {
    plural: "vlans",
    group: "kubeovn.io",
    version: "v1",
    resource: "vlans",
    kind: "Vlan",
    namespaced: false,
  },
  "storage-class": {
    plural: "storage-classes",
    group: "storage.k8s.io",
    version: "v1",
    resource: "storageclasses",
    kind: "StorageClass",
    namespaced: false,
  },
  "volume-snapshot": {
    plural: "volume-snapshots",
    group: "snapshot.storage.k8s.io",
    version: "v1",
    resource: "volumesnapshots",
    kind: "VolumeSnapshot",
    namespaced: true,
  },
  "snapshot-class": {
    plural: "snapshot-classes",
    group: "snapshot.storage.k8s.io",
    version: "v1",
    resource: "volumesnapshotclasses",
    kind: "VolumeSnapshotClass",
    namespaced: false,
  },
  "csi-driver": {
    plural: "csi-drivers",
    group: "storage.k8s.io",
    version: "v1",
    resource: "csidrivers",
    kind: "CSIDriver",
    namespaced: false,
  },
  "csi-node": {
    plural: "csi-nodes",
    group: "storage.k8s.io",
    version: "v1",
    resource: "csinodes",
    kind: "CSINode",
    namespaced: false,
  },
  "storage-capacity": {
    plural: "storage-capacities",
    group: "storage.k8s.io",
    version: "v1",
    resource: "csistoragecapacities",
    kind: "CSIStorageCapacity",
    namespaced: true,
  },
  "volume-attachment": {
    plural: "volume-attachments",
    group: "storage.k8s.io",
    version: "v1",
    resource: "volumeattachments",
    kind: "VolumeAttachment",
    namespaced: false,
  },
  "data-import-cron": {
    plural: "data-import-crons",
    group: "cdi.kubevirt.io",
    version: "v1beta1",
    resource: "dataimportcrons",
    kind: "DataImportCron",
    namespaced: true,
  },
  "instance-type": {
    plural: "instance-types",
    group: "instancetype.kubevirt.io",
    version: "v1beta1",
    resource: "virtualmachineclusterinstancetypes",
    kind: "VirtualMachineClusterInstancetype",
    namespaced: false,
  },
  preference: {
    plural: "preferences",
    group: "instancetype.kubevirt.io",
    version: "v1beta1",
    resource: "virtualmachineclusterpreferences",
    kind: "VirtualMachineClusterPreference",
    namespaced: false,
  },
} as const satisfies Record<string, CatalogLine>;

export type ObjectNoun = keyof typeof objectCatalog;

export const objectNouns = Object.keys(objectCatalog) as [ObjectNoun, ...ObjectNoun[]]; // keys of the table above

/** Stands for the project of an object that lies in none; no project can be called this. */
export const noProject = "_";

export function isObjectNoun(noun: string): noun is ObjectNoun {
  return Object.hasOwn(objectCatalog, noun);
}
