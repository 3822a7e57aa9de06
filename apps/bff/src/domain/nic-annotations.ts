/**
 * A machine's own network as its template says it to Kube-OVN, which reads it from the launcher pod (api-surface §5).
 * Pure. Interfaces beyond the first are NetworkAttachmentDefinitions and have annotations of their own.
 */
import type { NicPlace } from "@kubev/api-types/vm-create";
import { consoleAnnotations } from "./console-labels.ts";
import { clusterAnnotations as names } from "./cluster-labels.ts";

type Annotations = Readonly<Record<string, string>>;

const listed = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

export const securityGroupsOf = (annotations: Annotations | undefined): string[] =>
  listed(annotations?.[names.securityGroups]);

export function nicPlaceOf(annotations: Annotations | undefined): NicPlace {
  return {
    subnet: annotations?.[names.logicalSwitch] ?? "",
    ips: listed(annotations?.[names.ipAddress]),
    mac: annotations?.[names.macAddress] ?? "",
    securityGroups: securityGroupsOf(annotations),
  };
}

/** Whether anything is chosen about where its traffic comes from, as the guest itself sees it. */
export const isPlaced = ({ subnet, ips, mac }: NicPlace): boolean =>
  subnet !== "" || ips.length > 0 || mac !== "";

const unset = "unset";

/**
 * Groups hold only with port security. What somebody set apart from them stays: with the last group it becomes what it was
 * before the first one, and where that is not known it is left alone.
 */
function putPortSecurity(next: Record<string, string>, needed: boolean): void {
  const before = next[consoleAnnotations.portSecurityBefore];
  if (needed) {
    const now = next[names.portSecurity];
    if (now === "true") return;
    next[consoleAnnotations.portSecurityBefore] = now ?? unset;
    next[names.portSecurity] = "true";
    return;
  }
  if (before === undefined) return;
  delete next[consoleAnnotations.portSecurityBefore];
  if (before === unset) delete next[names.portSecurity];
  else next[names.portSecurity] = before;
}

/** Only what differs is written, so that what somebody else wrote in another way stays. */
export function withNicPlace(annotations: Annotations, was: NicPlace, now: NicPlace): Record<string, string> {
  const next = { ...annotations };
  const put = (key: string, value: string): void => {
    if (value === "") delete next[key];
    else next[key] = value;
  };
  if (was.subnet !== now.subnet) put(names.logicalSwitch, now.subnet);
  if (was.ips.join() !== now.ips.join()) put(names.ipAddress, now.ips.join(","));
  if (was.mac !== now.mac) put(names.macAddress, now.mac.toLowerCase());
  if (was.securityGroups.join() !== now.securityGroups.join()) {
    put(names.securityGroups, now.securityGroups.join(","));
    putPortSecurity(next, now.securityGroups.length > 0);
  }
  return next;
}

/** With a place chosen the guest is bridged, and must be said to be migratable all the same. */
export const bridgedAnnotations: Annotations = { [names.bridgedMigration]: "true" };
