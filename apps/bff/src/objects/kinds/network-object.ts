/** What the forms of Kube-OVN's smaller kinds have in common: names of other objects, addresses in ranges. */
import type { FieldError } from "@kubev/api-types/errors";
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectState } from "@kubev/api-types/objects";
import type { Reason } from "@kubev/api-types/reason";
import { type HeldAddress, addressProblem } from "../../domain/address-problem.ts";
import { parseIp } from "../../domain/ip-math.ts";
import { denied, reasonOf } from "../../domain/reasons.ts";
import type { Related } from "../object-kind.ts";
import { present } from "../object-kind.ts";

/** Nothing where an object of that name is there, or where none is named. */
export function mustExist(related: Related, noun: ObjectNoun, name: string, path: string): FieldError[] {
  if (name === "") return [];
  for (const one of related.objects(noun)) if (one.name === name) return [];
  return [{ path, reason: reasonOf("named-object-missing", { kind: objectCatalog[noun].kind, name }) }];
}

/** Nothing where the text is an IPv4 address. */
export function ipv4Problem(text: string, path: string): FieldError[] {
  const ip = parseIp(text);
  return ip === null || ip.bits !== 32 ? [{ path, reason: reasonOf("ip-syntax", { value: text }) }] : [];
}

interface Wanted {
  subnet: string;
  ip: string;
  family: "IPv4" | "IPv6";
  /** The form's field. */
  path: string;
  /** The object that wants it, which is not in its own way. */
  own: string;
}

/** Everything that has an address in a subnet, but for the object `own`. */
function* heldIn(related: Related, subnet: string, own: string): Generator<HeldAddress> {
  for (const held of related.feeds.ips.table.values())
    if (held.subnet === subnet && held.name !== own)
      for (const ip of held.ips) yield { ip, by: held.podName || held.name };
  for (const { name, facts } of related.objects("vip"))
    if (facts.subnet === subnet && name !== own) for (const ip of facts.ips) yield { ip, by: name };
  for (const { name, facts } of related.objects("vpc-nat-gateway"))
    if (facts.subnet === subnet && name !== own) yield { ip: facts.lanIp, by: name };
  for (const { name, facts } of related.objects("iptables-eip"))
    if (facts.externalSubnet === subnet && name !== own) yield { ip: facts.ip, by: name };
  for (const { name, facts } of related.objects("ovn-eip"))
    if (facts.externalSubnet === subnet && name !== own) for (const ip of facts.ips) yield { ip, by: name };
}

/** Nothing where no address is wanted, or it can be had; a subnet that is missing is said at its own field. */
export function addressProblems(related: Related, { subnet, ip, family, path, own }: Wanted): FieldError[] {
  if (ip === "") return [];
  const range = subnetOf(related, subnet) ?? { name: subnet, cidrs: [], gateways: [] };
  const reason = addressProblem(range, ip, family, heldIn(related, subnet, own));
  return reason === null ? [] : [{ path, reason }];
}

export function subnetOf(related: Related, name: string) {
  return related.feeds.subnets.table.get("", name);
}

/** A subnet that must be there, and in the VPC when one is named. */
export function subnetProblem(related: Related, name: string, path: string, vpc?: string): FieldError[] {
  const subnet = subnetOf(related, name);
  if (subnet === undefined) return [{ path, reason: reasonOf("subnet-missing", { name }) }];
  return vpc === undefined || subnet.vpc === vpc
    ? []
    : [{ path, reason: reasonOf("subnet-not-of-vpc", { name, vpc }) }];
}

export const nameField = (field: string): string | null =>
  /^metadata\.name|^name/.test(field) ? "name" : null;

/** Objects whose `status.ready` is all that the controller says. */
export const readyOr = (ready: boolean | undefined, reason?: Reason): ObjectState =>
  ready === true
    ? present
    : { status: "pending", tone: "working", ...(reason === undefined ? {} : { reason }) };

/** Kube-OVN takes the change and does not act on it, or refuses it. */
export const immutable = (upstreamText: string) => denied("object-immutable", undefined, upstreamText);

export const filled = (values: readonly (string | undefined)[]): string[] =>
  values.filter((value): value is string => value !== undefined && value !== "");
