/** What a machine needs and what needs it, each looked at as the caller, so that nothing is told that the cluster would not. */
import type { Warning } from "@kubev/api-types/list-query";
import type { VmRelated, VmRelations } from "@kubev/api-types/vm-relations";
import { clusterAnnotations } from "../domain/cluster-labels.ts";
import { hostState } from "../domain/host-state.ts";
import { mapLimited } from "../domain/mapped-limit.ts";
import { subnetState } from "../domain/network-state.ts";
import { reasonOf } from "../domain/reasons.ts";
import { defaultSubnetOf, subnetRefusal } from "../domain/subnet-choice.ts";
import type { RelatedVm } from "../domain/vm-relations.ts";
import { namedByVm, selectsVm } from "../domain/vm-relations.ts";
import type { Caller } from "../identity/callers.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { beside, isAway } from "../kube/beside.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { KubePath, ResourceType } from "../kube/kube-path.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceLabel, resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

type Leaf = VmRelated["needs"][number];
type Kind = VmRelated["kind"];

interface RawThing {
  metadata?: RawMeta;
  status?: { phase?: string; conditions?: { type?: string; status?: string }[]; readyToUse?: boolean };
  spec?: { source?: { name?: string }; selector?: Record<string, string>; type?: string };
}

const readsAtOnce = 6;

/** Null where there is none, undefined where the caller may not know, `failing` where its part of the cluster does not say. */
type Found = RawThing | null | undefined | "failing";

async function look(caller: Caller, path: KubePath): Promise<Found> {
  try {
    return await caller.client.json<RawThing>(path, beside);
  } catch (error) {
    if (isAway(error)) return "failing";
    if (error instanceof KubeError && error.status === 404) return null;
    if (error instanceof KubeError && error.status === 403) return undefined;
    throw error;
  }
}

const leaf = (
  kind: Kind,
  { name, project }: { name: string; project: string },
  found: Found,
  state: { word: string; tone: Leaf["tone"] },
): Leaf => {
  const at = { kind, name, project, state: "" };
  if (found === "failing") return { ...at, presence: "failing", tone: "off" };
  if (found === undefined) return { ...at, presence: "unknown", tone: "off" };
  if (found === null) return { ...at, presence: "missing", tone: "error" };
  return { ...at, presence: "there", state: state.word, tone: state.tone };
};

const there = { word: "", tone: "ok" } as const;

const isThere = (found: Found): found is RawThing =>
  found !== null && found !== undefined && found !== "failing";

function diskState(found: Found): { word: string; tone: Leaf["tone"] } {
  const phase = (isThere(found) ? found.status?.phase : undefined) ?? "";
  if (phase === "Bound" || phase === "Succeeded") return { word: phase, tone: "ok" };
  return { word: phase, tone: phase === "Failed" || phase === "Lost" ? "error" : "working" };
}

function imageState(found: Found): { word: string; tone: Leaf["tone"] } {
  const conditions = isThere(found) ? found.status?.conditions : undefined;
  const ready = conditions?.find(({ type }) => type === "Ready")?.status === "True";
  return ready ? { word: "Ready", tone: "ok" } : { word: "Not ready", tone: "attention" };
}

async function listed(
  caller: Caller,
  type: ResourceType,
  project: string,
): Promise<{ items: RawThing[]; warnings: Warning[] }> {
  const found = await look(caller, collectionPath(type, project));
  if (found === "failing")
    return { items: [], warnings: [{ reason: reasonOf("feed-failing", { resource: resourceLabel(type) }) }] };
  const { items = [] } = (found ?? {}) as { items?: RawThing[] }; // a list's path answers a list
  return { items, warnings: [] };
}

