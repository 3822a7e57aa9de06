/** Images as a noun: a DataSource joined with the DataVolume and claim behind it. */
import { imageStatus, type ImageRow } from "@kubev/api-types/images";
import type { ActionDecision } from "@kubev/api-types/reason";
import type { Rights } from "../access/rights.ts";
import { type Scope, sees } from "../access/scope.ts";
import type { ImageState } from "../domain/image-state.ts";
import { imageState } from "../domain/image-state.ts";
import { allowed, denied } from "../domain/reasons.ts";
import type { ClaimRecord, DataVolumeRecord, ImageRecord } from "../domain/storage-records.ts";
import type { RecordBase } from "../domain/vm-records.ts";
import { uploadRight } from "../domain/upload-state.ts";
import { listClaims } from "./disks.ts";
import { DirtyKeys } from "./dirty-keys.ts";
import { recordKey } from "./feed-table.ts";
import type { Feeds } from "./inventory.ts";
import type { ListEntry } from "./list-index.ts";
import { ListIndex } from "./list-index.ts";
import { naturalKey, unknownValue } from "./sorted-entries.ts";
import type { RunningUploads } from "./running-uploads.ts";
import type { ListDefinition } from "./list-query.ts";
import type { Noun } from "./noun.ts";
import type { VmIndex } from "./vm-index.ts";

export interface ImageEntry extends ListEntry {
  image: ImageRecord;
  state: ImageState;
  sizeBytes: number | null;
  storageClass: string;
  haystack: string;
}

const definition: ListDefinition<ImageEntry> = {
  defaultSort: "name",
  haystack: (entry) => entry.haystack,
  facet: (entry) => entry.state.status,
  tone: (entry) => entry.state.tone,
  fields: {
    name: { kind: "text", match: "contains", get: (entry) => [entry.image.name, entry.image.displayName] },
    project: { kind: "text", match: "equals", get: (entry) => entry.project },
    status: {
      kind: "text",
      match: "equals",
      get: (entry) => entry.state.status,
      known: imageStatus.options,
    },
    media: { kind: "text", match: "equals", get: (entry) => entry.image.media },
    size: { kind: "bytes", get: (entry) => entry.sizeBytes ?? Number.NaN },
  },
};

export const imageRights = {
  createVirtualMachine: {
    verb: "create",
    group: "kubevirt.io",
    resource: "virtualmachines",
    subresource: "",
  },
  edit: { verb: "patch", group: "cdi.kubevirt.io", resource: "datasources", subresource: "" },
  delete: { verb: "delete", group: "cdi.kubevirt.io", resource: "datasources", subresource: "" },
  upload: uploadRight,
} as const;

const listImages = { verb: "list", group: "cdi.kubevirt.io", resource: "datasources", subresource: "" };

interface Holding {
  dataVolume: DataVolumeRecord | undefined;
  claim: ClaimRecord | undefined;
  sizeBytes: number | null;
  storageClass: string;
}

const nothingHeld: Holding = { dataVolume: undefined, claim: undefined, sizeBytes: null, storageClass: "" };

function holdingOf(feeds: Feeds, { claimNamespace, claimName }: ImageRecord): Holding {
  const dataVolume = feeds.dataVolumes.table.get(claimNamespace, claimName);
  const claim = feeds.claims.table.get(claimNamespace, claimName);
  return {
    dataVolume,
    claim,
    sizeBytes: claim?.capacityBytes || claim?.requestBytes || dataVolume?.requestBytes || null,
    storageClass: claim?.storageClass || dataVolume?.storageClass || "",
  };
}

/**
 * Anybody may point an image of his at any project's claim, and one index serves all: of a claim elsewhere it knows
 * nothing, so that neither a row, a count, an order nor a change can tell of it. Whoever may know its size sees it in the
 * row alone: no search for a size finds it, and it is sorted as unknown.
 */
const holdsItself = (image: ImageRecord) => image.claimNamespace === image.namespace;

/** Size and class of what holds an image, as far as somebody who lists disks in `disks` may know them. */
export function heldOf(
  feeds: Feeds,
  entry: ImageEntry,
  disks: Scope,
): Pick<Holding, "sizeBytes" | "storageClass"> {
  const { image } = entry;
  return !holdsItself(image) && sees(disks, image.claimNamespace, image.claimName)
    ? holdingOf(feeds, image)
    : entry;
}

export class ImageIndex {
  readonly index = new ListIndex<ImageEntry>({
    name: (entry) => naturalKey(entry.image.displayName || entry.image.name),
    project: (entry) => naturalKey(entry.project),
    status: (entry) => entry.state.status,
    size: (entry) => entry.sizeBytes ?? unknownValue,
    created: (entry) => entry.image.createdAt,
  });
  readonly #feeds: Feeds;
  readonly #dirty = new DirtyKeys((key) => this.#join(key));
  /** Claim key → keys of the images of its own project that it fills. */
  readonly #byClaim = new Map<string, Set<string>>();
  readonly #uploads: RunningUploads;

