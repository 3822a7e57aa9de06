/** The shapes of every catalogued noun: facts of a row, what a detail adds, and what its form sends (null: YAML only). */
import type { z } from "zod";
import type { ObjectNoun } from "./object-catalog.ts";
import { securityGroup } from "./objects/security-group.ts";
import { service } from "./objects/service.ts";

import { roleBinding, serviceAccount } from "./objects/access.ts";
import { configMap } from "./objects/config-map.ts";
import { pod } from "./objects/pod.ts";
import { limitRange, resourceQuota } from "./objects/quota.ts";
import { cronJob, daemonSet, deployment, job, statefulSet } from "./objects/workload.ts";
import { address, ipPool, vip } from "./objects/addresses.ts";
import {
  iptablesDnat,
  iptablesEip,
  iptablesFip,
  iptablesSnat,
  vpcNatGateway,
} from "./objects/gateway-nat.ts";
import { networkPolicy } from "./objects/network-policy.ts";
import { ovnDnat, ovnEip, ovnFip, ovnSnat, vpcEgressGateway } from "./objects/ovn-nat.ts";
import { networkAttachment, providerNetwork, vlan } from "./objects/physical-network.ts";
import { subnet } from "./objects/subnet.ts";
import { vpc } from "./objects/vpc.ts";
import { csiDriver } from "./objects/csi-driver.ts";
import { csiNode } from "./objects/csi-node.ts";
import { dataImportCron } from "./objects/data-import-cron.ts";
import { instanceType } from "./objects/instance-type.ts";
import { preference } from "./objects/preference.ts";
import { snapshotClass } from "./objects/snapshot-class.ts";
import { storageCapacity } from "./objects/storage-capacity.ts";
import { storageClass } from "./objects/storage-class.ts";
import { storageProfile } from "./objects/storage-profile.ts";
import { volumeAttachment } from "./objects/volume-attachment.ts";
import { volumeSnapshot } from "./objects/volume-snapshot.ts";

export interface ObjectShape {
  /** What rows show beside name, state and age. */
  facts: z.ZodType;
  /** What one object's page shows beside its facts. */
  detail: z.ZodType;
  /** What its form sends; null for nouns that are made from YAML, or not at all. Has a `name`. */
  spec: z.ZodType | null;
}

export const objectShapes = {
  vpc,
  subnet,
  "security-group": securityGroup,
  service,
  address,
  vip,
  "ip-pool": ipPool,
  "network-policy": networkPolicy,
  "network-attachment": networkAttachment,
  "vpc-egress-gateway": vpcEgressGateway,
  "vpc-nat-gateway": vpcNatGateway,
  "iptables-eip": iptablesEip,
  "iptables-fip": iptablesFip,
  "iptables-snat": iptablesSnat,
  "iptables-dnat": iptablesDnat,
  "ovn-eip": ovnEip,
  "ovn-fip": ovnFip,
  "ovn-snat": ovnSnat,
  "ovn-dnat": ovnDnat,
  "provider-network": providerNetwork,
  vlan,
  "storage-class": storageClass,
  "storage-profile": storageProfile,
  "volume-snapshot": volumeSnapshot,
  "snapshot-class": snapshotClass,
  "csi-driver": csiDriver,
  "csi-node": csiNode,
  "storage-capacity": storageCapacity,
  "volume-attachment": volumeAttachment,
  "data-import-cron": dataImportCron,
  pod,
  deployment,
  "stateful-set": statefulSet,
  "daemon-set": daemonSet,
  job,
  "cron-job": cronJob,
  "config-map": configMap,
  "role-binding": roleBinding,
  "service-account": serviceAccount,
  "resource-quota": resourceQuota,
  "limit-range": limitRange,
  "instance-type": instanceType,
  preference,
  "project-instance-type": instanceType,
  "project-preference": preference,
} as const satisfies Record<ObjectNoun, ObjectShape>;

type Shapes = typeof objectShapes;
export type FactsOf<N extends ObjectNoun> = z.output<Shapes[N]["facts"]>;
export type DetailOf<N extends ObjectNoun> = z.output<Shapes[N]["detail"]>;
/** As the server reads it; `never` where there is no form. */
export type SpecOf<N extends ObjectNoun> = Shapes[N]["spec"] extends infer Spec extends z.ZodType
  ? z.output<Spec>
  : never;
/** As a form may send it: what has a default may be absent. */
export type SpecInputOf<N extends ObjectNoun> = Shapes[N]["spec"] extends infer Spec extends z.ZodType
  ? z.input<Spec>
  : never;
