/** Kube-OVN's smaller kinds, whose specs and statuses are flat and read by name. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Kind } from "./kinds.ts";

export interface NetworkObject extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

const kubeOvn = (resource: string, name: string): Kind<NetworkObject> => ({
  group: "kubeovn.io",
  resource,
  apiVersion: "kubeovn.io/v1",
  kind: name,
});

export const networkKinds = {
  vip: kubeOvn("vips", "Vip"),
  ipPool: kubeOvn("ippools", "IPPool"),
  providerNetwork: kubeOvn("provider-networks", "ProviderNetwork"),
  vlan: kubeOvn("vlans", "Vlan"),
  natGateway: kubeOvn("vpc-nat-gateways", "VpcNatGateway"),
  iptablesEip: kubeOvn("iptables-eips", "IptablesEIP"),
  iptablesFip: kubeOvn("iptables-fip-rules", "IptablesFIPRule"),
  iptablesSnat: kubeOvn("iptables-snat-rules", "IptablesSnatRule"),
  iptablesDnat: kubeOvn("iptables-dnat-rules", "IptablesDnatRule"),
  ovnEip: kubeOvn("ovn-eips", "OvnEip"),
  ovnFip: kubeOvn("ovn-fips", "OvnFip"),
  ovnSnat: kubeOvn("ovn-snat-rules", "OvnSnatRule"),
  ovnDnat: kubeOvn("ovn-dnat-rules", "OvnDnatRule"),
  egressGateway: kubeOvn("vpc-egress-gateways", "VpcEgressGateway"),
  securityGroup: kubeOvn("security-groups", "SecurityGroup"),
} as const;

/** A text of the spec; '' where there is none. */
export function specText(object: NetworkObject | undefined, key: string): string {
  const value = object?.spec?.[key];
  return typeof value === "string" ? value : "";
}

export function specTexts(object: NetworkObject | undefined, key: string): string[] {
  const value = object?.spec?.[key];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

export function statusText(object: NetworkObject | undefined, key: string): string {
  const value = object?.status?.[key];
  return typeof value === "string" ? value : "";
}
