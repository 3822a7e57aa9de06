/**
 * NAT by a gateway pod: the gateway, its external addresses, and what leads through them. Words and rules: Kube-OVN
 * pkg/webhook/vpc_nat_gateway.go, pkg/controller/vpc_nat_gw_*.go.
 */
import type { Reason } from "@kubev/api-types/reason";
import { parseCidr, parseIp } from "../../domain/ip-math.ts";
import { allowed, denied, reasonOf } from "../../domain/reasons.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind, Related } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { withSpec } from "../with-spec.ts";
import {
  eipProblems,
  portFacts,
  portManifest,
  portProblems,
  portSpec,
  type RawPorts,
  usesOf,
} from "./nat-rules.ts";
import {
  addressProblems,
  filled,
  immutable,
  ipv4Problem,
  mustExist,
  nameField,
  readyOr,
  subnetOf,
  subnetProblem,
} from "./network-object.ts";

/** The external subnet that a gateway takes when it names none. */
const defaultExternalSubnet = "ovn-vpc-external-network";

type RawGateway = RawObject<{
  vpc: string;
  subnet: string;
  lanIp: string;
  externalSubnets: string[];
  selector: string[];
}>;

function gatewayNotes({ spec }: RawGateway, related: Related): Reason[] {
  const { vpc = "", lanIp = "", externalSubnets = [] } = spec ?? {};
  const wanted = externalSubnets.length > 0 ? externalSubnets : [defaultExternalSubnet];
  const missing = wanted.filter((name) => subnetOf(related, name) === undefined);
  const routes = [...related.objects("vpc")].find((one) => one.name === vpc)?.facts.staticRoutes ?? [];
  const routed = routes.some((route) => parseCidr(route.cidr)?.prefix === 0 && route.nextHop === lanIp);
  return [
    ...missing.map((name) => reasonOf("nat-gateway-needs-external", { subnet: name })),
    ...(routed ? [] : [reasonOf("nat-gateway-needs-route", { vpc, lanIp })]),
  ];
}

const eipsOf = (related: Related, gateway: string) =>
  [...related.objects("iptables-eip")].filter((eip) => eip.facts.gateway === gateway);

export const vpcNatGatewayKind: ObjectKind<"vpc-nat-gateway", RawGateway> = {
  noun: "vpc-nat-gateway",
  read: ({ spec }) => ({
    state: present,
    facts: {
      vpc: spec?.vpc ?? "",
      subnet: spec?.subnet ?? "",
      lanIp: spec?.lanIp ?? "",
      externalSubnets: spec?.externalSubnets ?? [],
      eips: 0,
    },
  }),
  join: ({ name }, related) => ({ eips: eipsOf(related, name).length }),
  sort: { vpc: (facts) => facts.vpc },
  fields: { vpc: { kind: "text", match: "equals", get: (facts) => facts.vpc } },
  words: (facts) => [facts.lanIp],
  detail: ({ spec }) => ({ selector: spec?.selector ?? [] }),
  notes: gatewayNotes,
  mayDelete: ({ name }, related) =>
    eipsOf(related, name).some((eip) => eip.facts.uses.length > 0)
      ? denied(
          "nat-gateway-in-use",
          { name },
          `vpc-nat-gateway "${name}" cannot be deleted if any eip is in use`,
        )
      : allowed,
  form: {
    manifest: (spec, _project, current) =>
      withSpec("vpc-nat-gateway", spec.name, "", current, {
        vpc: spec.vpc,
        subnet: spec.subnet,
        lanIp: spec.lanIp,
        externalSubnets: spec.externalSubnets,
        ...(spec.selector.length > 0 || current?.spec?.selector !== undefined
          ? { selector: spec.selector }
          : {}),
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      vpc: spec?.vpc ?? "",
      subnet: spec?.subnet ?? "",
      lanIp: spec?.lanIp ?? "",
      externalSubnets: spec?.externalSubnets ?? [],
      selector: spec?.selector ?? [],
    }),
    problems: (spec, related, _project, current) => [
      ...mustExist(related, "vpc", spec.vpc, "vpc"),
      ...subnetProblem(related, spec.subnet, "subnet", spec.vpc),
      // the gateway's own pod holds the address that it keeps
      ...(current?.spec?.lanIp === spec.lanIp && current.spec.subnet === spec.subnet
        ? []
        : addressProblems(related, {
            subnet: spec.subnet,
            ip: spec.lanIp,
            family: "IPv4",
            path: "lanIp",
            own: spec.name,
          })),
    ],
    fieldOf: (field) => /lanIp|externalSubnets|selector|subnet|vpc/.exec(field)?.[0] ?? nameField(field),
  },
};

type RawEip = RawObject<
  { natGwDp: string; v4ip: string; externalSubnet: string },
  { ready: boolean; ip: string; nat: string }
>;

