/** VPCs as objects: form, text, events. Their list and what tenants see of them are joined in inventory/vpcs.ts. */
import type { FieldError } from "@kubev/api-types/errors";
import type { SpecOf } from "@kubev/api-types/object-shapes";
import type { Reason } from "@kubev/api-types/reason";
import type { StaticRoute } from "@kubev/api-types/vpcs";
import { cidrsOverlap, parseCidr, parseIp } from "../../domain/ip-math.ts";
import { vpcManifest } from "../../domain/network-manifests.ts";
import { vpcDeletion } from "../../domain/network-state.ts";
import { reasonOf } from "../../domain/reasons.ts";
import { isDefaultVpc, vpcFacts } from "../../domain/subnet-choice.ts";
import { vpcProblems } from "../../domain/subnet-rules.ts";
import { type PeeringSide, peeringGaps } from "../../domain/vpc-peering.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind, Related } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { networkFactsOf } from "./network-facts.ts";

interface RawRoute {
  cidr?: string;
  nextHopIP?: string;
  policy?: string;
  routeTable?: string;
  ecmpMode?: string;
  bfdId?: string;
}

type RawVpc = RawObject<
  {
    namespaces: string[];
    defaultSubnet: string;
    enableExternal: boolean;
    staticRoutes: RawRoute[];
    policyRoutes: { priority?: number; match?: string; action?: string; nextHopIP?: string }[];
    vpcPeerings: { remoteVpc?: string; localConnectIP?: string }[];
  },
  { standby: boolean; default: boolean }
>;

const actions = ["allow", "drop", "reroute"] as const;

const routesOf = ({ spec }: RawVpc): StaticRoute[] =>
  (spec?.staticRoutes ?? []).map((route) => ({
    cidr: route.cidr ?? "",
    nextHop: route.nextHopIP ?? "",
    by: route.policy === "policySrc" ? "source" : "destination",
  }));

const peeringsOf = ({ spec }: RawVpc) =>
  (spec?.vpcPeerings ?? []).map((peering) => ({
    remoteVpc: peering.remoteVpc ?? "",
    localConnectIp: peering.localConnectIP ?? "",
  }));

const cidrsOfVpc = (related: Related, name: string) =>
  [...related.feeds.subnets.table.values()]
    .filter((subnet) => subnet.vpc === name)
    .flatMap((subnet) => subnet.cidrs);

function sidesOf(related: Related): Map<string, PeeringSide> {
  return new Map(
    [...related.objects("vpc")].map(({ name, facts }) => [
      name,
      { name, ...facts, cidrs: cidrsOfVpc(related, name) },
    ]),
  );
}

function notes(raw: RawVpc, related: Related): Reason[] {
  const name = raw.metadata?.name ?? "";
  const staticRoutes = routesOf(raw);
  const isDefault = isDefaultVpc(raw);
  const record = related.feeds.vpcs.table.get("", name);
  const hasDefaultRoute = staticRoutes.some(
    (route) => route.by === "destination" && parseCidr(route.cidr)?.prefix === 0,
  );
  const own = { name, isDefault, staticRoutes, peerings: peeringsOf(raw), cidrs: cidrsOfVpc(related, name) };
  return [
    ...(isDefault || record?.isDefault === true ? [] : vpcFacts({ name, isDefault, hasDefaultRoute })),
    ...peeringGaps(own, sidesOf(related)),
  ];
}

function peeringProblems(spec: SpecOf<"vpc">, related: Related): FieldError[] {
  const sides = sidesOf(related);
  const own = cidrsOfVpc(related, spec.name);
  return spec.peerings.flatMap(({ remoteVpc, localConnectIp }, at): FieldError[] => {
    const remote = sides.get(remoteVpc);
    const found: FieldError[] = [];
    const put = (field: string, reason: Reason) => found.push({ path: `peerings.${at}.${field}`, reason });
    if (remoteVpc === spec.name) put("remoteVpc", reasonOf("peering-with-itself"));
    else if (remote === undefined) put("remoteVpc", reasonOf("vpc-missing", { name: remoteVpc }));
    else if (remote.isDefault) put("remoteVpc", reasonOf("peering-with-default", { vpc: remoteVpc }));
    else if (spec.peerings.findIndex((one) => one.remoteVpc === remoteVpc) !== at)
      put("remoteVpc", reasonOf("peering-twice", { vpc: remoteVpc }));
    if (!localConnectIp.includes("/") || parseCidr(localConnectIp) === null)
      put("localConnectIp", reasonOf("peering-address", { value: localConnectIp }));
    for (const text of remote?.cidrs ?? []) {
      const theirs = parseCidr(text);
      const same = own.find((mine) => {
        const cidr = parseCidr(mine);
        return cidr !== null && theirs !== null && cidrsOverlap(cidr, theirs);
      });
      if (same !== undefined)
        put("remoteVpc", reasonOf("peering-overlap", { vpc: remoteVpc, cidr: same, other: text }));
    }
    return found;
  });
}

