/** Interfaces of hosts, VLANs on them, and attachment definitions for machines' further interfaces. */
import { allowed, denied, reasonOf } from "../../domain/reasons.ts";
import type { RawCondition } from "../../domain/conditions.ts";
import type { RawMeta, RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { withSpec } from "../with-spec.ts";
import { mustExist, nameField, readyOr } from "./network-object.ts";

type RawProvider = RawObject<
  { defaultInterface: string; excludeNodes: string[]; customInterfaces: unknown[] },
  {
    ready: boolean;
    readyNodes: string[];
    notReadyNodes: string[];
    vlans: string[];
    conditions: (RawCondition & { node?: string })[];
  }
>;

export const providerNetworkKind: ObjectKind<"provider-network", RawProvider> = {
  noun: "provider-network",
  read: ({ spec, status }) => ({
    state:
      (status?.notReadyNodes?.length ?? 0) > 0
        ? {
            status: "partly",
            tone: "attention",
            reason: reasonOf("provider-network-hosts", { hosts: (status?.notReadyNodes ?? []).join(", ") }),
          }
        : readyOr(status?.ready),
    facts: {
      interface: spec?.defaultInterface ?? "",
      readyHosts: status?.readyNodes ?? [],
      notReadyHosts: status?.notReadyNodes ?? [],
      vlans: status?.vlans ?? [],
    },
  }),
  sort: { interface: (facts) => facts.interface },
  detail: ({ spec, status }) => ({
    excludedHosts: spec?.excludeNodes ?? [],
    problems: (status?.conditions ?? [])
      .filter((condition) => condition.status !== "True")
      .map((condition) => ({ host: condition.node ?? "", message: condition.message ?? "" })),
  }),
  mayDelete: ({ facts }) =>
    facts.vlans.length > 0 ? denied("provider-network-in-use", { vlans: facts.vlans.join(", ") }) : allowed,
  form: {
    manifest: (spec, _project, current) =>
      withSpec("provider-network", spec.name, "", current, {
        defaultInterface: spec.interface,
        excludeNodes: spec.excludedHosts,
      }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      interface: spec?.defaultInterface ?? "",
      excludedHosts: spec?.excludeNodes ?? [],
    }),
    problems: (spec, { feeds }) =>
      spec.excludedHosts
        .filter((host) => feeds.hosts.table.get("", host) === undefined)
        .map((name) => ({
          path: "excludedHosts",
          reason: reasonOf("named-object-missing", { kind: "Node", name }),
        })),
    fieldOf: (field) =>
      /defaultInterface/.test(field)
        ? "interface"
        : /excludeNodes/.test(field)
          ? "excludedHosts"
          : nameField(field),
  },
};

type RawVlan = RawObject<{ id: number; provider: string }, { subnets: string[]; conflict: boolean }>;

export const vlanKind: ObjectKind<"vlan", RawVlan> = {
  noun: "vlan",
  read: ({ spec, status }) => ({
    state:
      status?.conflict === true
        ? { status: "conflict", tone: "error", reason: reasonOf("vlan-conflict", { id: spec?.id ?? 0 }) }
        : present,
    facts: {
      vlanId: spec?.id ?? 0,
      provider: spec?.provider ?? "",
      subnets: status?.subnets ?? [],
      conflict: status?.conflict === true,
    },
  }),
  sort: { id: (facts) => facts.vlanId, provider: (facts) => facts.provider },
  fields: { provider: { kind: "text", match: "equals", get: (facts) => facts.provider } },
  words: (facts) => [String(facts.vlanId)],
  detail: () => ({}),
  mayDelete: ({ facts }) =>
    facts.subnets.length > 0 ? denied("vlan-in-use", { subnets: facts.subnets.join(", ") }) : allowed,
  form: {
    manifest: (spec, _project, current) =>
      withSpec("vlan", spec.name, "", current, { id: spec.vlanId, provider: spec.provider }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      vlanId: spec?.id ?? 0,
      provider: spec?.provider ?? "",
    }),
    problems: (spec, related) => {
      const rival = [...related.objects("vlan")].find(
        ({ name, facts }) =>
          name !== spec.name && facts.provider === spec.provider && facts.vlanId === spec.vlanId,
      );
      return [
        ...mustExist(related, "provider-network", spec.provider, "provider"),
        ...(rival === undefined
          ? []
          : [
              {
                path: "vlanId",
                reason: reasonOf(
                  "vlan-taken",
                  { id: spec.vlanId, by: rival.name },
                  `provider ${spec.provider} new vlan ${spec.name} conflict with old vlan ${rival.name}`,
                ),
              },
            ]),
      ];
    },
    fieldOf: (field) =>
      /provider/.test(field) ? "provider" : /spec\.id/.test(field) ? "vlanId" : nameField(field),
  },
};