export function vmRelationOperations(services: Services) {
  const { feeds } = services.inventory;

  /** Only what the project may use is told of; the machine's page shows the name and the VPC anyhow. */
  function networkOf(project: string, name: string): VmRelated | null {
    if (name === "") return null;
    const subnet = feeds.subnets.table.get("", name);
    const at = { name, project: "" };
    if (subnet === undefined) return { ...leaf("subnet", at, null, there), needs: [] };
    const vpc = feeds.vpcs.table.get("", subnet.vpc);
    if (subnetRefusal(subnet, vpc, project) !== null)
      return { ...leaf("subnet", at, undefined, there), needs: [] };
    const { status, tone } = subnetState(subnet);
    const vpcAt = { name: subnet.vpc, project: "" };
    return {
      ...leaf("subnet", at, {}, { word: status, tone }),
      needs: [leaf("vpc", vpcAt, vpc === undefined ? null : {}, there)],
    };
  }

  async function hostOf(caller: Caller, name: string): Promise<VmRelated | null> {
    if (name === "") return null;
    const at = { name, project: "" };
    const found = await look(caller, objectPath(types.node, name));
    const host = feeds.hosts.table.get("", name);
    const { status, tone } = host === undefined ? { status: "", tone: "ok" as const } : hostState(host);
    return { ...leaf("host", at, found, { word: status, tone }), needs: [] };
  }

  return {
    getVmRelations: {
      access: "session",
      handle: async ({ caller, params: { project, name } }): Promise<VmRelations> => {
        const vm = await caller.client.json<RelatedVm>(objectPath(types.virtualMachine, name, project));
        const named = namedByVm(vm, project);
        const annotations = vm.spec?.template?.metadata?.annotations ?? {};
        const subnet =
          feeds.ips.table.get("", `${name}.${project}`)?.subnet ??
          annotations[clusterAnnotations.logicalSwitch] ??
          defaultSubnetOf(feeds.projects.table.get("", project), feeds.subnets.table.values());
        const simple = (kind: Kind, at: { name: string; project: string }, path: KubePath) => async () => ({
          ...leaf(kind, at, await look(caller, path), there),
          needs: [],
        });
        const reads: (() => Promise<VmRelated | null>)[] = [];
        for (const [kind, one, clusterType, ownType] of [
          ["instance-type", named.instanceType, types.clusterInstanceType, types.instanceType],
          ["preference", named.preference, types.clusterPreference, types.preference],
        ] as const)
          if (one !== null)
            reads.push(
              one.clusterWide
                ? simple(kind, { name: one.name, project: "" }, objectPath(clusterType, one.name))
                : simple(kind, { name: one.name, project }, objectPath(ownType, one.name, project)),
            );
        for (const disk of named.disks)
          reads.push(async () => {
            const claim = await look(caller, objectPath(types.claim, disk.name, project));
            // a disk is its claim; only where there is none its import tells of it
            const found = claim ?? (await look(caller, objectPath(types.dataVolume, disk.name, project)));
            const { image } = disk;
            const source =
              image === null
                ? undefined
                : await look(caller, objectPath(types.dataSource, image.name, image.project));
            return {
              ...leaf("disk", { name: disk.name, project }, found, diskState(found)),
              needs: image === null ? [] : [leaf("image", image, source, imageState(source))],
            };
          });
        for (const secret of named.secrets)
          reads.push(simple("secret", { name: secret, project }, objectPath(types.secret, secret, project)));
        reads.push(async () => networkOf(project, subnet));
        for (const at of named.attachments)
          reads.push(
            simple("network-attachment", at, objectPath(types.networkAttachment, at.name, at.project)),
          );
        reads.push(async () => hostOf(caller, feeds.instances.table.get(project, name)?.host ?? ""));
        const [needs, snapshots, published] = await Promise.all([
          mapLimited(reads, readsAtOnce, async (read) => read()),
          listed(caller, types.vmSnapshot, project),
          listed(caller, types.service, project),
        ]);
        const nameOf = ({ metadata }: RawThing) => ({ name: metadata?.name ?? "", project });
        return {
          needs: needs.filter((one) => one !== null),
          warnings: [...snapshots.warnings, ...published.warnings],
          neededBy: [
            ...snapshots.items
              .filter(({ spec }) => spec?.source?.name === name)
              .map((one) => ({
                ...leaf(
                  "snapshot",
                  nameOf(one),
                  one,
                  one.status?.readyToUse === true
                    ? { word: "Ready", tone: "ok" }
                    : { word: one.status?.phase ?? "", tone: "working" },
                ),
                needs: [],
              })),
            ...published.items
              .filter(({ spec }) => selectsVm(spec?.selector, vm))
              .map((one) => ({
                ...leaf("service", nameOf(one), one, { word: one.spec?.type ?? "", tone: "ok" }),
                needs: [],
              })),
          ],
        };
      },
    },
  } satisfies Partial<Operations>;
}
