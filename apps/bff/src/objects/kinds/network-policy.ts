/** Network policies: what may reach the machines and pods of a project, and what they may reach. */
import type { PolicyRule } from "@kubev/api-types/objects/network-policy";
import { clusterLabels } from "../../domain/cluster-labels.ts";
import { parseCidr } from "../../domain/ip-math.ts";
import { reasonOf } from "../../domain/reasons.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { withSpec } from "../with-spec.ts";
import { nameField } from "./network-object.ts";

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: unknown[];
}

interface RawPeer {
  namespaceSelector?: Selector;
  podSelector?: Selector;
  ipBlock?: { cidr?: string; except?: string[] };
}

interface RawRule {
  from?: RawPeer[];
  to?: RawPeer[];
  ports?: { protocol?: string; port?: number | string; endPort?: number }[];
}

type RawPolicy = RawObject<{
  podSelector: Selector;
  policyTypes: string[];
  ingress: RawRule[];
  egress: RawRule[];
}>;

const projectLabel = "kubernetes.io/metadata.name";

/** The value of the one label that the selector asks for; null when it asks for more or other things. */
function onlyLabel(selector: Selector | undefined, label: string): string | null {
  const labels = Object.entries(selector?.matchLabels ?? {});
  if ((selector?.matchExpressions?.length ?? 0) > 0 || labels.length !== 1) return null;
  return labels[0]?.[0] === label ? (labels[0][1] ?? null) : null;
}

const isEmpty = (selector: Selector | undefined) =>
  Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions?.length ?? 0) === 0;

function peerOf(peer: RawPeer | undefined): Pick<PolicyRule, "peer" | "value"> | null {
  if (peer === undefined) return { peer: "anywhere", value: "" };
  if (peer.ipBlock !== undefined)
    return peer.ipBlock.except?.length || !peer.ipBlock.cidr
      ? null
      : { peer: "cidr", value: peer.ipBlock.cidr };
  if (peer.namespaceSelector !== undefined) {
    const project = onlyLabel(peer.namespaceSelector, projectLabel);
    return project === null || peer.podSelector !== undefined ? null : { peer: "project", value: project };
  }
  const machine = onlyLabel(peer.podSelector, clusterLabels.machine);
  return machine === null ? null : { peer: "machine", value: machine };
}

/** Each peer with each port as one rule; null when the policy says more than such rules can. */
function rulesOf(raw: RawPolicy): PolicyRule[] | null {
  const rules: PolicyRule[] = [];
  for (const direction of ["in", "out"] as const) {
    for (const rule of (direction === "in" ? raw.spec?.ingress : raw.spec?.egress) ?? []) {
      const peers = (direction === "in" ? rule.from : rule.to) ?? [];
      for (const peer of peers.length === 0 ? [undefined] : peers) {
        const named = peerOf(peer);
        if (named === null) return null;
        for (const port of rule.ports?.length ? rule.ports : [undefined]) {
          if (typeof port?.port === "string" || port?.endPort !== undefined || port?.protocol === "SCTP")
            return null;
          rules.push({
            direction,
            ...named,
            protocol: port === undefined ? "any" : port.protocol === "UDP" ? "UDP" : "TCP",
            ...(port?.port === undefined ? {} : { port: port.port }),
          });
        }
      }
    }
  }
  return rules;
}

function rawPeers({ peer, value }: PolicyRule): RawPeer[] {
  switch (peer) {
    case "anywhere":
      return [];
    case "cidr":
      return [{ ipBlock: { cidr: value } }];
    case "project":
      return [{ namespaceSelector: { matchLabels: { [projectLabel]: value } } }];
    case "machine":
      return [{ podSelector: { matchLabels: { [clusterLabels.machine]: value } } }];
  }
}

function rawRule(rule: PolicyRule): RawRule {
  const peers = rawPeers(rule);
  const { protocol, port } = rule;
  return {
    ...(peers.length === 0 ? {} : rule.direction === "in" ? { from: peers } : { to: peers }),
    ...(protocol === "any" ? {} : { ports: [{ protocol, ...(port === undefined ? {} : { port }) }] }),
  };
}

/** Without types, Kubernetes takes Ingress, and Egress where there are such rules. */
function typesOf({ spec }: RawPolicy): readonly string[] {
  return spec?.policyTypes ?? (spec?.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"]);
}

export const networkPolicyKind: ObjectKind<"network-policy", RawPolicy> = {
  noun: "network-policy",
  read: (raw) => {
    const selector = raw.spec?.podSelector;
    const types = typesOf(raw);
    return {
      state: present,
      facts: {
        appliesTo:
          onlyLabel(selector, clusterLabels.machine) ??
          Object.entries(selector?.matchLabels ?? {})
            .map(([key, value]) => `${key}=${value}`)
            .join(", "),
        restrictsIn: types.includes("Ingress"),
        restrictsOut: types.includes("Egress"),
        rulesIn: raw.spec?.ingress?.length ?? 0,
        rulesOut: raw.spec?.egress?.length ?? 0,
      },
    };
  },
  detail: (raw) => ({ rules: rulesOf(raw) }),
  form: {
    manifest: (spec, project, current) =>
      withSpec("network-policy", spec.name, project, current, {
        podSelector: spec.machine === "" ? {} : { matchLabels: { [clusterLabels.machine]: spec.machine } },
        policyTypes: [...(spec.restrictsIn ? ["Ingress"] : []), ...(spec.restrictsOut ? ["Egress"] : [])],
        ingress: spec.restrictsIn ? spec.rules.filter((rule) => rule.direction === "in").map(rawRule) : [],
        egress: spec.restrictsOut ? spec.rules.filter((rule) => rule.direction === "out").map(rawRule) : [],
      }),
    spec: (raw) => {
      const selector = raw.spec?.podSelector;
      const rules = rulesOf(raw);
      const machine = isEmpty(selector) ? "" : onlyLabel(selector, clusterLabels.machine);
      if (rules === null || machine === null) return null;
      const types = typesOf(raw);
      return {
        name: raw.metadata?.name ?? "",
        machine,
        restrictsIn: types.includes("Ingress"),
        restrictsOut: types.includes("Egress"),
        rules,
      };
    },
    problems: (spec) => [
      ...(spec.restrictsIn || spec.restrictsOut
        ? []
        : [{ path: "restrictsIn", reason: reasonOf("field-required") }]),
      ...spec.rules.flatMap((rule, at) => {
        if (rule.peer === "anywhere") return [];
        const path = `rules.${at}.value`;
        if (rule.value === "") return [{ path, reason: reasonOf("field-required") }];
        return rule.peer === "cidr" && parseCidr(rule.value) === null
          ? [{ path, reason: reasonOf("cidr-syntax", { cidr: rule.value }) }]
          : [];
      }),
    ],
    fieldOf: nameField,
  },
};