interface RawAttachment {
  metadata?: RawMeta;
  spec?: { config?: string };
}

/** What is read of a CNI configuration: free text of whoever made it, so every part is taken only where it has the right type. */
interface CniConfig {
  type: string;
  provider: string;
  master: string;
  ipamType: string;
  chained: boolean;
}

/** Kube-OVN's daemon listens here on every host (its default). */
const daemonSocket = "/run/openvswitch/kube-ovn-daemon.sock";

function configOf({ spec }: RawAttachment): CniConfig {
  let parsed: Json = {};
  try {
    parsed = objectOf(JSON.parse(spec?.config ?? "{}"));
  } catch {
    // no JSON: shown as text, read as nothing
  }
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    type: text(parsed["type"]),
    provider: text(parsed["provider"]) || text(objectOf(parsed["ipam"])["provider"]),
    master: text(parsed["master"]),
    ipamType: text(objectOf(parsed["ipam"])["type"]),
    chained: Array.isArray(parsed["plugins"]),
  };
}

type Json = Record<string, unknown>;

const objectOf = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

export const networkAttachmentKind: ObjectKind<"network-attachment", RawAttachment> = {
  noun: "network-attachment",
  read: (raw) => {
    const config = configOf(raw);
    return {
      state: present,
      facts: {
        type: config.type || (config.chained ? "chain" : ""),
        provider: config.provider,
        master: config.master,
      },
    };
  },
  sort: { type: (facts) => facts.type },
  fields: { type: { kind: "text", match: "equals", get: (facts) => facts.type } },
  words: (facts) => [facts.provider],
  detail: ({ spec }) => ({ config: spec?.config ?? "" }),
  notes: (raw, { feeds }) => {
    const { provider } = configOf(raw);
    if (provider === "") return [];
    for (const subnet of feeds.subnets.table.values()) if (subnet.provider === provider) return [];
    return [reasonOf("attachment-needs-subnet", { provider })];
  },
  form: {
    manifest: (spec, project, current) => {
      const provider = `${spec.name}.${project}`;
      const config =
        spec.type === "kube-ovn"
          ? {
              cniVersion: "0.3.1",
              type: "kube-ovn",
              server_socket: daemonSocket,
              provider: `${provider}.ovn`,
            }
          : {
              cniVersion: "0.3.1",
              type: "macvlan",
              master: spec.master,
              mode: "bridge",
              ipam: { type: "kube-ovn", server_socket: daemonSocket, provider },
            };
      return withSpec("network-attachment", spec.name, project, current, {
        config: JSON.stringify(config, null, 2),
      });
    },
    spec: (raw) => {
      const config = configOf(raw);
      if (config.type !== "kube-ovn" && config.type !== "macvlan") return null;
      if (config.type === "macvlan" && config.ipamType !== "kube-ovn") return null;
      return { name: raw.metadata?.name ?? "", type: config.type, master: config.master };
    },
    problems: (spec) =>
      spec.type === "macvlan" && spec.master === ""
        ? [{ path: "master", reason: reasonOf("field-required") }]
        : [],
    fieldOf: nameField,
  },
};