function policyProblems(spec: SpecOf<"vpc">): FieldError[] {
  return spec.policyRoutes.flatMap((route, at): FieldError[] => {
    const path = `policyRoutes.${at}.nextHop`;
    if (route.action !== "reroute") return [];
    if (route.nextHop === "") return [{ path, reason: reasonOf("field-required") }];
    return route.nextHop.split(",").every((hop) => parseIp(hop.trim()) !== null)
      ? []
      : [
          {
            path,
            reason: reasonOf(
              "route-next-hop-syntax",
              { value: route.nextHop },
              `invalid next hop ${route.nextHop}`,
            ),
          },
        ];
  });
}

export const vpcKind: ObjectKind<"vpc", RawVpc> = {
  noun: "vpc",
  read: (raw) => ({
    state: raw.status?.standby === true ? present : { status: "pending", tone: "working" },
    facts: {
      isDefault: isDefaultVpc(raw),
      projects: raw.spec?.namespaces ?? [],
      staticRoutes: routesOf(raw),
      peerings: peeringsOf(raw),
      enableExternal: raw.spec?.enableExternal === true,
    },
  }),
  fields: { default: { kind: "text", match: "equals", get: ({ isDefault }) => (isDefault ? "yes" : "no") } },
  detail: () => ({}),
  notes,
  mayDelete: ({ name }, { feeds }) => {
    const record = feeds.vpcs.table.get("", name);
    const subnets = [...feeds.subnets.table.values()].filter((subnet) => subnet.vpc === name);
    return record === undefined ? { allowed: true } : vpcDeletion(record, subnets.length);
  },
  form: {
    manifest: (spec, _project, current) => {
      const made = vpcManifest(spec);
      return {
        ...current,
        apiVersion: "kubeovn.io/v1",
        kind: "Vpc",
        metadata: {
          ...current?.metadata,
          name: spec.name,
          labels: current === null ? made.metadata.labels : current.metadata?.labels,
        },
        spec: {
          ...current?.spec,
          namespaces: spec.projects,
          staticRoutes: made.spec["staticRoutes"] ?? [],
          policyRoutes: spec.policyRoutes.map(({ priority, match, action, nextHop }) => ({
            priority,
            match,
            action,
            ...(action === "reroute" ? { nextHopIP: nextHop } : {}),
          })),
          vpcPeerings: spec.peerings.map(({ remoteVpc, localConnectIp }) => ({
            remoteVpc,
            localConnectIP: localConnectIp,
          })),
          enableExternal: spec.enableExternal,
          ...(spec.defaultSubnet === ""
            ? { defaultSubnet: undefined }
            : { defaultSubnet: spec.defaultSubnet }),
        },
      };
    },
    spec: (raw) => {
      const routes = raw.spec?.staticRoutes ?? [];
      const policies = raw.spec?.policyRoutes ?? [];
      // the form knows no route tables, no BFD and no balancing over several next hops
      if (routes.some((route) => route.routeTable || route.ecmpMode || route.bfdId)) return null;
      return {
        name: raw.metadata?.name ?? "",
        projects: raw.spec?.namespaces ?? [],
        staticRoutes: routesOf(raw),
        defaultSubnet: raw.spec?.defaultSubnet ?? "",
        enableExternal: raw.spec?.enableExternal === true,
        policyRoutes: policies.map((route) => ({
          priority: route.priority ?? 0,
          match: route.match ?? "",
          action: actions.find((one) => one === route.action) ?? "allow",
          nextHop: route.nextHopIP ?? "",
        })),
        peerings: peeringsOf(raw),
      };
    },
    problems: (spec, related, _project, current) => {
      const facts = networkFactsOf(related.feeds);
      const fields = vpcProblems(
        spec,
        current === null ? facts : { ...facts, vpcs: facts.vpcs.filter((one) => one.name !== spec.name) },
      );
      const subnet = facts.subnets.find((one) => one.name === spec.defaultSubnet);
      if (spec.defaultSubnet !== "" && subnet?.vpc !== spec.name)
        fields.push({
          path: "defaultSubnet",
          reason: reasonOf("subnet-not-of-vpc", { name: spec.defaultSubnet, vpc: spec.name }),
        });
      return [...fields, ...policyProblems(spec), ...peeringProblems(spec, related)];
    },
    fieldOf: (field) => {
      const line = /(staticRoutes|policyRoutes|vpcPeerings)\[(\d+)\]/.exec(field);
      const names: Record<string, string> = { vpcPeerings: "peerings" };
      if (line?.[1] !== undefined) return `${names[line[1]] ?? line[1]}.${line[2] ?? "0"}`;
      if (/namespaces/.test(field)) return "projects";
      return /metadata\.name|^name/.test(field) ? "name" : null;
    },
  },
};
