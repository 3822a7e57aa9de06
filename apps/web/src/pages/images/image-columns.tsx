/** The columns of a list of images, and the words of their states. */
import type { ImageRow } from "@kubev/api-types/images";
import { Age } from "../../components/Age.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { formatBytes, formatCount, formatPercent } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import type { Column } from "../../table/column.ts";
import type { QueryHint } from "../../table/SearchBox.tsx";
import { Badge, StatusMark, type StatusTone } from "../../ui/Status.tsx";
import { isRunning } from "../../uploads/upload-store.ts";
import { useUploads } from "../../uploads/use-uploads.ts";
import { nameColumn } from "../../table/place-columns.tsx";

type ImageState = ImageRow["state"]["status"];

export const imageStateWords: Record<ImageState, string> = {
  ready: "Ready",
  "awaiting-upload": "Waiting for its file",
  uploading: "Uploading",
  importing: "Importing",
  preparing: "Preparing",
  failed: "Failed",
  deleting: "Deleting",
};

export const imageStateTones: Record<ImageState, StatusTone> = {
  ready: "ok",
  "awaiting-upload": "attention",
  uploading: "working",
  importing: "working",
  preparing: "working",
  failed: "error",
  deleting: "working",
};

/** The state, with the progress of an upload from this tab where there is one. */
export function ImageStatus({ image }: { image: ImageRow }) {
  const own = useUploads().find(
    (upload) => upload.project === image.project && upload.name === image.name && isRunning(upload),
  );
  const { state } = image;
  if (own !== undefined && state.status !== "ready")
    return (
      <StatusMark
        tone="working"
        detail={formatPercent(own.totalBytes === 0 ? 0 : (own.sentBytes / own.totalBytes) * 100)}
      >
        Uploading
      </StatusMark>
    );
  return (
    <StateMark
      tone={state.tone}
      word={imageStateWords[state.status]}
      reason={state.reason}
      detail={image.progressPercent === null ? undefined : formatPercent(image.progressPercent)}
    />
  );
}

const none = <span className="text-tertiary">–</span>;

export const imageColumns: readonly Column<ImageRow>[] = [
  nameColumn({
    track: "minmax(260px,3fr)",
    to: (image) => paths.image(image.project, image.name),
    text: (image) => (image.displayName === "" ? image.name : image.displayName),
    beside: (image) => (
      <>
        {image.displayName === "" || image.displayName === image.name ? null : (
          <span className="truncate text-tertiary">{image.name}</span>
        )}
        {image.shared ? <Badge>Shared</Badge> : null}
      </>
    ),
  }),
  {
    id: "project",
    header: "Project",
    sortKey: "project",
    track: "minmax(120px,0.9fr)",
    // no link: a shared image's project need not be one that the reader may enter
    cell: (image) => <span className="truncate text-secondary">{image.project}</span>,
    csv: (image) => image.project,
  },
  {
    id: "media",
    header: "Kind",
    track: "104px",
    cell: (image) => (
      <span className="text-secondary">{image.media === "iso" ? "Installer ISO" : "Disk"}</span>
    ),
    csv: (image) => image.media,
  },
  {
    id: "status",
    header: "Status",
    sortKey: "status",
    track: "minmax(190px,2.5fr)",
    cell: (image) => <ImageStatus image={image} />,
    glow: (image) => image.state.status,
    csv: (image) => imageStateWords[image.state.status],
  },
  {
    id: "size",
    header: "Size",
    sortKey: "size",
    align: "end",
    track: "92px",
    cell: (image) => (image.sizeBytes === null ? none : formatBytes(image.sizeBytes)),
    csv: (image) => image.sizeBytes ?? "",
  },
  {
    id: "usedBy",
    header: "Used by",
    align: "end",
    track: "84px",
    cell: (image) => formatCount(image.usedBy),
    csv: (image) => image.usedBy,
  },
  {
    id: "storageClass",
    header: "Storage class",
    track: "minmax(110px,0.6fr)",
    cell: (image) => <span className="truncate text-secondary">{image.storageClass}</span>,
    csv: (image) => image.storageClass,
  },
  {
    id: "created",
    header: "Age",
    sortKey: "age",
    align: "end",
    track: "76px",
    cell: (image) => <Age iso={image.createdAt} />,
    csv: (image) => image.createdAt,
  },
];

export const imageHints: readonly QueryHint[] = [
  { word: "status:ready", detail: "By state" },
  { word: "media:iso", detail: "Installer ISOs only" },
  { word: "size>10Gi", detail: "Larger than 10 GiB" },
];
