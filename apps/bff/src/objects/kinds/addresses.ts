/** Who holds which address, virtual addresses, and pools. Tenants see those of their projects. */
import { parseCidr, parseIp } from "../../domain/ip-math.ts";
import { allowed, denied, reasonOf } from "../../domain/reasons.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { withSpec } from "../with-spec.ts";
import { addressProblems, filled, immutable, nameField, subnetOf, subnetProblem } from "./network-object.ts";

type RawIp = RawObject<{
  podName: string;
  namespace: string;
  subnet: string;
  nodeName: string;
  v4IpAddress: string;
  v6IpAddress: string;
  macAddress: string;
  podType: string;
}>;

const wantedBy = ({ subnet, name }: { subnet: string; name: string }) => ({ subnet, own: name });

export const addressKind: ObjectKind<"address", RawIp> = {
  noun: "address",
  read: ({ spec }) => ({
    state: present,
    facts: {
      ips: filled([spec?.v4IpAddress, spec?.v6IpAddress]),
      mac: spec?.macAddress ?? "",
      subnet: spec?.subnet ?? "",
      holder: !spec?.podName ? "reserved" : spec.podType === "VirtualMachine" ? "machine" : "pod",
      holderName: spec?.podName ?? "",
      holderProject: spec?.namespace ?? "",
      host: spec?.nodeName ?? "",
    },
  }),
  // a machine that is not there holds nothing yet: the address is kept for it
  join: ({ facts }, { feeds }) =>
    facts.holder === "machine" &&
    feeds.vms.complete &&
    feeds.vms.table.get(facts.holderProject, facts.holderName) === undefined
      ? { holder: "reserved" }
      : {},
  holderProject: (facts) => facts.holderProject,
  sort: {
    address: (facts) => {
      const ip = parseIp(facts.ips[0] ?? "");
      return ip === null ? "" : `${ip.bits}${ip.value.toString(16).padStart(32, "0")}`;
    },
    subnet: (facts) => facts.subnet,
    holder: (facts) => facts.holderName,
  },
  fields: {
    subnet: { kind: "text", match: "equals", get: (facts) => facts.subnet },
    holder: { kind: "text", match: "equals", get: (facts) => facts.holder },
    mac: { kind: "text", match: "contains", get: (facts) => facts.mac },
    ip: { kind: "text", match: "contains", get: (facts) => facts.ips.join(" ") },
  },
  words: (facts) => [...facts.ips, facts.mac],
  detail: () => ({}),
  mayEdit: () => immutable("ip all fields are unchangeable"),
  mayDelete: ({ facts }, { feeds }) => {
    if (facts.holder !== "machine") return facts.holder === "pod" ? denied("address-of-pod") : allowed;
    return feeds.vms.table.get(facts.holderProject, facts.holderName) === undefined
      ? allowed
      : denied("address-of-machine", { name: facts.holderName });
  },
  form: {
    manifest: (spec, _project, current) =>
      withSpec(
        "address",
        spec.name,
        "",
        {
          ...current,
          metadata: {
            ...current?.metadata,
            labels: { ...current?.metadata?.labels, "ovn.kubernetes.io/subnet": spec.subnet },
          },
        },
        {
          podName: spec.machine,
          namespace: spec.project,
          subnet: spec.subnet,
          nodeName: current?.spec?.nodeName ?? "",
          v4IpAddress: spec.v4,
          v6IpAddress: spec.v6,
          ipAddress: filled([spec.v4, spec.v6]).join(","),
          macAddress: spec.mac,
          containerID: "",
          podType: spec.machine === "" ? "" : "VirtualMachine",
          attachIps: [],
          attachMacs: [],
          attachSubnets: [],
        },
      ),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      subnet: spec?.subnet ?? "",
      v4: spec?.v4IpAddress ?? "",
      v6: spec?.v6IpAddress ?? "",
      mac: spec?.macAddress ?? "",
      project: spec?.namespace ?? "",
      machine: spec?.podName ?? "",
    }),
    problems: (spec, related) => {
      const fields = [
        ...subnetProblem(related, spec.subnet, "subnet"),
        ...addressProblems(related, { ...wantedBy(spec), ip: spec.v4, family: "IPv4", path: "v4" }),
        ...addressProblems(related, { ...wantedBy(spec), ip: spec.v6, family: "IPv6", path: "v6" }),
      ];
      if (spec.machine !== "" && spec.name !== `${spec.machine}.${spec.project}`)
        fields.push({
          path: "name",
          reason: reasonOf("address-name", { name: `${spec.machine}.${spec.project}` }),
        });
      if (spec.mac !== "" && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(spec.mac))
        fields.push({ path: "mac", reason: reasonOf("field-pattern", { expected: "mac" }) });
      return fields;
    },
    fieldOf: nameField,
  },
};

type RawVip = RawObject<
  { namespace: string; subnet: string; type: string; v4ip: string; v6ip: string },
  { v4ip: string; v6ip: string; mac: string; type: string }
>;

const vipTypes = ["switch_lb_vip", "kube_host_vm_vip"] as const;

