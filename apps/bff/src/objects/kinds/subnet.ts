/** Subnets as objects: form, text, events. Their list and what tenants see of them are joined in inventory/subnets.ts. */
import type { FieldError } from "@kubev/api-types/errors";
import { subnet as subnetShape, type SubnetSpec } from "@kubev/api-types/objects/subnet";
import { subnetManifest } from "../../domain/network-manifests.ts";
import { subnetDeletion } from "../../domain/network-state.ts";
import { allowed, reasonOf } from "../../domain/reasons.ts";
import { defaultVpc, overlayProvider, vpcOfSubnet } from "../../domain/subnet-choice.ts";
import { subnetNotes, subnetProblems } from "../../domain/subnet-rules.ts";
import type { RawCondition } from "../../domain/conditions.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { networkFactsOf } from "./network-facts.ts";

type RawSubnet = RawObject<
  {
    vpc: string;
    cidrBlock: string;
    gateway: string;
    excludeIps: string[];
    namespaces: string[];
    provider: string;
    vlan: string;
    natOutgoing: boolean;
    private: boolean;
    allowSubnets: string[];
    enableDHCP: boolean;
    gatewayType: string;
    gatewayNode: string;
    gatewayNodeSelectors: unknown[];
    acls: { direction?: string; priority?: number; match?: string; action?: string }[];
  },
  { conditions: RawCondition[]; v4usingIPs: number; v6usingIPs: number }
>;

const listed = (text: string | undefined) => (text ?? "").split(",").filter((part) => part !== "");

function specOf({ metadata, spec }: RawSubnet): SubnetSpec | null {
  // gateway hosts chosen by labels: the form names hosts, and would ask for names beside them
  if ((spec?.gatewayNodeSelectors ?? []).length > 0) return null;
  const cidrs = listed(spec?.cidrBlock);
  const gateways = listed(spec?.gateway);
  const family = (texts: readonly string[], v6: boolean) =>
    texts.find((text) => text.includes(":") === v6) ?? "";
  const read = subnetShape.spec.safeParse({
    name: metadata?.name ?? "",
    vpc: vpcOfSubnet(spec),
    cidrV4: family(cidrs, false),
    cidrV6: family(cidrs, true),
    gatewayV4: family(gateways, false),
    gatewayV6: family(gateways, true),
    excludeIps: (spec?.excludeIps ?? []).filter((ip) => !gateways.includes(ip)),
    projects: spec?.namespaces ?? [],
    natOutgoing: spec?.natOutgoing === true,
    isPrivate: spec?.private === true,
    allowSubnets: spec?.allowSubnets ?? [],
    enableDhcp: spec?.enableDHCP === true,
    gatewayType: spec?.gatewayType === "centralized" ? "centralized" : "distributed",
    gatewayHosts: listed(spec?.gatewayNode).map((host) => host.trim()),
    acls: (spec?.acls ?? []).map(({ direction, priority, match, action }) => ({
      direction,
      priority,
      match,
      action,
    })),
    vlan: spec?.vlan ?? "",
    provider: spec?.provider || overlayProvider,
  });
  return read.success ? read.data : null;
}

/** What the controller only logs or ignores when a subnet is changed (pkg/webhook/subnet.go, pkg/controller/subnet.go). */
function changeProblems(spec: SubnetSpec, current: RawSubnet, used: number): FieldError[] {
  const before = specOf(current);
  if (before === null) return [];
  const fields: FieldError[] = [];
  if (before.vpc !== spec.vpc && !(before.vpc === "" && spec.vpc === defaultVpc))
    fields.push({
      path: "vpc",
      reason: reasonOf("subnet-vpc-fixed", undefined, `vpc can only be changed from empty to ${defaultVpc}`),
    });
  for (const path of ["gatewayV4", "gatewayV6"] as const)
    if (used > 0 && before[path] !== spec[path])
      fields.push({
        path,
        reason: reasonOf(
          "subnet-gateway-in-use",
          { count: used },
          "can't update gateway of cidr when any IPs in Using",
        ),
      });
  for (const path of ["cidrV4", "cidrV6"] as const)
    if (used > 0 && before[path] !== spec[path])
      fields.push({ path, reason: reasonOf("subnet-cidr-in-use", { count: used }) });
  return fields;
}

