/** NAT by OVN itself: external addresses and what leads through them (pkg/controller/ovn_eip.go, ovn_fip.go, ovn_snat.go, ovn_dnat.go). */
import type { FieldError } from "@kubev/api-types/errors";
import type { Reason } from "@kubev/api-types/reason";
import { parseCidr } from "../../domain/ip-math.ts";
import { allowed, denied, reasonOf } from "../../domain/reasons.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind, Related } from "../object-kind.ts";
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

type RawEip = RawObject<
  { externalSubnet: string; type: string; v4Ip: string },
  { ready: boolean; v4Ip: string; v6Ip: string; type: string; nat: string }
>;

const eipTypes = ["nat", "lrp", "lsp"] as const;

export const ovnEipKind: ObjectKind<"ovn-eip", RawEip> = {
  noun: "ovn-eip",
  read: ({ spec, status }) => ({
    state: readyOr(status?.ready),
    facts: {
      externalSubnet: spec?.externalSubnet ?? "",
      ips: filled([status?.v4Ip, status?.v6Ip]),
      type: status?.type ?? spec?.type ?? "nat",
      uses: usesOf(status?.nat),
    },
  }),
  sort: { subnet: (facts) => facts.externalSubnet, type: (facts) => facts.type },
  fields: { type: { kind: "text", match: "equals", get: (facts) => facts.type } },
  words: (facts) => facts.ips,
  detail: () => ({}),
  notes: ({ spec }, related) => {
    const subnet = subnetOf(related, spec?.externalSubnet ?? "");
    return subnet !== undefined && subnet.vlan === ""
      ? [reasonOf("ovn-eip-needs-vlan", { subnet: subnet.name })]
      : [];
  },
  mayEdit: ({ facts }) => (facts.ips.length === 0 ? allowed : immutable("OvnEip not support change")),
  mayDelete: ({ name, facts }) =>
    facts.uses.length > 0
      ? denied("eip-in-use", { name, uses: facts.uses.join(", ") }, "still being used by NAT rules")
      : allowed,
  form: {
    manifest: (spec, _project, current) =>
      withSpec("ovn-eip", spec.name, "", current, {
        externalSubnet: spec.externalSubnet,
        type: spec.type,
        ...(spec.v4 === "" ? {} : { v4Ip: spec.v4 }),
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      externalSubnet: spec?.externalSubnet ?? "",
      type: eipTypes.find((type) => type === spec?.type) ?? "nat",
      v4: spec?.v4Ip ?? "",
    }),
    problems: (spec, related) => [
      ...subnetProblem(related, spec.externalSubnet, "externalSubnet"),
      ...addressProblems(related, {
        subnet: spec.externalSubnet,
        ip: spec.v4,
        family: "IPv4",
        path: "v4",
        own: spec.name,
      }),
    ],
    fieldOf: (field) =>
      /externalSubnet|type/.exec(field)?.[0] ?? (/v4Ip/.test(field) ? "v4" : nameField(field)),
  },
};

interface RuleStatus {
  ready: boolean;
  vpc: string;
  v4Eip: string;
  v4Ip: string;
  v4IpCidr: string;
}

interface Target {
  ipName?: string;
  vpc?: string;
  v4Ip?: string;
  vpcSubnet?: string;
  v4IpCidr?: string;
}

type RawRule<Own> = RawObject<{ ovnEip: string } & Target & Own, RuleStatus>;

const through = ({ spec, status }: RawRule<object>) => ({
  eip: spec?.ovnEip ?? "",
  eipAddress: status?.v4Eip ?? "",
  target:
    filled([spec?.ipName, spec?.vpcSubnet, status?.v4Ip, status?.v4IpCidr, spec?.v4Ip, spec?.v4IpCidr])[0] ??
    "",
  vpc: status?.vpc ?? spec?.vpc ?? "",
});

type Through = ReturnType<typeof through>;

/** OVN's NAT works only in a VPC that is connected to the external network. */
function vpcNotes({ spec }: RawRule<object>, related: Related): Reason[] {
  const held = [...related.objects("address")].find((one) => one.name === spec?.ipName);
  const subnet = subnetOf(related, spec?.vpcSubnet || (held?.facts.subnet ?? ""));
  const name = spec?.vpc || (subnet?.vpc ?? "");
  const vpc = [...related.objects("vpc")].find((one) => one.name === name);
  return vpc !== undefined && !vpc.facts.isDefault && !vpc.facts.enableExternal
    ? [reasonOf("vpc-not-external", { vpc: name })]
    : [];
}

function targetProblems(spec: { ipName: string; vpc: string; v4: string }, related: Related): FieldError[] {
  if (spec.ipName !== "") return mustExist(related, "address", spec.ipName, "ipName");
  if (spec.vpc === "" && spec.v4 === "") return [{ path: "ipName", reason: reasonOf("field-required") }];
  if (spec.vpc === "") return [{ path: "vpc", reason: reasonOf("field-required") }];
  return [...mustExist(related, "vpc", spec.vpc, "vpc"), ...ipv4Problem(spec.v4, "v4")];
}

