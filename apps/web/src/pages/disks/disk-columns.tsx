/** The columns of a list of disks, and the words of their states. */
import type { DiskRow } from "@kubev/api-types/disks";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { diskStateWords } from "../../components/disk-words.ts";
import { StateMark } from "../../components/StateMark.tsx";
import { formatBytes, formatPercent } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import type { Column } from "../../table/column.ts";
import type { QueryHint } from "../../table/SearchBox.tsx";
import { nameColumn, projectColumn } from "../../table/place-columns.tsx";

const none = <span className="text-tertiary">–</span>;

export const diskColumns: readonly Column<DiskRow>[] = [
  nameColumn({ track: "minmax(200px,2.4fr)", to: (disk) => paths.disk(disk.project, disk.name) }),
  projectColumn("minmax(112px,0.9fr)", paths.disks),
  {
    id: "status",
    header: "Status",
    sortKey: "status",
    track: "minmax(200px,1.6fr)",
    cell: (disk) => (
      <StateMark
        tone={disk.state.tone}
        word={diskStateWords[disk.state.status]}
        reason={disk.state.reason}
        detail={disk.progressPercent === null ? undefined : formatPercent(disk.progressPercent)}
      />
    ),
    glow: (disk) => disk.state.status,
    csv: (disk) => diskStateWords[disk.state.status],
  },
  {
    id: "size",
    header: "Size",
    sortKey: "size",
    align: "end",
    track: "92px",
    cell: (disk) => (disk.sizeBytes === null ? none : formatBytes(disk.sizeBytes)),
    csv: (disk) => disk.sizeBytes ?? "",
  },
  {
    id: "usedBy",
    header: "Used by",
    track: "minmax(130px,1.4fr)",
    cell: (disk) => {
      const first = disk.usedBy[0];
      if (first === undefined) return <span className="text-tertiary">Nothing</span>;
      return (
        <span className="min-w-0 truncate" title={disk.usedBy.join("\n")}>
          <AppLink to={paths.vm(disk.project, first)} look="plain">
            {first}
          </AppLink>
          {disk.usedBy.length > 1 ? <span className="text-tertiary"> +{disk.usedBy.length - 1}</span> : null}
        </span>
      );
    },
    csv: (disk) => disk.usedBy.join(" "),
  },
  {
    id: "image",
    header: "From image",
    track: "minmax(110px,1fr)",
    cell: (disk) =>
      disk.image === undefined ? none : <span className="truncate text-secondary">{disk.image}</span>,
    csv: (disk) => disk.image ?? "",
  },
  {
    id: "storageClass",
    header: "Storage class",
    sortKey: "storageClass",
    track: "minmax(124px,0.9fr)",
    cell: (disk) => <span className="truncate text-secondary">{disk.storageClass}</span>,
    csv: (disk) => disk.storageClass,
  },
  {
    id: "access",
    header: "Access",
    track: "minmax(120px,1fr)",
    optional: true,
    cell: (disk) => (
      <span className="truncate text-secondary">{`${disk.accessModes.join(", ")} ${disk.volumeMode}`}</span>
    ),
    csv: (disk) => `${disk.accessModes.join(" ")} ${disk.volumeMode}`,
  },
  {
    id: "created",
    header: "Age",
    sortKey: "age",
    align: "end",
    track: "76px",
    cell: (disk) => <Age iso={disk.createdAt} />,
    csv: (disk) => disk.createdAt,
  },
];

export const diskHints: readonly QueryHint[] = [
  { word: "status:ready", detail: "By state" },
  { word: "size>100Gi", detail: "Larger than 100 GiB" },
  { word: "class:", detail: "By storage class" },
  { word: "used:no", detail: "Disks that no machine uses" },
];
