/** Services: how a machine or a workload is reached by a name, a port of every host, or an address of its own. */
import { clusterLabels } from "../../domain/cluster-labels.ts";
import { reasonOf } from "../../domain/reasons.ts";
import type { RawObject } from "../../inventory/raw.ts";
import { listVms } from "../../inventory/vms.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";

interface RawPort {
  name?: string;
  protocol?: string;
  port?: number;
  targetPort?: number | string;
  nodePort?: number;
}

type RawService = RawObject<
  {
    type: string;
    clusterIP: string;
    clusterIPs: string[];
    externalIPs: string[];
    selector: Record<string, string>;
    ports: RawPort[];
  },
  { loadBalancer: { ingress?: { ip?: string; hostname?: string }[] } }
>;

const portText = ({ port, protocol, nodePort }: RawPort) =>
  `${port ?? 0}${nodePort ? `:${nodePort}` : ""}/${protocol ?? "TCP"}`;

const protocolOf = (port: RawPort) =>
  port.protocol === "UDP" || port.protocol === "SCTP" ? port.protocol : "TCP";

export const serviceKind: ObjectKind<"service", RawService> = {
  noun: "service",
  read: ({ spec, status }) => {
    const type = spec?.type ?? "ClusterIP";
    const given = (status?.loadBalancer?.ingress ?? []).flatMap((one) => one.ip ?? one.hostname ?? []);
    return {
      state:
        type === "LoadBalancer" && given.length === 0
          ? { status: "pending", tone: "working", reason: reasonOf("load-balancer-waiting") }
          : present,
      facts: {
        type,
        clusterIps: (spec?.clusterIPs ?? [spec?.clusterIP ?? ""]).filter((ip) => ip !== ""),
        externalIps: [...given, ...(spec?.externalIPs ?? [])],
        ports: (spec?.ports ?? []).map(portText),
      },
    };
  },
  sort: { type: (facts) => facts.type },
  fields: { type: { kind: "text", match: "equals", get: (facts) => facts.type } },
  words: (facts) => [...facts.clusterIps, ...facts.externalIps],
  detail: ({ spec }) => ({
    selector: spec?.selector ?? {},
    ports: (spec?.ports ?? []).map((port) => ({
      name: port.name ?? "",
      protocol: protocolOf(port),
      port: port.port ?? 0,
      targetPort: port.targetPort ?? port.port ?? 0,
      ...(port.nodePort ? { nodePort: port.nodePort } : {}),
    })),
  }),
  // a name that nothing has is no mistake: the machine may come after its service
  notes: async ({ metadata, spec }, { feeds }, rights) => {
    const name = spec?.selector?.[clusterLabels.machine];
    const project = metadata?.namespace ?? "";
    if (name === undefined || !feeds.vms.complete || !feeds.instances.complete) return [];
    if (!(await rights.can(listVms, project))) return []; // which machines there are is told by nothing else either
    const isThere =
      feeds.vms.table.get(project, name) !== undefined ||
      feeds.instances.table.get(project, name) !== undefined;
    return isThere ? [] : [reasonOf("service-no-machine", { name, project })];
  },
  form: {
    manifest: (spec, project, current) => ({
      ...current,
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...current?.metadata, name: spec.name, namespace: project },
      spec: {
        ...current?.spec,
        type: spec.type,
        selector: { ...current?.spec?.selector, [clusterLabels.machine]: spec.machine },
        ports: spec.ports.map((port) => ({
          // the API wants a name as soon as there are two
          name: port.name || (spec.ports.length > 1 ? `${port.protocol.toLowerCase()}-${port.port}` : ""),
          protocol: port.protocol,
          port: port.port,
          targetPort: port.targetPort,
          ...(port.nodePort === undefined || spec.type === "ClusterIP" ? {} : { nodePort: port.nodePort }),
        })),
      },
    }),
    spec: ({ metadata, spec }) => {
      const machine = spec?.selector?.[clusterLabels.machine];
      const type = spec?.type ?? "ClusterIP";
      if (machine === undefined || (type !== "ClusterIP" && type !== "NodePort" && type !== "LoadBalancer"))
        return null;
      const ports = spec?.ports ?? [];
      if (ports.some((port) => typeof port.targetPort === "string")) return null;
      return {
        name: metadata?.name ?? "",
        type,
        machine,
        ports: ports.map((port) => ({
          name: port.name ?? "",
          protocol: protocolOf(port),
          port: port.port ?? 1,
          targetPort: Number(port.targetPort ?? port.port ?? 1),
          ...(port.nodePort ? { nodePort: port.nodePort } : {}),
        })),
      };
    },
    fieldOf: (field) => {
      const port = /ports\[(\d+)\](?:\.(\w+))?/.exec(field);
      if (port !== null) return `ports.${port[1] ?? "0"}.${port[2] ?? "port"}`;
      if (/ports/.test(field)) return "ports";
      return /metadata\.name|^name/.test(field) ? "name" : /selector/.test(field) ? "machine" : null;
    },
  },
};
