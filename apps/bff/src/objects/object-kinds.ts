/** The table of all catalogued nouns' rules; one that is missing does not compile. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { securityGroupKind } from "./kinds/security-group.ts";
import { serviceKind } from "./kinds/service.ts";
import { roleBindingKind, serviceAccountKind } from "./kinds/access.ts";
import { configMapKind } from "./kinds/config-map.ts";
import { cronJobKind, jobKind } from "./kinds/job.ts";
import { podKind } from "./kinds/pod.ts";
import { limitRangeKind, resourceQuotaKind } from "./kinds/quota.ts";
import { daemonSetKind, deploymentKind, statefulSetKind } from "./kinds/workload.ts";
import { addressKind, ipPoolKind, vipKind } from "./kinds/addresses.ts";
import {
  iptablesDnatKind,
  iptablesEipKind,
  iptablesFipKind,
  iptablesSnatKind,
  vpcNatGatewayKind,
} from "./kinds/gateway-nat.ts";
import { networkPolicyKind } from "./kinds/network-policy.ts";
import { ovnDnatKind, ovnEipKind, ovnFipKind, ovnSnatKind } from "./kinds/ovn-nat.ts";
import { networkAttachmentKind, providerNetworkKind, vlanKind } from "./kinds/physical-network.ts";
import { vpcEgressGatewayKind } from "./kinds/vpc-egress-gateway.ts";
import { subnetKind } from "./kinds/subnet.ts";
import { vpcKind } from "./kinds/vpc.ts";
import { csiDriverKind } from "./kinds/csi-driver.ts";
import { csiNodeKind } from "./kinds/csi-node.ts";
import { dataImportCronKind } from "./kinds/data-import-cron.ts";
import { instanceTypeKind, projectInstanceTypeKind } from "./kinds/instance-type.ts";
import { preferenceKind, projectPreferenceKind } from "./kinds/preference.ts";
import { snapshotClassKind } from "./kinds/snapshot-class.ts";
import { storageCapacityKind } from "./kinds/storage-capacity.ts";
import { storageProfileKind } from "./kinds/storage-profile.ts";
import { storageClassKind } from "./kinds/storage-class.ts";
import { volumeAttachmentKind } from "./kinds/volume-attachment.ts";
import { volumeSnapshotKind } from "./kinds/volume-snapshot.ts";
import type { ObjectKind } from "./object-kind.ts";

type KindTable = { readonly [N in ObjectNoun]: ObjectKind<N> };

export const objectKinds: KindTable = {
  vpc: vpcKind,
  subnet: subnetKind,
  "security-group": securityGroupKind,
  service: serviceKind,
  address: addressKind,
  vip: vipKind,
  "ip-pool": ipPoolKind,
  "network-policy": networkPolicyKind,
  "network-attachment": networkAttachmentKind,
  "vpc-egress-gateway": vpcEgressGatewayKind,
  "vpc-nat-gateway": vpcNatGatewayKind,
  "iptables-eip": iptablesEipKind,
  "iptables-fip": iptablesFipKind,
  "iptables-snat": iptablesSnatKind,
  "iptables-dnat": iptablesDnatKind,
  "ovn-eip": ovnEipKind,
  "ovn-fip": ovnFipKind,
  "ovn-snat": ovnSnatKind,
  "ovn-dnat": ovnDnatKind,
  "provider-network": providerNetworkKind,
  vlan: vlanKind,
  "storage-class": storageClassKind,
  "storage-profile": storageProfileKind,
  "volume-snapshot": volumeSnapshotKind,
  "snapshot-class": snapshotClassKind,
  "csi-driver": csiDriverKind,
  "csi-node": csiNodeKind,
  "storage-capacity": storageCapacityKind,
  "volume-attachment": volumeAttachmentKind,
  "data-import-cron": dataImportCronKind,
  pod: podKind,
  deployment: deploymentKind,
  "stateful-set": statefulSetKind,
  "daemon-set": daemonSetKind,
  job: jobKind,
  "cron-job": cronJobKind,
  "config-map": configMapKind,
  "role-binding": roleBindingKind,
  "service-account": serviceAccountKind,
  "resource-quota": resourceQuotaKind,
  "limit-range": limitRangeKind,
  "instance-type": instanceTypeKind,
  preference: preferenceKind,
  "project-instance-type": projectInstanceTypeKind,
  "project-preference": projectPreferenceKind,
};