  constructor(feeds: Feeds, uploads: RunningUploads) {
    this.#feeds = feeds;
    this.#uploads = uploads;
    // an uploaded image and its DataVolume have one name
    uploads.onChange((key) => this.#dirty.mark(key));
    feeds.images.table.onChange((before, after) => {
      const record = after ?? before;
      if (record === undefined) return;
      const key = recordKey(record.namespace, record.name);
      if (before !== undefined)
        this.#byClaim.get(recordKey(before.claimNamespace, before.claimName))?.delete(key);
      if (after !== undefined && after.claimName !== "" && holdsItself(after)) {
        const claimKey = recordKey(after.claimNamespace, after.claimName);
        this.#byClaim.set(claimKey, (this.#byClaim.get(claimKey) ?? new Set()).add(key));
      }
      this.#dirty.mark(key);
    });
    const byClaim = (before: RecordBase | undefined, after: RecordBase | undefined) => {
      const record = after ?? before;
      if (record === undefined) return;
      for (const key of this.#byClaim.get(recordKey(record.namespace, record.name)) ?? [])
        this.#dirty.mark(key);
    };
    feeds.claims.table.onChange(byClaim);
    feeds.dataVolumes.table.onChange(byClaim);
  }

  flush(): void {
    this.#dirty.flush();
  }

  /** The image of the claim's own project that it belongs to, by name, or null: what others point at it makes it no image. */
  imageOfClaim(namespace: string, claim: string): string | null {
    const [key] = this.#byClaim.get(recordKey(namespace, claim)) ?? [];
    return key === undefined ? null : key.slice(key.indexOf("/") + 1);
  }

  #join(key: string): void {
    const slash = key.indexOf("/");
    const image = this.#feeds.images.table.get(key.slice(0, slash), key.slice(slash + 1));
    if (image === undefined) {
      this.index.delete(key);
      return;
    }
    const { dataVolume, claim, sizeBytes, storageClass } = holdsItself(image)
      ? holdingOf(this.#feeds, image)
      : nothingHeld;
    this.index.set({
      key,
      uid: image.uid,
      project: image.namespace,
      image,
      state: imageState(image, dataVolume, claim, this.#uploads.get(key)),
      sizeBytes,
      storageClass,
      haystack: `${image.name}\n${image.displayName}\n${image.namespace}\n${image.media}`.toLowerCase(),
    });
  }
}

function right(
  may: boolean | undefined,
  key: keyof typeof imageRights,
  project: string,
): ActionDecision | null {
  if (may === true) return null;
  const { verb, resource } = imageRights[key];
  return denied("no-permission", { verb, resource, project });
}

export function imageNoun(
  feeds: Feeds,
  imageIndex: ImageIndex,
  vmIndex: VmIndex,
  cluster: string,
  sharedProject: string,
): Noun<ImageEntry, ImageRow> {
  const visible = async (rights: Rights) => {
    const scope = await rights.scope(listImages);
    // the operator named this project's images for everybody who may sign in and has any project
    if (scope.all || sharedProject === "" || scope.projects.size === 0) return scope;
    return { ...scope, projects: new Set([...scope.projects, sharedProject]) };
  };
  return {
    name: "images",
    index: imageIndex.index,
    definition,
    feeds: [feeds.images, feeds.dataVolumes],
    flush: () => {
      vmIndex.flush();
      imageIndex.flush();
    },
    scope: visible,
    rowMaker: async (rights, entries) => {
      const decided = await rights.decisions(
        imageRights,
        entries.map(({ project, image }) => ({ project, name: image.name })),
        ({ resource }) => resource === "datasources",
      );
      const creates = await rights.scope(imageRights.createVirtualMachine);
      const disks = await rights.scope(listClaims);
      const seesVms = await rights.scope({ ...imageRights.createVirtualMachine, verb: "list" });
      const used = new Map<string, number>();
      for (const entry of vmIndex.index.values())
        if (sees(seesVms, entry.project, entry.vm.name))
          for (const image of entry.vm.images) used.set(image, (used.get(image) ?? 0) + 1);
      return (entry) => {
        const { image, state } = entry;
        const { sizeBytes, storageClass } = heldOf(feeds, entry, disks);
        const may = decided(entry.project, image.name);
        const shared = image.namespace === sharedProject && sharedProject !== "";
        const mayCreate =
          may?.createVirtualMachine === true || (shared && (creates.all || creates.projects.size > 0));
        return {
          ref: { cluster, noun: "image", project: image.namespace, name: image.name, uid: image.uid },
          name: image.name,
          project: image.namespace,
          displayName: image.displayName || image.name,
          media: image.media,
          state: {
            status: state.status,
            tone: state.tone,
            ...(state.reason === undefined ? {} : { reason: state.reason }),
          },
          progressPercent: state.progressPercent,
          sizeBytes,
          storageClass,
          ...(image.defaultInstanceType === "" ? {} : { defaultInstanceType: image.defaultInstanceType }),
          ...(image.defaultPreference === "" ? {} : { defaultPreference: image.defaultPreference }),
          shared,
          createdAt: image.createdAt,
          usedBy: used.get(recordKey(image.namespace, image.name)) ?? 0,
          actions: {
            createVirtualMachine:
              right(mayCreate, "createVirtualMachine", entry.project) ??
              (state.status === "ready" ? allowed : denied("image-not-ready")),
            edit:
              right(may?.edit, "edit", entry.project) ??
              (image.deletion !== null ? denied("image-is-deleting") : allowed),
            delete:
              right(may?.delete, "delete", entry.project) ??
              (image.deletion !== null
                ? denied("image-is-deleting")
                : image.managedByCron
                  ? denied("image-managed")
                  : allowed),
            upload:
              right(may?.upload, "upload", entry.project) ??
              (state.status === "awaiting-upload" || (state.status === "failed" && image.ownDisk)
                ? allowed
                : state.status === "uploading"
                  ? denied("image-uploading")
                  : denied("image-already-filled")),
          },
        };
      };
    },
  };
}
