/** VPCs and subnets: one, a new one checked first, and taking one away. */
import type { FieldError } from "@kubev/api-types/errors";
import type { SubnetDetail, SubnetPreview } from "@kubev/api-types/subnets";
import { maxAddressRows } from "@kubev/api-types/subnets";
import type { VpcDetail } from "@kubev/api-types/vpcs";
import { inScope } from "../access/rights.ts";
import { spaceBlock, spaceSegments } from "../domain/address-space.ts";
import { cidrsOverlap, cidrText, parseCidr, parseIp } from "../domain/ip-math.ts";
import { subnetManifest, vpcManifest } from "../domain/network-manifests.ts";
import { toYaml } from "../domain/object-text.ts";
import type { IpRecord } from "../domain/platform-records.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { NetworkFacts } from "../domain/subnet-rules.ts";
import { subnetNotes, subnetProblems, validCidrs, vpcProblems } from "../domain/subnet-rules.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import type { ClusterManifest } from "../domain/network-manifests.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { isVisible } from "../inventory/list-query.ts";
import { networkRights } from "../inventory/network-index.ts";
import type { Noun } from "../inventory/noun.ts";
import type { RawCondition, RawObject } from "../inventory/raw.ts";
import { vmScope } from "../inventory/vms.ts";
import { waitForEntry } from "../inventory/wait-for-entry.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

const showWithinMs = 5000;

type RawSubnet = RawObject<
  {
    excludeIps: string[];
    allowSubnets: string[];
    enableDHCP: boolean;
    gatewayType: string;
    acls: unknown[];
  },
  { conditions: RawCondition[] }
>;

type RawVpc = RawObject<
  {
    defaultSubnet: string;
    enableExternal: boolean;
    staticRoutes: { cidr?: string; nextHopIP?: string; policy?: string }[];
    policyRoutes: { priority?: number; match?: string; action?: string; nextHopIP?: string }[];
    vpcPeerings: { remoteVpc?: string; localConnectIP?: string }[];
  },
  { defaultLogicalSwitch: string }
>;

function subnetSettings({ spec, status }: RawSubnet): SubnetDetail["settings"] {
  return {
    excludeIps: spec?.excludeIps ?? [],
    allowSubnets: spec?.allowSubnets ?? [],
    enableDhcp: spec?.enableDHCP === true,
    gatewayType: spec?.gatewayType ?? "",
    aclCount: spec?.acls?.length ?? 0,
    conditions: (status?.conditions ?? []).map((condition) => ({
      type: condition.type ?? "",
      status: condition.status ?? "",
      reason: condition.reason ?? "",
      message: condition.message ?? "",
    })),
  };
}

function vpcSettings({ spec, status }: RawVpc): VpcDetail["settings"] {
  return {
    defaultSubnet: spec?.defaultSubnet || status?.defaultLogicalSwitch || "",
    enableExternal: spec?.enableExternal === true,
    staticRoutes: (spec?.staticRoutes ?? []).map((route) => ({
      cidr: route.cidr ?? "",
      nextHop: route.nextHopIP ?? "",
      by: route.policy === "policySrc" ? "source" : "destination",
    })),
    policyRoutes: (spec?.policyRoutes ?? []).map((route) => ({
      priority: route.priority ?? 0,
      match: route.match ?? "",
      action: route.action ?? "",
      nextHop: route.nextHopIP ?? "",
    })),
    peerings: (spec?.vpcPeerings ?? []).map((peering) => ({
      remoteVpc: peering.remoteVpc ?? "",
      localConnectIp: peering.localConnectIP ?? "",
    })),
  };
}

/** Orders addresses as numbers. */
const addressValue = (ip: IpRecord) => parseIp(ip.ips[0] ?? "")?.value ?? 0n;

/** Fields of Subnet and Vpc to fields of their forms. */
function networkFormField(field: string): string | null {
  if (/cidrBlock/.test(field)) return "cidrV4";
  if (/gateway/.test(field)) return "gatewayV4";
  if (/excludeIps/.test(field)) return "excludeIps";
  if (/allowSubnets/.test(field)) return "allowSubnets";
  if (/namespaces/.test(field)) return "projects";
  if (/staticRoutes/.test(field)) return "staticRoutes";
  if (/spec\.vpc/.test(field)) return "vpc";
  return /metadata\.name|^name/.test(field) ? "name" : null;
}

