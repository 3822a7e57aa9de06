/** Disks as a noun: a claim and the DataVolume that fills it under one name. */
import { diskRow, type DiskRow } from "@kubev/api-types/disks";
import type { ActionDecision } from "@kubev/api-types/reason";
import { type Scope, sees } from "../access/scope.ts";
import type { Rights } from "../access/rights.ts";
import {
  mayAttachDisk,
  mayCloneDisk,
  mayDeleteDisk,
  mayResizeDisk,
  mayUploadDisk,
  maySnapshotDisk,
} from "../domain/disk-actions.ts";
import type { DiskState } from "../domain/disk-state.ts";
import { diskState } from "../domain/disk-state.ts";
import { allowed, denied } from "../domain/reasons.ts";
import type { RunningUpload } from "../domain/upload-state.ts";
import { uploadRight, uploadState } from "../domain/upload-state.ts";
import type { ClaimRecord, DataVolumeRecord } from "../domain/storage-records.ts";
import type { RecordBase, VmRecord } from "../domain/vm-records.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import { DirtyKeys } from "./dirty-keys.ts";
import { recordKey } from "./feed-table.ts";
import type { ImageIndex } from "./images.ts";
import type { Feeds } from "./inventory.ts";
import type { ListEntry } from "./list-index.ts";
import { ListIndex } from "./list-index.ts";
import { naturalKey } from "./sorted-entries.ts";
import type { RunningUploads } from "./running-uploads.ts";
import type { ListDefinition } from "./list-query.ts";
import type { Noun } from "./noun.ts";
import { sharedState } from "./shared-state.ts";
import type { VmIndex } from "./vm-index.ts";
import { vmScope } from "./vms.ts";

export interface DiskEntry extends ListEntry {
  name: string;
  claim: ClaimRecord | undefined;
  dataVolume: DataVolumeRecord | undefined;
  state: DiskState;
  progressPercent: number | null;
  sizeBytes: number | null;
  storageClass: string;
  usedBy: string[];
  image: string | null;
  createdAt: string;
  haystack: string;
}

const definition: ListDefinition<DiskEntry> = {
  defaultSort: "name",
  haystack: (entry) => entry.haystack,
  facet: (entry) => entry.state.status,
  tone: (entry) => entry.state.tone,
  fields: {
    name: { kind: "text", match: "contains", get: (entry) => entry.name },
    project: { kind: "text", match: "equals", get: (entry) => entry.project },
    status: {
      kind: "text",
      match: "equals",
      get: (entry) => entry.state.status,
      known: diskRow.shape.state.shape.status.options,
    },
    class: { kind: "text", match: "equals", get: (entry) => entry.storageClass },
    image: { kind: "text", match: "equals", get: (entry) => entry.image ?? "" },
    used: {
      kind: "text",
      match: "equals",
      get: (entry) => (entry.usedBy.length > 0 ? "yes" : "no"),
      known: ["yes", "no"],
    },
    size: { kind: "bytes", get: (entry) => entry.sizeBytes ?? 0 },
  },
};

export const listClaims = {
  verb: "list",
  group: "",
  resource: "persistentvolumeclaims",
  subresource: "",
} as const;
export const diskRights = {
  edit: { ...listClaims, verb: "update" },
  delete: { ...listClaims, verb: "delete" },
  resize: { ...listClaims, verb: "patch" },
  snapshot: {
    verb: "create",
    group: "snapshot.storage.k8s.io",
    resource: "volumesnapshots",
    subresource: "",
  },
  clone: { verb: "create", group: "cdi.kubevirt.io", resource: "datavolumes", subresource: "" },
  upload: uploadRight,
  attach: {
    verb: "update",
    group: "subresources.kubevirt.io",
    resource: "virtualmachines",
    subresource: "addvolume",
  },
} as const satisfies Record<string, NeededRight>;

export class DiskIndex {
  readonly index = new ListIndex<DiskEntry>({
    name: (entry) => naturalKey(entry.name),
    project: (entry) => naturalKey(entry.project),
    status: (entry) => entry.state.status,
    size: (entry) => entry.sizeBytes ?? 0,
    storageClass: (entry) => entry.storageClass,
    created: (entry) => entry.createdAt,
  });
  readonly #feeds: Feeds;
  readonly #vms: VmIndex;
  readonly #images: ImageIndex;
  readonly #uploads: RunningUploads;
  readonly #dirty = new DirtyKeys((key) => this.#join(key));

