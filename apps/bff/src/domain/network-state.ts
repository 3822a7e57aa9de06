/** How a subnet or VPC is, who may use it, and why it cannot be deleted now. Pure. */
import type { ActionDecision, Reason, Tone } from "@kubev/api-types/reason";
import type { SubnetRecord, VpcRecord } from "./platform-records.ts";
import { allowed, denied, reasonOf } from "./reasons.ts";
import { joinSubnet, overlayProvider } from "./subnet-choice.ts";

export interface SubnetState {
  status: "ready" | "full" | "not-ready" | "deleting";
  tone: Tone;
  reason?: Reason;
}

export function subnetState(subnet: SubnetRecord): SubnetState {
  if (subnet.deletion !== null)
    return { status: "deleting", tone: "working", reason: reasonOf("subnet-is-deleting") };
  if (!subnet.ready)
    return subnet.failure === ""
      ? { status: "not-ready", tone: "working", reason: reasonOf("subnet-settling") }
      : {
          status: "not-ready",
          tone: "error",
          reason: reasonOf("subnet-validation-failed", undefined, subnet.failure),
        };
  if (BigInt(subnet.availableIps) === 0n)
    return { status: "full", tone: "attention", reason: reasonOf("subnet-full", { name: subnet.name }) };
  return { status: "ready", tone: "ok" };
}

export interface VpcState {
  status: "ready" | "pending" | "deleting";
  tone: Tone;
  reason?: Reason;
}

export function vpcState(vpc: VpcRecord): VpcState {
  if (vpc.deletion !== null)
    return { status: "deleting", tone: "working", reason: reasonOf("vpc-is-deleting") };
  return vpc.ready
    ? { status: "ready", tone: "ok" }
    : { status: "pending", tone: "working", reason: reasonOf("vpc-settling") };
}

/** The projects whose machines may use a subnet; the same rules as `subnetRefusal`. */
export function projectsOfSubnet(
  subnet: SubnetRecord,
  vpc: VpcRecord | undefined,
): ReadonlySet<string> | "all" {
  if (subnet.name === joinSubnet || subnet.provider !== overlayProvider) return new Set();
  if (vpc === undefined || vpc.isDefault)
    return subnet.isDefault || subnet.namespaces.length === 0 ? "all" : new Set(subnet.namespaces);
  return new Set(subnet.namespaces.length > 0 ? subnet.namespaces : vpc.namespaces);
}

/** 0–100, one decimal. */
export function usedPercent(used: string, available: string): number {
  const total = BigInt(used) + BigInt(available);
  return total === 0n ? 0 : Number((BigInt(used) * 1000n) / total) / 10;
}

/** The rule, once the right is there. Upstream's finalizer would hold the subnet Terminating until nobody uses it. */
export function subnetDeletion(subnet: SubnetRecord, held: number): ActionDecision {
  if (subnet.isDefault || subnet.name === joinSubnet || subnet.name === "ovn-default")
    return denied("subnet-built-in", { name: subnet.name });
  if (subnet.deletion !== null) return denied("subnet-is-deleting");
  const used = Math.max(held, Number(subnet.usedIps));
  return used > 0
    ? denied("subnet-in-use", { name: subnet.name, count: used }, "can't delete subnet when any IPs in Using")
    : allowed;
}

export function vpcDeletion(vpc: VpcRecord, subnetCount: number): ActionDecision {
  if (vpc.isDefault) return denied("vpc-built-in", { name: vpc.name });
  if (vpc.deletion !== null) return denied("vpc-is-deleting");
  return subnetCount > 0
    ? denied(
        "vpc-has-subnets",
        { name: vpc.name, count: subnetCount },
        "can't delete vpc when any subnet in the vpc",
      )
    : allowed;
}