/** The same for every rule. */
const ofRule = {
  sort: { eip: (facts: Through) => facts.eip, vpc: (facts: Through) => facts.vpc },
  fields: { vpc: { kind: "text", match: "equals", get: (facts: Through) => facts.vpc } },
  words: (facts: Through) => filled([facts.eipAddress, facts.target]),
  detail: () => ({}),
  notes: vpcNotes,
} as const;

const targetSpec = (spec: { ipName: string; vpc: string; v4: string }) =>
  spec.ipName !== "" ? { ipName: spec.ipName } : { vpc: spec.vpc, v4Ip: spec.v4 };

const ruleField = (field: string) =>
  /ovnEip/.test(field)
    ? "eip"
    : /v4IpCidr/.test(field)
      ? "cidr"
      : /v4Ip/.test(field)
        ? "v4"
        : (/ipName|vpc|externalPort|internalPort|protocol|type/.exec(field)?.[0] ?? nameField(field));

export const ovnFipKind: ObjectKind<"ovn-fip", RawRule<{ type: string }>> = {
  noun: "ovn-fip",
  read: (raw) => ({
    state: readyOr(raw.status?.ready),
    facts: { ...through(raw), type: raw.spec?.type ?? "" },
  }),
  ...ofRule,
  mayEdit: () => immutable("OvnFip not support change"),
  form: {
    manifest: (spec, _project, current) =>
      withSpec("ovn-fip", spec.name, "", current, {
        ovnEip: spec.eip,
        ...targetSpec(spec),
        type: spec.type,
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      eip: spec?.ovnEip ?? "",
      ipName: spec?.ipName ?? "",
      vpc: spec?.vpc ?? "",
      v4: spec?.v4Ip ?? "",
      type: spec?.type === "distributed" ? "distributed" : "centralized",
    }),
    problems: (spec, related) => [
      ...eipProblems(related, "ovn", spec, true),
      ...targetProblems(spec, related),
    ],
    fieldOf: ruleField,
  },
};

export const ovnSnatKind: ObjectKind<"ovn-snat", RawRule<object>> = {
  noun: "ovn-snat",
  read: (raw) => ({ state: readyOr(raw.status?.ready), facts: through(raw) }),
  ...ofRule,
  mayEdit: () => immutable("OvnSnatRule not support change"),
  form: {
    manifest: (spec, _project, current) =>
      withSpec("ovn-snat", spec.name, "", current, {
        ovnEip: spec.eip,
        ...(spec.subnet !== ""
          ? { vpcSubnet: spec.subnet }
          : spec.ipName !== ""
            ? { ipName: spec.ipName }
            : { vpc: spec.vpc, v4IpCidr: spec.cidr }),
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      eip: spec?.ovnEip ?? "",
      subnet: spec?.vpcSubnet ?? "",
      ipName: spec?.ipName ?? "",
      vpc: spec?.vpc ?? "",
      cidr: spec?.v4IpCidr ?? "",
    }),
    problems: (spec, related) => {
      const fields = eipProblems(related, "ovn", spec);
      if (spec.subnet !== "") return [...fields, ...subnetProblem(related, spec.subnet, "subnet")];
      if (spec.ipName !== "") return [...fields, ...mustExist(related, "address", spec.ipName, "ipName")];
      if (spec.vpc === "") return [...fields, { path: "subnet", reason: reasonOf("field-required") }];
      return [
        ...fields,
        ...mustExist(related, "vpc", spec.vpc, "vpc"),
        ...(parseCidr(spec.cidr)?.bits === 32
          ? []
          : [{ path: "cidr", reason: reasonOf("cidr-syntax", { cidr: spec.cidr }) }]),
      ];
    },
    fieldOf: (field) => (/vpcSubnet/.test(field) ? "subnet" : ruleField(field)),
  },
};

export const ovnDnatKind: ObjectKind<"ovn-dnat", RawRule<RawPorts>> = {
  noun: "ovn-dnat",
  read: (raw) => ({
    state: readyOr(raw.status?.ready),
    facts: {
      ...through(raw),
      ...portFacts(raw.spec),
    },
  }),
  ...ofRule,
  mayEdit: () => immutable("OvnDnatRule not support change"),
  form: {
    manifest: (spec, _project, current) =>
      withSpec("ovn-dnat", spec.name, "", current, {
        ovnEip: spec.eip,
        ...targetSpec(spec),
        ...portManifest(spec),
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      eip: spec?.ovnEip ?? "",
      ipName: spec?.ipName ?? "",
      vpc: spec?.vpc ?? "",
      v4: spec?.v4Ip ?? "",
      ...portSpec(spec),
    }),
    problems: (spec, related) => [
      ...eipProblems(related, "ovn", spec),
      ...targetProblems(spec, related),
      ...portProblems(related, "ovn", spec),
    ],
    fieldOf: ruleField,
  },
};
