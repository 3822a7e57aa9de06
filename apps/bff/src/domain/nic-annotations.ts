/**
 * A machine's own network as its template says it to Kube-OVN, which reads it from the launcher pod (api-surface §5).
 * Pure. Interfaces beyond the first are NetworkAttachmentDefinitions and have annotations of their own.
 */
import type { NicPlace } from "@kubev/api-types/vm-create";

const prefix = "ovn.kubernetes.io/";
/** Also on a Namespace: the subnet of its pods. */
export const subnetAnnotation = `${prefix}logical_switch`;
const addressAnnotation = `${prefix}ip_address`;
export const macAnnotation = `${prefix}mac_address`;
const groupsAnnotation = `${prefix}security_groups`;
/** Without it a port is held against no group (pkg/controller/security_group.go). */
const portSecurityAnnotation = `${prefix}port_security`;
/** KubeVirt migrates no machine whose guest is bridged onto the pod network without it. */
const bridgeMigrationAnnotation = "kubevirt.io/allow-pod-bridge-network-live-migration";

type Annotations = Readonly<Record<string, string>>;

const listed = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

export const securityGroupsOf = (annotations: Annotations | undefined): string[] =>
  listed(annotations?.[groupsAnnotation]);

export function nicPlaceOf(annotations: Annotations | undefined): NicPlace {
  return {
    subnet: annotations?.[subnetAnnotation] ?? "",
    ips: listed(annotations?.[addressAnnotation]),
    mac: annotations?.[macAnnotation] ?? "",
    securityGroups: securityGroupsOf(annotations),
  };
}

/** Whether anything is chosen about where its traffic comes from, as the guest itself sees it. */
export const isPlaced = ({ subnet, ips, mac }: NicPlace): boolean =>
  subnet !== "" || ips.length > 0 || mac !== "";

/** Only what differs is written, so that what somebody else wrote in another way stays. */
export function withNicPlace(annotations: Annotations, was: NicPlace, now: NicPlace): Record<string, string> {
  const next = { ...annotations };
  const put = (key: string, value: string): void => {
    if (value === "") delete next[key];
    else next[key] = value;
  };
  if (was.subnet !== now.subnet) put(subnetAnnotation, now.subnet);
  if (was.ips.join() !== now.ips.join()) put(addressAnnotation, now.ips.join(","));
  if (was.mac !== now.mac) put(macAnnotation, now.mac.toLowerCase());
  if (was.securityGroups.join() !== now.securityGroups.join()) {
    put(groupsAnnotation, now.securityGroups.join(","));
    put(portSecurityAnnotation, now.securityGroups.length === 0 ? "" : "true");
  }
  return next;
}

/** With a place chosen the guest is bridged, and must be said to be migratable all the same. */
export const bridgedAnnotations: Annotations = { [bridgeMigrationAnnotation]: "true" };