export function networkOperations(services: Services) {
  const { nouns, inventory } = services;
  const { feeds } = inventory;

  const facts = (): NetworkFacts => ({
    subnets: [...feeds.subnets.table.values()],
    vpcs: [...feeds.vpcs.table.values()],
    hosts: [...feeds.hosts.table.values()],
    projects: feeds.projects.complete
      ? new Set([...feeds.projects.table.values()].map((project) => project.name))
      : null,
  });

  async function visible<E extends ListEntry, Row>(
    noun: Noun<E, Row>,
    caller: Caller,
    name: string,
  ): Promise<E> {
    noun.flush();
    const entry = noun.index.get(name);
    if (entry === undefined || !isVisible(entry, await noun.scope(caller.rights))) throw notFound();
    return entry;
  }

  /** The cluster's own word on a new object, before ours: a stranger learns nothing from the checks. */
  async function dryRun(caller: Caller, type: ResourceType, manifest: ClusterManifest): Promise<void> {
    try {
      await caller.client.json(collectionPath(type), {
        method: "POST",
        query: { dryRun: "All", fieldValidation: "Strict" },
        body: manifest,
      });
    } catch (error) {
      if (error instanceof KubeError && error.reason === "AlreadyExists") return; // our own check says it at the field
      throw error instanceof KubeError ? problemOfKubeError(error, networkFormField) : error;
    }
  }

  async function create<E extends ListEntry, Row>(
    caller: Caller,
    noun: Noun<E, Row>,
    type: ResourceType,
    manifest: ClusterManifest,
    problems: () => FieldError[],
  ): Promise<Row> {
    await dryRun(caller, type, manifest);
    const fields = problems();
    if (fields.length > 0)
      throw new ApiProblem(
        fields.some((field) => field.reason.code === "name-taken") ? "already-exists" : "invalid",
        { reason: fields[0]?.reason, fields },
      );
    try {
      await caller.client.json(collectionPath(type), {
        method: "POST",
        query: { fieldValidation: "Strict" },
        body: manifest,
      });
    } catch (error) {
      throw error instanceof KubeError ? problemOfKubeError(error, networkFormField) : error;
    }
    const entry = await waitForEntry(noun, manifest.metadata.name, showWithinMs);
    if (entry === undefined)
      throw new ApiProblem("upstream-timeout", { reason: reasonOf("upstream-silent") });
    return (await noun.rowMaker(caller.rights, []))(entry);
  }

  /** Deletes as the caller what he sees, unless the rule says no; the rule's reason and the right's are the row's own. */
  async function remove<E extends ListEntry>(
    caller: Caller,
    noun: Noun<E, { actions: { delete: VpcDetail["row"]["actions"]["delete"] } }>,
    type: ResourceType,
    name: string,
  ): Promise<null> {
    const entry = await visible(noun, caller, name);
    const decision = (await noun.rowMaker(caller.rights, []))(entry).actions.delete;
    if (!decision.allowed && decision.reason.code !== "no-permission")
      throw new ApiProblem("conflict", { reason: decision.reason });
    await caller.client.json(objectPath(type, name), {
      method: "DELETE",
      body: { preconditions: { uid: entry.uid } },
    });
    return null;
  }

  async function requireRight(caller: Caller, right: NeededRight): Promise<void> {
    if (!(await caller.rights.can(right, "")))
      throw new ApiProblem("forbidden", {
        reason: reasonOf("no-permission", { verb: right.verb, resource: right.resource }),
      });
  }

  return {
    getVpc: {
      access: "session",
      handle: async ({ caller, params: { name } }) => {
        const { rights, client } = caller;
        const entry = await visible(nouns.vpcs, caller, name);
        const row = (await nouns.vpcs.rowMaker(rights, []))(entry);
        const subnetRow = await nouns.subnets.rowMaker(rights, []);
        const raw = (await rights.can(networkRights.getVpc, ""))
          ? await client.json<RawVpc>(objectPath(types.vpc, name))
          : null;
        return {
          row,
          subnets: row.subnets.flatMap((subnet) => {
            const found = nouns.subnets.index.get(subnet);
            return found === undefined ? [] : [subnetRow(found)];
          }),
          settings: raw === null ? null : vpcSettings(raw),
        };
      },
    },
    createVpc: {
      access: "session",
      status: 201,
      audit: ({ body }) => ({
        action: "create",
        noun: "vpc",
        name: body.name,
        diff: [{ path: "", new: body }],
      }),
      handle: async ({ caller, body }) =>
        create(caller, nouns.vpcs, types.vpc, vpcManifest(body), () => vpcProblems(body, facts())),
    },
    deleteVpc: {
      access: "session",
      audit: ({ params }) => ({ action: "delete", noun: "vpc", name: params.name, diff: [] }),
      handle: async ({ caller, params }) => remove(caller, nouns.vpcs, types.vpc, params.name),
    },
    getSubnet: {
      access: "session",
      handle: async ({ caller, params: { name } }) => {
        const { rights, client } = caller;
        const entry = await visible(nouns.subnets, caller, name);
        const [row, machines, allAddresses, mayRead] = await Promise.all([
          nouns.subnets.rowMaker(rights, []),
          vmScope(rights),
          rights.can(networkRights.listIps, ""),
          rights.can(networkRights.getSubnet, ""),
        ]);
        const held = nouns.networkIndex.addressesOf(name);
        const raw = mayRead ? await client.json<RawSubnet>(objectPath(types.subnet, name)) : null;
        return {
          row: row(entry),
          addresses: held
            .filter((ip) => allAddresses || inScope(machines, ip.podNamespace))
            .toSorted((a, b) => (addressValue(a) < addressValue(b) ? -1 : 1))
            .slice(0, maxAddressRows)
            .map((ip) => ({
              ips: [...ip.ips],
              mac: ip.mac,
              name: ip.podName === "" ? ip.name : ip.podName,
              project: ip.podNamespace,
              kind: ip.podName === "" ? "reserved" : ip.podType === "VirtualMachine" ? "machine" : "pod",
            })),
          addressesTotal: held.length,
          settings: raw === null ? null : subnetSettings(raw),
        };
      },
    },
    previewSubnet: {
      access: "session",
      handle: async ({ caller, body: { prefix, ...subnet } }): Promise<SubnetPreview> => {
        await requireRight(caller, networkRights.createSubnet);
        const known = facts();
        const fields = subnetProblems(subnet, known);
        if (subnet.name === "") fields.unshift({ path: "name", reason: reasonOf("field-required") });
        const vpc = known.vpcs.find((one) => one.name === subnet.vpc);
        const { v4, v6 } = validCidrs(subnet);
        const taken = known.subnets
          .filter((one) => one.vpc === subnet.vpc && one.vlan === "")
          .flatMap((one) =>
            one.cidrs.flatMap((text) => {
              const cidr = parseCidr(text);
              return cidr === null || cidr.bits !== 32 ? [] : [{ name: one.name, cidr }];
            }),
          );
        const hosts = vpc?.isDefault === true ? known.hosts.map((host) => parseCidr(`${host.ip}/32`)) : [];
        const reserved = hosts
          .filter((cidr) => cidr !== null && cidr.bits === 32)
          .filter((cidr) => cidr !== null);
        const { block, nextFree } = spaceBlock(taken, reserved, v4, prefix);
        const manifest = subnetManifest(subnet);
        if (fields.length === 0)
          await dryRun(caller, types.subnet, manifest).catch((error: unknown) => {
            if (!(error instanceof ApiProblem) || error.code === "forbidden") throw error;
            const own = error.details.fields ?? [];
            const whole = error.details.reason ?? reasonOf("dry-run-refused");
            fields.push(...(own.length > 0 ? own : [{ path: "", reason: whole }]));
          });
        return {
          creatable: fields.length === 0,
          fields,
          notes: subnetNotes(subnet, vpc),
          space: {
            block: cidrText(block),
            segments: spaceSegments(block, taken, v4),
            outside: taken
              .filter(({ cidr }) => !cidrsOverlap(block, cidr))
              .map(({ name, cidr }) => ({ name, cidr: cidrText(cidr) })),
          },
          nextFree: nextFree === null ? null : cidrText(nextFree),
          addressCount:
            [v4, v6].flatMap((cidr) => (cidr === null ? [] : [String(cidr.last - cidr.first + 1n)]))[0] ?? "",
          yaml: toYaml(manifest),
        };
      },
    },
    createSubnet: {
      access: "session",
      status: 201,
      audit: ({ body }) => ({
        action: "create",
        noun: "subnet",
        name: body.name,
        diff: [{ path: "", new: body }],
      }),
      handle: async ({ caller, body }) =>
        create(caller, nouns.subnets, types.subnet, subnetManifest(body), () =>
          subnetProblems(body, facts()),
        ),
    },
    deleteSubnet: {
      access: "session",
      audit: ({ params }) => ({ action: "delete", noun: "subnet", name: params.name, diff: [] }),
      handle: async ({ caller, params }) => remove(caller, nouns.subnets, types.subnet, params.name),
    },
  } satisfies Partial<Operations>;
}
