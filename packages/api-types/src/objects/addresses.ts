/** Addresses of Kube-OVN: who holds which (IP), virtual ones (Vip) and pools (IPPool). crds/kube-ovn. */
import { z } from "zod";
import { labelName, resourceName } from "../resource-ref.ts";

const ipText = z.string().max(64).default("");

export const address = {
  facts: z.object({
    ips: z.array(z.string()),
    mac: z.string(),
    subnet: z.string(),
    /** What holds it; `reserved` where nothing does yet. */
    holder: z.enum(["machine", "pod", "reserved"]),
    /** Machine or pod; '' where it is held for nobody in particular. */
    holderName: z.string(),
    holderProject: z.string(),
    host: z.string(),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    /** `MACHINE.PROJECT` when it is held for a machine: Kube-OVN finds it by this name. */
    name: resourceName,
    subnet: resourceName,
    /** Both absent: Kube-OVN chooses one. */
    v4: ipText,
    v6: ipText,
    mac: z.string().max(17).default(""),
    project: z.string().max(63).default(""),
    /** Empty: held for nobody in particular. */
    machine: z.string().max(63).default(""),
  }),
};

export const vip = {
  facts: z.object({
    ips: z.array(z.string()),
    mac: z.string(),
    subnet: z.string(),
    type: z.string(),
    holderProject: z.string(),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    subnet: resourceName,
    project: z.string().max(63).default(""),
    /** Empty: an address that machines share among themselves, e.g. by keepalived. */
    type: z.enum(["", "switch_lb_vip", "kube_host_vm_vip"]).default(""),
    v4: ipText,
  }),
};

export const ipPool = {
  facts: z.object({
    subnet: z.string(),
    ranges: z.array(z.string()),
    projects: z.array(z.string()),
    /** Decimal strings: IPv6 counts exceed 2^53. */
    used: z.string(),
    available: z.string(),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    subnet: resourceName,
    /** Addresses, CIDRs or `first..last`. */
    ranges: z.array(z.string().min(1).max(100)).min(1).max(200),
    projects: z.array(labelName).max(500).default([]),
  }),
};
