/** What the form of a new disk holds, and the request it becomes. Pure. */
import type { DiskCreateInput } from "@kubev/api-types/disk-create";
import type { ChosenFile } from "../../uploads/use-chosen-file.ts";
import type { Search } from "../../query-string.ts";

export type DiskSourceKind = DiskCreateInput["source"]["kind"];

export interface DiskDraft {
  name: string;
  kind: DiskSourceKind;
  /** `project/name`; kept while another kind is looked at. */
  image: string;
  disk: string;
  snapshot: string;
  url: string;
  registry: string;
  checksum: string;
  sizeBytes: number | null;
  /** The source whose size was taken already, so that a smaller one that was typed later stays to be refused. */
  sizedFor: string;
  storageClass: string;
  accessMode: NonNullable<DiskCreateInput["accessMode"]>;
  volumeMode: NonNullable<DiskCreateInput["volumeMode"]>;
  bindNow: boolean;
}

/** Other pages begin the form by naming a disk, snapshot or image in the URL. */
export function initialDraft(project: string, search: Search): DiskDraft {
  const { disk, snapshot, image } = search;
  return {
    name: "",
    kind: disk ? "disk" : snapshot ? "snapshot" : image ? "image" : "blank",
    image: image ?? "",
    disk: disk ? `${project}/${disk}` : "",
    snapshot: snapshot ?? "",
    url: "",
    registry: "",
    checksum: "",
    sizeBytes: 10 * 1024 ** 3,
    sizedFor: "",
    storageClass: "",
    accessMode: "",
    volumeMode: "",
    bindNow: false,
  };
}

function placeOf(id: string): { project: string; name: string } {
  const slash = id.indexOf("/");
  return { project: id.slice(0, slash), name: id.slice(slash + 1) };
}

function sourceOf(draft: DiskDraft, file: File | null): DiskCreateInput["source"] {
  switch (draft.kind) {
    case "blank":
      return { kind: "blank" };
    case "upload":
      return { kind: "upload", fileSizeBytes: file?.size ?? 0 };
    case "image":
      return { kind: "image", ...placeOf(draft.image) };
    case "disk":
      return { kind: "disk", ...placeOf(draft.disk) };
    case "snapshot":
      return { kind: "snapshot", name: draft.snapshot };
    case "url":
      return { kind: "url", url: draft.url, checksum: draft.checksum };
    case "registry":
      return { kind: "registry", url: draft.registry };
  }
}

/** `file` is what an upload sends; it cannot be kept with the rest. */
export function bodyOf(draft: DiskDraft, file: File | null): DiskCreateInput {
  const { name, sizeBytes, storageClass, accessMode, volumeMode, bindNow } = draft;
  return {
    name,
    source: sourceOf(draft, file),
    sizeBytes: sizeBytes ?? 0,
    storageClass,
    accessMode,
    volumeMode,
    bindNow,
  };
}

/** What must be filled in before the server is asked; null when nothing is missing. */
export function draftProblem(
  draft: DiskDraft,
  {
    file,
    problem,
    unrecognised,
    sendAnyway,
  }: Pick<ChosenFile, "file" | "problem" | "unrecognised" | "sendAnyway">,
): { path: string; text: string } | null {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(draft.name))
    return { path: "name", text: "Give a name of lower-case letters, digits and hyphens." };
  const { kind } = draft;
  if (kind === "upload") {
    const path = "source.fileSizeBytes";
    if (file === null) return { path, text: "Choose a file." };
    if (problem !== undefined) return { path, text: problem };
    if (unrecognised && !sendAnyway)
      return { path, text: "Confirm first that the file is to be sent as a raw disk." };
  }
  if (kind === "image" && draft.image === "") return { path: "source.name", text: "Choose an image." };
  if (kind === "disk" && draft.disk === "") return { path: "source.name", text: "Choose a disk." };
  if (kind === "snapshot" && draft.snapshot === "")
    return { path: "source.name", text: "Choose a snapshot." };
  if (kind === "url" && draft.url === "") return { path: "source.url", text: "Give an address." };
  if (kind === "registry" && draft.registry === "") return { path: "source.url", text: "Give an image." };
  return draft.sizeBytes === null ? { path: "sizeBytes", text: "Give a size." } : null;
}