export const vipKind: ObjectKind<"vip", RawVip> = {
  noun: "vip",
  read: ({ spec, status }) => ({
    state: status?.v4ip || status?.v6ip ? present : { status: "pending", tone: "working" },
    facts: {
      ips: filled([status?.v4ip, status?.v6ip]),
      mac: status?.mac ?? "",
      subnet: spec?.subnet ?? "",
      type: spec?.type ?? "",
      holderProject: spec?.namespace ?? "",
    },
  }),
  holderProject: (facts) => facts.holderProject,
  sort: { subnet: (facts) => facts.subnet },
  fields: { subnet: { kind: "text", match: "equals", get: (facts) => facts.subnet } },
  words: (facts) => facts.ips,
  detail: () => ({}),
  mayEdit: () => immutable("vip has been assigned, does not support change"),
  form: {
    manifest: (spec, _project, current) =>
      withSpec("vip", spec.name, "", current, {
        namespace: spec.project,
        subnet: spec.subnet,
        type: spec.type,
        ...(spec.v4 === "" ? {} : { v4ip: spec.v4 }),
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      subnet: spec?.subnet ?? "",
      project: spec?.namespace ?? "",
      type: vipTypes.find((type) => type === spec?.type) ?? "",
      v4: spec?.v4ip ?? "",
    }),
    problems: (spec, related) => [
      ...subnetProblem(related, spec.subnet, "subnet"),
      ...addressProblems(related, { ...wantedBy(spec), ip: spec.v4, family: "IPv4", path: "v4" }),
    ],
    fieldOf: nameField,
  },
};

type RawPool = RawObject<
  { subnet: string; ips: string[]; namespaces: string[] },
  {
    v4UsingIPs: number | string;
    v4AvailableIPs: number | string;
    conditions: { type?: string; status?: string; message?: string }[];
  }
>;

interface Range {
  bits: number;
  first: bigint;
  last: bigint;
}

/** `a`, `a..b` or a CIDR. */
function rangeOf(text: string): Range | null {
  const cidr = text.includes("/") ? parseCidr(text) : null;
  if (cidr !== null) return cidr;
  const [from = "", to = from] = text.split("..");
  const first = parseIp(from);
  const last = parseIp(to);
  return first === null || last === null || first.bits !== last.bits || first.value > last.value
    ? null
    : { bits: first.bits, first: first.value, last: last.value };
}

const meet = (a: Range, b: Range) => a.bits === b.bits && a.first <= b.last && b.first <= a.last;

export const ipPoolKind: ObjectKind<"ip-pool", RawPool> = {
  noun: "ip-pool",
  read: ({ spec, status }) => {
    const failed = status?.conditions?.find(({ type, status: is }) => type === "Error" && is === "True");
    return {
      state:
        failed === undefined
          ? present
          : {
              status: "failed",
              tone: "error",
              reason: reasonOf("ip-pool-not-applied", undefined, failed.message),
            },
      facts: {
        subnet: spec?.subnet ?? "",
        ranges: spec?.ips ?? [],
        projects: spec?.namespaces ?? [],
        used: String(status?.v4UsingIPs ?? 0),
        available: String(status?.v4AvailableIPs ?? 0),
      },
    };
  },
  sort: { subnet: (facts) => facts.subnet },
  words: (facts) => facts.ranges,
  detail: () => ({}),
  form: {
    manifest: (spec, _project, current) =>
      withSpec("ip-pool", spec.name, "", current, {
        subnet: spec.subnet,
        ips: spec.ranges,
        namespaces: spec.projects,
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      subnet: spec?.subnet ?? "",
      ranges: spec?.ips ?? [],
      projects: spec?.namespaces ?? [],
    }),
    problems: (spec, related) => {
      const fields = subnetProblem(related, spec.subnet, "subnet");
      const cidrs = (subnetOf(related, spec.subnet)?.cidrs ?? []).flatMap((text) => parseCidr(text) ?? []);
      for (const text of spec.ranges) {
        const range = rangeOf(text);
        if (range === null) {
          fields.push({ path: "ranges", reason: reasonOf("exclude-syntax", { value: text }) });
          continue;
        }
        if (
          cidrs.length > 0 &&
          !cidrs.some(
            (cidr) => cidr.bits === range.bits && cidr.first <= range.first && range.last <= cidr.last,
          )
        )
          fields.push({ path: "ranges", reason: reasonOf("exclude-outside", { value: text }) });
        for (const other of related.objects("ip-pool"))
          if (
            other.name !== spec.name &&
            other.facts.subnet === spec.subnet &&
            other.facts.ranges.some((theirs) => {
              const parsed = rangeOf(theirs);
              return parsed !== null && meet(parsed, range);
            })
          )
            fields.push({
              path: "ranges",
              reason: reasonOf("ip-pool-overlap", { value: text, pool: other.name }),
            });
      }
      return fields;
    },
    fieldOf: (field) => (/ips/.test(field) ? "ranges" : /subnet/.test(field) ? "subnet" : nameField(field)),
  },
};
