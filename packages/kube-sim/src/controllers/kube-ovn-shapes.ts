/** The parts of Kube-OVN objects that controllers read and write. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Condition } from "./core-shapes.ts";

export interface Subnet extends KubeObject {
  spec: {
    vpc?: string;
    protocol?: string;
    cidrBlock?: string;
    gateway?: string;
    excludeIps?: string[];
    namespaces?: string[];
    default?: boolean;
    provider?: string;
    gatewayType?: string;
    vlan?: string;
  };
  status?: {
    v4availableIPs?: number | bigint;
    v4usingIPs?: number;
    v4availableIPrange?: string;
    v4usingIPrange?: string;
    v6availableIPs?: number | bigint;
    v6usingIPs?: number;
    v6availableIPrange?: string;
    v6usingIPrange?: string;
    conditions?: Condition[];
  };
}

export interface Vpc extends KubeObject {
  spec: { namespaces?: string[]; defaultSubnet?: string };
  status?: {
    standby?: boolean;
    default?: boolean;
    subnets?: string[];
    defaultLogicalSwitch?: string;
    router?: string;
  };
}

export interface Ip extends KubeObject {
  spec: {
    podName: string;
    namespace: string;
    subnet: string;
    nodeName: string;
    v4IpAddress: string;
    v6IpAddress: string;
    ipAddress: string;
    macAddress: string;
    podType: string;
  };
}