export const subnetKind: ObjectKind<"subnet", RawSubnet> = {
  noun: "subnet",
  read: ({ spec, status }) => {
    const failed = (status?.conditions ?? []).find(
      ({ type, status: is }) =>
        (type === "Error" && is === "True") || (type === "Validated" && is === "False"),
    );
    const ready = (status?.conditions ?? []).some(
      ({ type, status: is }) => type === "Ready" && is === "True",
    );
    return {
      state:
        failed !== undefined
          ? {
              status: "failed",
              tone: "error",
              reason: reasonOf("subnet-validation-failed", undefined, failed.message),
            }
          : ready
            ? present
            : { status: "pending", tone: "working" },
      facts: {
        vpc: vpcOfSubnet(spec),
        cidrs: listed(spec?.cidrBlock),
        provider: spec?.provider || overlayProvider,
        vlan: spec?.vlan ?? "",
      },
    };
  },
  fields: {
    vpc: { kind: "text", match: "equals", get: ({ vpc }) => vpc },
    vlan: { kind: "text", match: "equals", get: ({ vlan }) => vlan },
    provider: { kind: "text", match: "equals", get: ({ provider }) => provider },
    cidr: { kind: "text", match: "prefix", get: ({ cidrs }) => cidrs },
  },
  words: ({ cidrs }) => cidrs,
  detail: () => ({}),
  notes: (raw, { feeds }) => {
    const spec = specOf(raw);
    return spec === null ? [] : subnetNotes(spec, feeds.vpcs.table.get("", spec.vpc));
  },
  mayDelete: ({ name }, { feeds, networks }) => {
    const record = feeds.subnets.table.get("", name);
    return record === undefined ? allowed : subnetDeletion(record, networks.addressesOf(name).length);
  },
  form: {
    manifest: (spec, _project, current) => {
      const made = subnetManifest(spec);
      const { excludeIps, namespaces, allowSubnets } = made.spec;
      return {
        ...current,
        apiVersion: made.apiVersion,
        kind: made.kind,
        metadata: {
          ...current?.metadata,
          name: spec.name,
          labels: current === null ? made.metadata.labels : current.metadata?.labels,
        },
        spec: {
          ...current?.spec,
          ...made.spec,
          provider: spec.provider,
          gatewayType: spec.gatewayType,
          ...(spec.gatewayHosts.length > 0 || current?.spec?.gatewayNode !== undefined
            ? { gatewayNode: spec.gatewayHosts.join(",") }
            : {}),
          ...(spec.acls.length > 0 || current?.spec?.acls !== undefined ? { acls: spec.acls } : {}),
          ...(spec.vlan === "" ? {} : { vlan: spec.vlan }),
          ...(current === null
            ? {}
            : {
                excludeIps: excludeIps ?? listed(current.spec?.gateway),
                namespaces: namespaces ?? [],
                allowSubnets: allowSubnets ?? [],
                enableDHCP: spec.enableDhcp,
              }),
        },
      };
    },
    spec: specOf,
    problems: (spec, related, _project, current) => {
      const facts = networkFactsOf(related.feeds);
      if (current === null) return [...subnetProblems(spec, facts), ...gatewayProblems(spec)];
      const others = { ...facts, subnets: facts.subnets.filter((one) => one.name !== spec.name) };
      const used = Math.max(current.status?.v4usingIPs ?? 0, current.status?.v6usingIPs ?? 0);
      return [
        ...changeProblems(spec, current, used),
        ...subnetProblems(spec, others),
        ...gatewayProblems(spec),
      ];
    },
    fieldOf: (field) => {
      if (/cidrBlock/.test(field)) return "cidrV4";
      if (/gatewayType|gatewayNode/.test(field)) return "gatewayHosts";
      if (/gateway/.test(field)) return "gatewayV4";
      if (/namespaces/.test(field)) return "projects";
      const known = /excludeIps|allowSubnets|vlan|provider/.exec(field);
      if (known !== null) return known[0];
      const acl = /acls\[(\d+)\](?:\.(\w+))?/.exec(field);
      if (acl !== null) return `acls.${acl[1] ?? "0"}.${acl[2] ?? "match"}`;
      if (/spec\.vpc/.test(field)) return "vpc";
      return /metadata\.name|^name/.test(field) ? "name" : null;
    },
  },
};

function gatewayProblems(spec: SubnetSpec): FieldError[] {
  return spec.gatewayType === "centralized" && spec.gatewayHosts.length === 0
    ? [{ path: "gatewayHosts", reason: reasonOf("field-required") }]
    : [];
}
