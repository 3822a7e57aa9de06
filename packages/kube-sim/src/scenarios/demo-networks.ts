/** The demo's networks: two VPCs that peer, a gateway pod with external addresses, OVN's own NAT on a VLAN, and what belongs to them. */
import type { NewObject } from "../store/kube-object.ts";
import { subnetObject, vpcObject } from "./platform.ts";
import { clusterObject, namespacedObject } from "./scenario-object.ts";

const kubeOvn = "kubeovn.io/v1";

function vpcWith(name: string, namespaces: string[], spec: Record<string, unknown>): NewObject {
  const made = vpcObject(name, namespaces);
  return { ...made, spec: { ...(made["spec"] as object), ...spec } }; // vpcObject gives it
}

/** Peers with data-vpc; the way back is missing a route, as it happens. */
const shopVpc = vpcWith("shop-vpc", ["web-shop"], {
  enableExternal: true,
  staticRoutes: [
    { cidr: "0.0.0.0/0", nextHopIP: "10.20.0.254", policy: "policyDst" },
    { cidr: "10.30.0.0/16", nextHopIP: "169.254.0.2", policy: "policyDst" },
  ],
  vpcPeerings: [{ remoteVpc: "data-vpc", localConnectIP: "169.254.0.1/30" }],
});
const dataVpc = vpcWith("data-vpc", ["data-platform"], {
  staticRoutes: [{ cidr: "10.20.0.0/24", nextHopIP: "169.254.0.1", policy: "policyDst" }],
  vpcPeerings: [{ remoteVpc: "shop-vpc", localConnectIP: "169.254.0.2/30" }],
});

function withSpec(object: NewObject, spec: Record<string, unknown>): NewObject {
  return { ...object, spec: { ...(object["spec"] as object), ...spec } }; // scenario objects have one
}

export const demoNetworks: NewObject[] = [
  shopVpc,
  dataVpc,
  subnetObject({
    name: "shop-front",
    vpc: "shop-vpc",
    cidr: "10.20.0.0/24",
    gateway: "10.20.0.1",
    namespaces: ["web-shop"],
  }),
  subnetObject({
    name: "shop-back",
    vpc: "shop-vpc",
    cidr: "10.20.1.0/24",
    gateway: "10.20.1.1",
    namespaces: ["web-shop"],
    private: true,
  }),
  subnetObject({
    name: "data-main",
    vpc: "data-vpc",
    cidr: "10.30.0.0/20",
    gateway: "10.30.0.1",
    namespaces: ["data-platform"],
  }),
  subnetObject({
    name: "data-ingest",
    vpc: "data-vpc",
    cidr: "10.30.16.0/28",
    gateway: "10.30.16.1",
    namespaces: ["data-platform"],
    excludeIps: ["10.30.16.1", "10.30.16.10..10.30.16.14"],
  }),
  subnetObject({
    name: "build-net",
    vpc: "ovn-cluster",
    cidr: "10.40.0.0/24",
    gateway: "10.40.0.1",
    namespaces: ["build-farm"],
    natOutgoing: true,
  }),
  subnetObject({
    name: "office-net",
    vpc: "ovn-cluster",
    cidr: "10.50.0.0/24",
    gateway: "10.50.0.1",
    namespaces: ["office-it"],
    natOutgoing: true,
  }),
  ...physicalNetworks(),
  ...gatewayNat(),
  ...ovnNat(),
  ...projectNetworks(),
];

function physicalNetworks(): NewObject[] {
  return [
    clusterObject(kubeOvn, "ProviderNetwork", "physnet", { spec: { defaultInterface: "bond0" } }),
    clusterObject(kubeOvn, "Vlan", "vlan-200", { spec: { id: 200, provider: "physnet" } }),
    withSpec(
      subnetObject({
        name: "public-200",
        vpc: "ovn-cluster",
        cidr: "203.0.113.0/24",
        gateway: "203.0.113.1",
      }),
      { vlan: "vlan-200" },
    ),
  ];
}

