/** Egress gateways of VPCs: pods of a project through which chosen subnets leave with an external address. */
import { parseCidr } from "../../domain/ip-math.ts";
import { reasonOf } from "../../domain/reasons.ts";
import { defaultVpc } from "../../domain/subnet-choice.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { withSpec } from "../with-spec.ts";
import { mustExist, nameField, readyOr, subnetProblem } from "./network-object.ts";

interface RawPolicy {
  snat?: boolean;
  subnets?: string[];
  ipBlocks?: string[];
}

type RawEgress = RawObject<
  {
    vpc: string;
    replicas: number;
    internalSubnet: string;
    externalSubnet: string;
    policies: RawPolicy[];
    selectors: unknown[];
    trafficPolicy: string;
  },
  {
    phase: string;
    ready: boolean;
    internalIPs: string[];
    externalIPs: string[];
    workload: { nodes?: string[] };
  }
>;

const policiesOf = (policies: readonly RawPolicy[] | undefined) =>
  (policies ?? []).map(({ snat, subnets, ipBlocks }) => ({
    snat: snat === true,
    subnets: subnets ?? [],
    ipBlocks: ipBlocks ?? [],
  }));

export const vpcEgressGatewayKind: ObjectKind<"vpc-egress-gateway", RawEgress> = {
  noun: "vpc-egress-gateway",
  read: ({ spec, status }) => ({
    state: readyOr(status?.ready),
    facts: {
      vpc: spec?.vpc ?? defaultVpc,
      replicas: spec?.replicas ?? 1,
      externalSubnet: spec?.externalSubnet ?? "",
      internalIps: status?.internalIPs ?? [],
      externalIps: status?.externalIPs ?? [],
      hosts: status?.workload?.nodes ?? [],
    },
  }),
  sort: { vpc: (facts) => facts.vpc },
  fields: { vpc: { kind: "text", match: "equals", get: (facts) => facts.vpc } },
  words: (facts) => [...facts.externalIps, ...facts.internalIps],
  detail: ({ spec }) => ({
    policies: policiesOf(spec?.policies),
    internalSubnet: spec?.internalSubnet ?? "",
    trafficPolicy: spec?.trafficPolicy ?? "Cluster",
  }),
  form: {
    manifest: (spec, project, current) =>
      withSpec("vpc-egress-gateway", spec.name, project, current, {
        vpc: spec.vpc,
        replicas: spec.replicas,
        ...(spec.internalSubnet === "" ? {} : { internalSubnet: spec.internalSubnet }),
        externalSubnet: spec.externalSubnet,
        policies: spec.policies.map(({ snat, subnets, ipBlocks }) => ({
          snat,
          ...(subnets.length > 0 ? { subnets } : {}),
          ...(ipBlocks.length > 0 ? { ipBlocks } : {}),
        })),
        trafficPolicy: spec.trafficPolicy,
      }),
    spec: ({ metadata, spec }) =>
      (spec?.selectors?.length ?? 0) > 0
        ? null
        : {
            name: metadata?.name ?? "",
            vpc: spec?.vpc ?? defaultVpc,
            replicas: spec?.replicas ?? 1,
            internalSubnet: spec?.internalSubnet ?? "",
            externalSubnet: spec?.externalSubnet ?? "",
            policies: policiesOf(spec?.policies),
            trafficPolicy: spec?.trafficPolicy === "Local" ? "Local" : "Cluster",
          },
    problems: (spec, related) => [
      ...mustExist(related, "vpc", spec.vpc, "vpc"),
      ...subnetProblem(related, spec.externalSubnet, "externalSubnet"),
      ...(spec.internalSubnet === ""
        ? []
        : subnetProblem(related, spec.internalSubnet, "internalSubnet", spec.vpc)),
      ...spec.policies.flatMap((policy, at) => [
        ...policy.subnets.flatMap((name) => subnetProblem(related, name, `policies.${at}.subnets`, spec.vpc)),
        ...policy.ipBlocks
          .filter((text) => parseCidr(text) === null)
          .map((cidr) => ({ path: `policies.${at}.ipBlocks`, reason: reasonOf("cidr-syntax", { cidr }) })),
        // the CRD's own rule, which not every server evaluates
        ...(policy.subnets.length + policy.ipBlocks.length === 0
          ? [{ path: `policies.${at}.subnets`, reason: reasonOf("field-required") }]
          : []),
      ]),
    ],
    fieldOf: (field) => {
      const line = /policies\[(\d+)\]/.exec(field);
      if (line !== null) return `policies.${line[1] ?? "0"}.subnets`;
      return /externalSubnet|internalSubnet|replicas|vpc/.exec(field)?.[0] ?? nameField(field);
    },
  },
};
