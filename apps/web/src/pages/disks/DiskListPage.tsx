/** The list of disks: of one project, or of all. */
import type { DiskRow } from "@kubev/api-types/disks";
import { HardDrive, Plus } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { rowKey } from "../../api/live/list-window.ts";
import { call } from "../../api/client.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { diskStateTones, diskStateWords } from "../../components/disk-words.ts";
import { useGo } from "../../components/use-place.ts";
import { paths } from "../../paths.ts";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { formatBytes } from "../../format/numbers.ts";
import { BulkDelete } from "../../table/BulkDelete.tsx";
import { ListPage } from "../../table/ListPage.tsx";
import { NarrowRow } from "../../table/NarrowRow.tsx";
import { DeleteItem, RowMenu } from "../../table/RowMenu.tsx";
import { StateFacets } from "../../table/StateFacets.tsx";
import { useList } from "../../table/use-list.ts";
import { useSelection } from "../../table/use-selection.ts";
import { EmptyState } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { diskColumns, diskHints } from "./disk-columns.tsx";

const deleteDisk = async ({ project, name }: DiskRow) => call("deleteDisk", { params: { project, name } });

const narrowRow = (disk: DiskRow) => (
  <NarrowRow
    name={disk.name}
    status={<StatusMark tone={disk.state.tone}>{diskStateWords[disk.state.status]}</StatusMark>}
    facts={[disk.sizeBytes === null ? "" : formatBytes(disk.sizeBytes), disk.storageClass]}
  />
);

const shownWords = { status: diskStateWords };

export default function DiskListPage() {
  const list = useList("disks");
  const { project } = list;
  const go = useGo();
  const [deleting, setDeleting] = useState<DiskRow | null>(null);
  const selection = useSelection<DiskRow>(list);
  const columns = useMemo(
    () => (project === undefined ? diskColumns : diskColumns.filter((column) => column.id !== "project")),
    [project],
  );
  const create =
    project === undefined ? undefined : (
      <ButtonLink
        tone="primary"
        to={paths.diskCreate(project)}
        icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
      >
        Create disk
      </ButtonLink>
    );
  const rowActions = useCallback(
    (disk: DiskRow) => (
      <RowMenu name={disk.name}>
        <DeleteItem verb="Delete disk" decision={disk.actions.delete} onSelect={() => setDeleting(disk)} />
      </RowMenu>
    ),
    [],
  );
  return (
    <>
      <ListPage<DiskRow>
        tableId={project === undefined ? "platform-disks" : "disks"}
        title="Disks"
        failed="The list of disks could not be loaded."
        placeholder="Search, e.g. root status:ready"
        hints={diskHints}
        words={shownWords}
        columns={columns}
        list={list}
        keyOf={rowKey}
        selection={selection}
        bulkBar={
          <BulkDelete
            selection={selection}
            one="disk"
            many="disks"
            consequence={() => "The disks and everything on them are deleted for good."}
            run={deleteDisk}
            shownBy={["listDisks"]}
          />
        }
        onOpen={(disk) => go(paths.disk(disk.project, disk.name))}
        action={create}
        nameOf={(disk) => disk.name}
        facets={(reply, q, setQ) => (
          <StateFacets reply={reply} words={diskStateWords} tones={diskStateTones} q={q} onChange={setQ} />
        )}
        empty={
          <EmptyState
            title={project === undefined ? "There are no disks" : "This project has no disks"}
            icon={<HardDrive size={28} strokeWidth={1.25} aria-hidden />}
            action={create ?? <ButtonLink to={paths.projects()}>Choose a project</ButtonLink>}
          >
            A disk holds a machine&apos;s system or its data. Disks are made together with machines, or alone
            to be attached later, and stay when a machine is deleted without them.
          </EmptyState>
        }
        renderNarrow={narrowRow}
        renderActions={rowActions}
      />
      {deleting === null ? null : <DeleteDisk disk={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

function DeleteDisk({ disk, onClose }: { disk: DiskRow; onClose: () => void }) {
  return (
    <DeleteDialog
      name={disk.name}
      verb="Delete disk"
      run={() => deleteDisk(disk)}
      shownBy={["listDisks"]}
      onClose={onClose}
      consequence={`The disk${disk.sizeBytes === null ? "" : ` of ${formatBytes(disk.sizeBytes)}`} and everything on it are deleted for good.`}
    />
  );
}
