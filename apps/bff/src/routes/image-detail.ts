/** One image read as the caller: its DataSource, what holds it and fills it, why it is not ready, and what was made of it. */
import type { DiskCause } from "@kubev/api-types/disk-detail";
import { type ImageDetail, maxMadeOfImage } from "@kubev/api-types/image-detail";
import { sees } from "../access/scope.ts";
import { clusterLabels } from "../domain/cluster-labels.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import { notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { recordKey } from "../inventory/feed-table.ts";
import type { ImageEntry } from "../inventory/images.ts";
import { naturalKey } from "../inventory/sorted-entries.ts";
import { conditionsOf, type RawCondition } from "../domain/conditions.ts";
import type { RawObject } from "../inventory/raw.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import {
  causesOf,
  type DiskObjects,
  fillingOf,
  type RawClaim,
  type RawDataVolume,
  readIfAllowed,
} from "./disk-detail.ts";

type RawDataSource = RawObject<never, { conditions: RawCondition[] }>;

/** CDI marks with it what a claim holds. */
const contentTypeAnnotation = "cdi.kubevirt.io/storage.contentType";

/** @throws ApiProblem `not-found` for an image that is not there or not the caller's to see */
export async function visibleImage(
  services: Services,
  caller: Caller,
  project: string,
  name: string,
): Promise<ImageEntry> {
  const entry = await visibleEntry(services.nouns.images, caller.rights, recordKey(project, name));
  if (entry === undefined) throw notFound();
  return entry;
}

/** The claim and DataVolume behind it, as far as the caller may read them. */
export async function imageObjects(caller: Caller, { image }: ImageEntry): Promise<DiskObjects> {
  const { claimName, claimNamespace } = image;
  if (claimName === "") return { claim: undefined, dataVolume: undefined };
  const [claim, dataVolume] = await Promise.all([
    readIfAllowed<RawClaim>(caller, types.claim, claimName, claimNamespace),
    readIfAllowed<RawDataVolume>(caller, types.dataVolume, claimName, claimNamespace),
  ]);
  return { claim, dataVolume };
}

interface Place {
  project: string;
  name: string;
}

const byName = (a: Place, b: Place) =>
  naturalKey(a.name).localeCompare(naturalKey(b.name)) || a.project.localeCompare(b.project);

const counted = (found: readonly Place[]): ImageDetail["machines"] => ({
  total: found.length,
  named: found.toSorted(byName).slice(0, maxMadeOfImage),
});

/** Machines and disks whose content came from it, of those that the caller may see. */
async function madeOf(
  { nouns }: Services,
  caller: Caller,
  { image }: ImageEntry,
): Promise<Pick<ImageDetail, "machines" | "disks">> {
  const key = recordKey(image.namespace, image.name);
  nouns.vms.flush();
  nouns.disks.flush();
  const [seesMachines, seesDisks] = await Promise.all([
    nouns.vms.scope(caller.rights),
    nouns.disks.scope(caller.rights),
  ]);
  const machines: Place[] = [];
  for (const { project, vm } of nouns.vms.index.values())
    if (vm.images.includes(key) && sees(seesMachines, project, vm.name))
      machines.push({ project, name: vm.name });
  const disks: Place[] = [];
  for (const { project, name, dataVolume } of nouns.disks.index.values())
    if (dataVolume?.image === key && sees(seesDisks, project, name)) disks.push({ project, name });
  return { machines: counted(machines), disks: counted(disks) };
}

function ownCause(name: string, source: RawDataSource | undefined): DiskCause[] {
  return (source?.status?.conditions ?? [])
    .filter((one) => one.type === "Ready" && one.status !== "True")
    .flatMap(({ reason, message }) =>
      message ? [{ kind: "DataSource", name, reason: reason ?? "", message }] : [],
    );
}

export async function imageDetailOf(
  services: Services,
  caller: Caller,
  entry: ImageEntry,
): Promise<ImageDetail> {
  const { image } = entry;
  const { namespace: project, name, claimName, claimNamespace, snapshotName } = image;
  const { nouns, inventory } = services;
  const [makeRow, source, objects, disks, snapshots, made] = await Promise.all([
    nouns.images.rowMaker(caller.rights, [entry]),
    readIfAllowed<RawDataSource>(caller, types.dataSource, name, project),
    imageObjects(caller, entry),
    nouns.disks.scope(caller.rights),
    nouns["volume-snapshot"].scope(caller.rights),
    madeOf(services, caller, entry),
  ]);
  const row = makeRow(entry);
  // anybody may point an image of his at any claim: of another project's nothing is told to who may not see it
  const known =
    claimNamespace === project || sees(disks, claimNamespace, claimName)
      ? inventory.feeds.claims.table.get(claimNamespace, claimName)
      : undefined;
  const { claim, dataVolume } = objects;
  const causes =
    row.state.status === "ready"
      ? []
      : [
          ...(claim === undefined && dataVolume === undefined
            ? []
            : await causesOf(caller, claimNamespace, claimName, objects)),
          ...ownCause(name, source),
        ];
  return {
    row,
    causes,
    source: fillingOf(dataVolume, claimNamespace),
    held:
      claimName !== ""
        ? {
            kind: "disk",
            project: claimNamespace,
            name: claimName,
            shown: sees(disks, claimNamespace, claimName),
          }
        : snapshotName !== ""
          ? { kind: "snapshot", project, name: snapshotName, shown: sees(snapshots, project, snapshotName) }
          : null,
    contentType: claim?.metadata?.annotations?.[contentTypeAnnotation] ?? "",
    volumeMode: known?.volumeMode ?? "",
    accessModes: [...(known?.accessModes ?? [])],
    conditions: conditionsOf(source?.status?.conditions),
    schedule: source?.metadata?.labels?.[clusterLabels.importCron] ?? null,
    ...made,
  };
}