  constructor(feeds: Feeds, vms: VmIndex, images: ImageIndex, uploads: RunningUploads) {
    this.#feeds = feeds;
    this.#vms = vms;
    this.#images = images;
    this.#uploads = uploads;
    uploads.onChange((key) => this.#dirty.mark(key));
    const same = (before: RecordBase | undefined, after: RecordBase | undefined) => {
      const record = after ?? before;
      if (record !== undefined) this.#dirty.mark(recordKey(record.namespace, record.name));
    };
    feeds.claims.table.onChange(same);
    feeds.dataVolumes.table.onChange(same);
    feeds.vms.table.onChange((before: VmRecord | undefined, after: VmRecord | undefined) => {
      const namespace = (after ?? before)?.namespace ?? "";
      const old = new Set((before?.volumes ?? []).map((volume) => volume.claim));
      const now = new Set((after?.volumes ?? []).map((volume) => volume.claim));
      for (const claim of old.symmetricDifference(now))
        if (claim !== "") this.#dirty.mark(recordKey(namespace, claim));
    });
    feeds.images.table.onChange((before, after) => {
      const image = after ?? before;
      if (image !== undefined && image.claimName !== "" && image.claimNamespace === image.namespace)
        this.#dirty.mark(recordKey(image.claimNamespace, image.claimName));
    });
  }

  flush(): void {
    this.#dirty.flush();
  }

  #join(key: string): void {
    const claim = this.#feeds.claims.table.at(key);
    const dataVolume = this.#feeds.dataVolumes.table.at(key);
    const owner = claim ?? dataVolume;
    if (owner === undefined) {
      this.index.delete(key);
      return;
    }
    const { namespace, name } = owner;
    const usedBy = this.#vms.usersOfClaim(namespace, name);
    const upload = this.#uploads.get(key);
    this.index.set({
      key,
      uid: owner.uid,
      project: namespace,
      name,
      claim,
      dataVolume,
      state: sharedState(diskState(claim, dataVolume, upload)),
      progressPercent: progressOf(dataVolume, upload),
      sizeBytes: claim?.capacityBytes || claim?.requestBytes || dataVolume?.requestBytes || null,
      storageClass: claim?.storageClass || dataVolume?.storageClass || "",
      usedBy,
      image: this.#images.imageOfClaim(namespace, name),
      createdAt: owner.createdAt,
      // not the machines that use it: whoever lists disks may not be allowed to know them
      haystack: `${name}\n${namespace}\n${claim?.storageClass ?? ""}`.toLowerCase(),
    });
  }
}

function progressOf(
  dataVolume: DataVolumeRecord | undefined,
  upload: RunningUpload | undefined,
): number | null {
  if (dataVolume === undefined || dataVolume.phase === "Succeeded") return null;
  return upload === undefined ? dataVolume.progressPercent : uploadState(dataVolume, upload).progressPercent;
}

type DiskAction = keyof typeof diskRights;

/** The state's rule and the person's right, for each action of a disk; the right comes first. */
function actionMaker(
  feeds: Feeds,
  decided: (project: string, name: string) => Readonly<Record<DiskAction, boolean>> | undefined,
  machines: Scope,
) {
  const snapshotClasses =
    feeds.snapshotClasses.state === "absent" ? null : [...feeds.snapshotClasses.table.values()];
  return (entry: DiskEntry): Record<DiskAction, ActionDecision> => {
    const may = decided(entry.project, entry.name);
    const decide = (action: DiskAction, rule: () => ActionDecision): ActionDecision => {
      const { verb, resource: whole, subresource } = diskRights[action];
      const resource = subresource === "" ? whole : `${whole}/${subresource}`;
      return may?.[action] === true
        ? rule()
        : denied("no-permission", { verb, resource, project: entry.project });
    };
    const seesMachines = entry.usedBy.every((machine) => sees(machines, entry.project, machine));
    const facts = { ...entry, seesMachines };
    const storageClass = feeds.storageClasses.table.get("", entry.storageClass);
    return {
      edit: decide("edit", () => (entry.state.status === "deleting" ? denied("disk-is-deleting") : allowed)),
      delete: decide("delete", () => mayDeleteDisk(facts)),
      resize: decide("resize", () => mayResizeDisk(facts, storageClass)),
      snapshot: decide("snapshot", () => maySnapshotDisk(facts, storageClass, snapshotClasses)),
      attach: decide("attach", () => mayAttachDisk(facts, storageClass)),
      upload: decide("upload", () => mayUploadDisk(facts, entry.dataVolume)),
      clone: decide("clone", () => mayCloneDisk(facts)),
    };
  };
}

export function diskNoun(feeds: Feeds, disks: DiskIndex, cluster: string): Noun<DiskEntry, DiskRow> {
  return {
    name: "disks",
    index: disks.index,
    definition,
    feeds: [feeds.claims, feeds.dataVolumes],
    flush: () => disks.flush(),
    scope: async (rights: Rights) => rights.scope(listClaims),
    rowMaker: async (rights, entries) => {
      const [decided, machines] = await Promise.all([
        rights.decisions(diskRights, entries, ({ resource }) => resource === "persistentvolumeclaims"),
        vmScope(rights),
      ]);
      const actionsOf = actionMaker(feeds, decided, machines);
      return (entry) => ({
        ref: { cluster, noun: "disk", project: entry.project, name: entry.name, uid: entry.uid },
        name: entry.name,
        project: entry.project,
        state: entry.state,
        progressPercent: entry.progressPercent,
        sizeBytes: entry.sizeBytes,
        storageClass: entry.storageClass,
        accessModes: [...(entry.claim?.accessModes ?? [])],
        volumeMode: entry.claim?.volumeMode ?? "",
        usedBy: entry.usedBy.filter((machine) => sees(machines, entry.project, machine)),
        ...(entry.image === null ? {} : { image: entry.image }),
        createdAt: entry.createdAt,
        actions: actionsOf(entry),
      });
    },
  };
}