export const iptablesEipKind: ObjectKind<"iptables-eip", RawEip> = {
  noun: "iptables-eip",
  read: ({ spec, status }) => ({
    state: readyOr(status?.ready),
    facts: {
      gateway: spec?.natGwDp ?? "",
      externalSubnet: spec?.externalSubnet || defaultExternalSubnet,
      ip: status?.ip ?? spec?.v4ip ?? "",
      uses: usesOf(status?.nat),
    },
  }),
  sort: { gateway: (facts) => facts.gateway, address: (facts) => facts.ip },
  fields: { gateway: { kind: "text", match: "equals", get: (facts) => facts.gateway } },
  words: (facts) => [facts.ip],
  detail: () => ({}),
  mayEdit: ({ name, facts }) =>
    facts.ip === "" ? allowed : immutable(`IptablesEIP "${name}" is ready, does not support change`),
  mayDelete: ({ name, facts }) =>
    facts.uses.length > 0
      ? denied(
          "eip-in-use",
          { name, uses: facts.uses.join(", ") },
          `eip "${name}" is still in use, you need to delete the ${facts.uses[0] ?? "fip"} of eip first`,
        )
      : allowed,
  form: {
    manifest: (spec, _project, current) =>
      withSpec("iptables-eip", spec.name, "", current, {
        natGwDp: spec.gateway,
        ...(spec.v4 === "" ? {} : { v4ip: spec.v4 }),
        ...(spec.externalSubnet === "" ? {} : { externalSubnet: spec.externalSubnet }),
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      gateway: spec?.natGwDp ?? "",
      externalSubnet: spec?.externalSubnet ?? "",
      v4: spec?.v4ip ?? "",
    }),
    problems: (spec, related) => [
      ...mustExist(related, "vpc-nat-gateway", spec.gateway, "gateway"),
      ...(spec.externalSubnet === "" ? [] : subnetProblem(related, spec.externalSubnet, "externalSubnet")),
      ...addressProblems(related, {
        subnet: spec.externalSubnet || defaultExternalSubnet,
        ip: spec.v4,
        family: "IPv4",
        path: "v4",
        own: spec.name,
      }),
    ],
    fieldOf: (field) => (/natGwDp/.test(field) ? "gateway" : /v4ip/.test(field) ? "v4" : nameField(field)),
  },
};

interface NatStatus {
  ready: boolean;
  v4ip: string;
  natGwDp: string;
}

const through = (eip: string | undefined, status: Partial<NatStatus> | undefined) => ({
  eip: eip ?? "",
  eipAddress: status?.v4ip ?? "",
  gateway: status?.natGwDp ?? "",
});

const natField = (field: string) =>
  /internalIp|internalCIDR|externalPort|internalPort|protocol|eip/
    .exec(field)?.[0]
    ?.replace("internalCIDR", "internalCidr") ?? nameField(field);

type RawFip = RawObject<{ eip: string; internalIp: string }, NatStatus>;

export const iptablesFipKind: ObjectKind<"iptables-fip", RawFip> = {
  noun: "iptables-fip",
  read: ({ spec, status }) => ({
    state: readyOr(status?.ready),
    facts: { ...through(spec?.eip, status), internalIp: spec?.internalIp ?? "" },
  }),
  sort: { eip: (facts) => facts.eip },
  fields: { eip: { kind: "text", match: "equals", get: (facts) => facts.eip } },
  words: (facts) => filled([facts.eipAddress, facts.internalIp]),
  detail: () => ({}),
  form: {
    manifest: (spec, _project, current) =>
      withSpec("iptables-fip", spec.name, "", current, { eip: spec.eip, internalIp: spec.internalIp }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      eip: spec?.eip ?? "",
      internalIp: spec?.internalIp ?? "",
    }),
    problems: (spec, related) => [
      ...eipProblems(related, "iptables", spec, true),
      ...ipv4Problem(spec.internalIp, "internalIp"),
    ],
    fieldOf: natField,
  },
};

type RawSnat = RawObject<{ eip: string; internalCIDR: string }, NatStatus>;

export const iptablesSnatKind: ObjectKind<"iptables-snat", RawSnat> = {
  noun: "iptables-snat",
  read: ({ spec, status }) => ({
    state: readyOr(status?.ready),
    facts: { ...through(spec?.eip, status), internalCidr: spec?.internalCIDR ?? "" },
  }),
  sort: { eip: (facts) => facts.eip },
  fields: { eip: { kind: "text", match: "equals", get: (facts) => facts.eip } },
  words: (facts) => filled([facts.eipAddress, facts.internalCidr]),
  detail: () => ({}),
  form: {
    manifest: (spec, _project, current) =>
      withSpec("iptables-snat", spec.name, "", current, { eip: spec.eip, internalCIDR: spec.internalCidr }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      eip: spec?.eip ?? "",
      internalCidr: spec?.internalCIDR ?? "",
    }),
    problems: (spec, related) => [
      ...eipProblems(related, "iptables", spec),
      ...(parseCidr(spec.internalCidr)?.bits === 32 || parseIp(spec.internalCidr)?.bits === 32
        ? []
        : [{ path: "internalCidr", reason: reasonOf("cidr-syntax", { cidr: spec.internalCidr }) }]),
    ],
    fieldOf: natField,
  },
};

type RawDnat = RawObject<{ eip: string; internalIp: string } & RawPorts, NatStatus>;

export const iptablesDnatKind: ObjectKind<"iptables-dnat", RawDnat> = {
  noun: "iptables-dnat",
  read: ({ spec, status }) => ({
    state: readyOr(status?.ready),
    facts: {
      ...through(spec?.eip, status),
      ...portFacts(spec),
      internalIp: spec?.internalIp ?? "",
    },
  }),
  sort: { eip: (facts) => facts.eip },
  fields: { eip: { kind: "text", match: "equals", get: (facts) => facts.eip } },
  words: (facts) => filled([facts.eipAddress, facts.internalIp]),
  detail: () => ({}),
  form: {
    manifest: (spec, _project, current) =>
      withSpec("iptables-dnat", spec.name, "", current, {
        eip: spec.eip,
        ...portManifest(spec),
        internalIp: spec.internalIp,
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      eip: spec?.eip ?? "",
      ...portSpec(spec),
      internalIp: spec?.internalIp ?? "",
    }),
    problems: (spec, related) => [
      ...eipProblems(related, "iptables", spec),
      ...ipv4Problem(spec.internalIp, "internalIp"),
      ...portProblems(related, "iptables", spec),
    ],
    fieldOf: natField,
  },
};
