/** Where each catalogued noun's page lies; loaded when somebody goes there. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectPage } from "./object-page.ts";

type PageTable = { readonly [N in ObjectNoun]: () => Promise<ObjectPage<N>> };

const objectPages: PageTable = {
  vpc: async () => (await import("./kinds/vpc.tsx")).vpcPage,
  subnet: async () => (await import("./kinds/subnet.tsx")).subnetPage,
  "security-group": async () => (await import("./kinds/security-group.tsx")).securityGroupPage,
  service: async () => (await import("./kinds/service.tsx")).servicePage,
  address: async () => (await import("./kinds/addresses.tsx")).addressPage,
  vip: async () => (await import("./kinds/addresses.tsx")).vipPage,
  "ip-pool": async () => (await import("./kinds/addresses.tsx")).ipPoolPage,
  "network-policy": async () => (await import("./kinds/network-policy.tsx")).networkPolicyPage,
  "network-attachment": async () => (await import("./kinds/physical-network.tsx")).networkAttachmentPage,
  "vpc-egress-gateway": async () => (await import("./kinds/ovn-nat.tsx")).vpcEgressGatewayPage,
  "vpc-nat-gateway": async () => (await import("./kinds/gateway-nat.tsx")).vpcNatGatewayPage,
  "iptables-eip": async () => (await import("./kinds/gateway-nat.tsx")).iptablesEipPage,
  "iptables-fip": async () => (await import("./kinds/gateway-nat.tsx")).iptablesFipPage,
  "iptables-snat": async () => (await import("./kinds/gateway-nat.tsx")).iptablesSnatPage,
  "iptables-dnat": async () => (await import("./kinds/gateway-nat.tsx")).iptablesDnatPage,
  "ovn-eip": async () => (await import("./kinds/ovn-nat.tsx")).ovnEipPage,
  "ovn-fip": async () => (await import("./kinds/ovn-nat.tsx")).ovnFipPage,
  "ovn-snat": async () => (await import("./kinds/ovn-nat.tsx")).ovnSnatPage,
  "ovn-dnat": async () => (await import("./kinds/ovn-nat.tsx")).ovnDnatPage,
  "provider-network": async () => (await import("./kinds/physical-network.tsx")).providerNetworkPage,
  vlan: async () => (await import("./kinds/physical-network.tsx")).vlanPage,
  "storage-class": async () => (await import("./kinds/storage-class.tsx")).storageClassPage,
  "volume-snapshot": async () => (await import("./kinds/volume-snapshot.tsx")).volumeSnapshotPage,
  "storage-profile": async () => (await import("./kinds/storage-profile.tsx")).storageProfilePage,
  "snapshot-class": async () => (await import("./kinds/snapshot-class.tsx")).snapshotClassPage,
  "csi-driver": async () => (await import("./kinds/csi-driver.tsx")).csiDriverPage,
  "csi-node": async () => (await import("./kinds/csi-node.tsx")).csiNodePage,
  "storage-capacity": async () => (await import("./kinds/storage-capacity.tsx")).storageCapacityPage,
  "volume-attachment": async () => (await import("./kinds/volume-attachment.tsx")).volumeAttachmentPage,
  "instance-type": async () => (await import("./kinds/instance-type.tsx")).instanceTypePage,
  preference: async () => (await import("./kinds/preference.tsx")).preferencePage,
  "project-instance-type": async () => (await import("./kinds/instance-type.tsx")).projectInstanceTypePage,
  "project-preference": async () => (await import("./kinds/preference.tsx")).projectPreferencePage,
  "data-import-cron": async () => (await import("./kinds/data-import-cron.tsx")).dataImportCronPage,
  pod: async () => (await import("./kinds/pod.tsx")).podPage,
  deployment: async () => (await import("./kinds/workload.tsx")).deploymentPage,
  "stateful-set": async () => (await import("./kinds/workload.tsx")).statefulSetPage,
  "daemon-set": async () => (await import("./kinds/workload.tsx")).daemonSetPage,
  job: async () => (await import("./kinds/job.tsx")).jobPage,
  "cron-job": async () => (await import("./kinds/job.tsx")).cronJobPage,
  "config-map": async () => (await import("./kinds/config-map.tsx")).configMapPage,
  "role-binding": async () => (await import("./kinds/role-binding.tsx")).roleBindingPage,
  "service-account": async () => (await import("./kinds/service-account.tsx")).serviceAccountPage,
  "resource-quota": async () => (await import("./kinds/resource-quota.tsx")).resourceQuotaPage,
  "limit-range": async () => (await import("./kinds/limit-range.tsx")).limitRangePage,
};

/** A page whose noun is only known at run time; each is used with rows and specs of its own noun alone. */
export type AnyObjectPage = ObjectPage<ObjectNoun>;

const loaded = new Map<ObjectNoun, Promise<AnyObjectPage>>();

/** The same promise each time, so that React may wait for it. */
export function loadObjectPage(noun: ObjectNoun): Promise<AnyObjectPage> {
  const known = loaded.get(noun);
  if (known !== undefined) return known;
  const loading = objectPages[noun]() as unknown as Promise<AnyObjectPage>; // as: see AnyObjectPage
  loaded.set(noun, loading);
  loading.catch(() => loaded.delete(noun));
  return loading;
}