function gatewayNat(): NewObject[] {
  const external = "ovn-vpc-external-network";
  const config = {
    cniVersion: "0.3.1",
    type: "macvlan",
    master: "bond0",
    mode: "bridge",
    ipam: {
      type: "kube-ovn",
      server_socket: "/run/openvswitch/kube-ovn-daemon.sock",
      provider: `${external}.kube-system`,
    },
  };
  return [
    namespacedObject("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "kube-system", external, {
      spec: { config: JSON.stringify(config, null, 2) },
    }),
    withSpec(
      subnetObject({ name: external, vpc: "ovn-cluster", cidr: "198.51.100.0/24", gateway: "198.51.100.1" }),
      { provider: `${external}.kube-system` },
    ),
    clusterObject(kubeOvn, "VpcNatGateway", "shop-gateway", {
      spec: { vpc: "shop-vpc", subnet: "shop-front", lanIp: "10.20.0.254", externalSubnets: [external] },
    }),
    clusterObject(kubeOvn, "IptablesEIP", "shop-eip", { spec: { natGwDp: "shop-gateway" } }),
    clusterObject(kubeOvn, "IptablesEIP", "shop-db-eip", { spec: { natGwDp: "shop-gateway" } }),
    clusterObject(kubeOvn, "IptablesEIP", "shop-spare-eip", { spec: { natGwDp: "shop-gateway" } }),
    clusterObject(kubeOvn, "IptablesSnatRule", "shop-out", {
      spec: { eip: "shop-eip", internalCIDR: "10.20.0.0/23" },
    }),
    clusterObject(kubeOvn, "IptablesDnatRule", "shop-https", {
      spec: {
        eip: "shop-eip",
        externalPort: "443",
        internalIp: "10.20.0.2",
        internalPort: "8443",
        protocol: "tcp",
      },
    }),
    clusterObject(kubeOvn, "IptablesFIPRule", "shop-db-fip", {
      spec: { eip: "shop-db-eip", internalIp: "10.20.1.2" },
    }),
  ];
}

function ovnNat(): NewObject[] {
  const eip = (name: string) =>
    clusterObject(kubeOvn, "OvnEip", name, { spec: { externalSubnet: "public-200", type: "nat" } });
  return [
    ...["office-out", "office-mail", "office-vpn", "office-spare"].map(eip),
    clusterObject(kubeOvn, "OvnSnatRule", "office-out", {
      spec: { ovnEip: "office-out", vpcSubnet: "office-net" },
    }),
    clusterObject(kubeOvn, "OvnFip", "office-mail", {
      spec: { ovnEip: "office-mail", vpc: "ovn-cluster", v4Ip: "10.50.0.20", type: "centralized" },
    }),
    clusterObject(kubeOvn, "OvnDnatRule", "office-vpn", {
      spec: {
        ovnEip: "office-vpn",
        vpc: "ovn-cluster",
        v4Ip: "10.50.0.21",
        protocol: "udp",
        externalPort: "1194",
        internalPort: "1194",
      },
    }),
    namespacedObject(kubeOvn, "VpcEgressGateway", "data-platform", "data-egress", {
      spec: {
        vpc: "data-vpc",
        replicas: 2,
        internalSubnet: "data-main",
        externalSubnet: "public-200",
        policies: [{ snat: true, subnets: ["data-main"] }],
        trafficPolicy: "Cluster",
      },
    }),
  ];
}

function projectNetworks(): NewObject[] {
  return [
    clusterObject(kubeOvn, "Vip", "shop-front-vip", {
      spec: { namespace: "web-shop", subnet: "shop-front" },
    }),
    clusterObject(kubeOvn, "IPPool", "data-workers", {
      spec: { subnet: "data-main", ips: ["10.30.1.0..10.30.1.255"], namespaces: ["data-platform"] },
    }),
    clusterObject(kubeOvn, "IP", "shop-search-9.web-shop", {
      metadata: { labels: { "ovn.kubernetes.io/subnet": "shop-back" } },
      spec: {
        podName: "shop-search-9",
        namespace: "web-shop",
        subnet: "shop-back",
        nodeName: "",
        v4IpAddress: "10.20.1.90",
        v6IpAddress: "",
        ipAddress: "10.20.1.90",
        macAddress: "02:00:0a:14:01:5a",
        containerID: "",
        podType: "VirtualMachine",
        attachIps: [],
        attachMacs: [],
        attachSubnets: [],
      },
    }),
    namespacedObject("networking.k8s.io/v1", "NetworkPolicy", "web-shop", "db-from-web", {
      spec: {
        podSelector: { matchLabels: { "vm.kubevirt.io/name": "shop-db-1" } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "vm.kubevirt.io/name": "shop-web-1" } } }],
            ports: [{ protocol: "TCP", port: 5432 }],
          },
        ],
      },
    }),
    namespacedObject("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "web-shop", "backup", {
      spec: {
        config: JSON.stringify({
          cniVersion: "0.3.1",
          type: "kube-ovn",
          server_socket: "/run/openvswitch/kube-ovn-daemon.sock",
          provider: "backup.web-shop.ovn",
        }),
      },
    }),
  ];
}
