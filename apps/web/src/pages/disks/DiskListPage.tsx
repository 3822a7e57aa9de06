/** The list of disks: of one project, or of all. */
import type { DiskRow } from "@kubev/api-types/disks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { HardDrive, MoreHorizontal, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { toast } from "../../ui/toast.ts";
import { rowKey } from "../../api/live/list-window.ts";
import { call } from "../../api/client.ts";
import { disabledReason } from "../../components/reason-of.ts";
import { formatBytes } from "../../format/numbers.ts";
import { errorText } from "../../reasons/error-text.ts";
import { Facets } from "../../table/Facets.tsx";
import { ListPage } from "../../table/ListPage.tsx";
import { useList } from "../../table/use-list.ts";
import { IconButton } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Menu, MenuItem } from "../../ui/Menu.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { diskColumns, diskHints, diskStateTones, diskStateWords, isDiskState } from "./disk-columns.tsx";

export default function DiskListPage() {
  const list = useList("disks");
  const { project } = list;
  const [deleting, setDeleting] = useState<DiskRow | null>(null);
  const columns = useMemo(
    () => (project === undefined ? diskColumns : diskColumns.filter((column) => column.id !== "project")),
    [project],
  );
  return (
    <>
      <ListPage<DiskRow>
        tableId={project === undefined ? "platform-disks" : "disks"}
        title="Disks"
        failed="The list of disks could not be loaded."
        placeholder="Search, e.g. root status:ready"
        hints={diskHints}
        columns={columns}
        list={list}
        keyOf={rowKey}
        nameOf={(disk) => disk.name}
        facets={(reply, q, setQ) => (
          <Facets
            field="status"
            label="Filter by state"
            counts={reply.facets?.["status"]}
            describe={(value) => ({
              value,
              label: isDiskState(value) ? diskStateWords[value] : value,
              tone: isDiskState(value) ? diskStateTones[value] : undefined,
            })}
            q={q}
            onChange={setQ}
          />
        )}
        empty={
          <EmptyState
            title="There are no disks"
            icon={<HardDrive size={28} strokeWidth={1.25} aria-hidden />}
          >
            Disks are made together with machines, and stay when a machine is deleted without them.
          </EmptyState>
        }
        renderNarrow={(disk) => (
          <div className="flex min-w-0 flex-col">
            <span className="truncate font-medium">{disk.name}</span>
            <span className="flex min-w-0 items-center justify-between gap-2 text-xs">
              <StatusMark tone={disk.state.tone}>{diskStateWords[disk.state.status]}</StatusMark>
              <span className="truncate text-tertiary">
                {[disk.sizeBytes === null ? "" : formatBytes(disk.sizeBytes), disk.storageClass]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
          </div>
        )}
        renderActions={(disk) => (
          <Menu
            trigger={
              <IconButton
                size="sm"
                aria-label={`Actions for ${disk.name}`}
                icon={<MoreHorizontal size={16} strokeWidth={1.5} aria-hidden />}
              />
            }
          >
            <MenuItem
              danger
              icon={<Trash2 size={16} strokeWidth={1.5} aria-hidden />}
              disabledReason={disabledReason(disk.actions.delete)}
              onSelect={() => setDeleting(disk)}
            >
              Delete disk
            </MenuItem>
          </Menu>
        )}
      />
      {deleting === null ? null : <DeleteDisk disk={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

function DeleteDisk({ disk, onClose }: { disk: DiskRow; onClose: () => void }) {
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call("deleteDisk", { params: { project: disk.project, name: disk.name } }),
    onSuccess: async () => {
      toast.success(`Deletion of ${disk.name} has begun.`);
      onClose();
      await cache.invalidateQueries({ queryKey: ["listDisks"] });
    },
  });
  const problem = remove.error === null ? undefined : errorText(remove.error);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      title={`Delete ${disk.name}`}
      verb="Delete disk"
      busy={remove.isPending}
      consequence={
        <p>
          The disk{disk.sizeBytes === null ? "" : ` of ${formatBytes(disk.sizeBytes)}`} and everything on it
          are deleted for good.
        </p>
      }
    >
      {problem === undefined ? null : (
        <div className="mt-3">
          <Notice tone="error">
            {problem.title} {problem.upstreamText}
          </Notice>
        </div>
      )}
    </ConfirmDialog>
  );
}
