/** Snapshots of the machine, and what is being made of them. */
import type { VmCopy, VmSnapshotRow, VmSnapshots } from "@kubev/api-types/vm-snapshots";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { Camera, Copy, CopyPlus, EllipsisVertical, FileCode, History, Trash2 } from "lucide-react";
import { useState } from "react";
import { read } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { CopyDialog } from "../../components/CopyDialog.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { useClone, useTakeSnapshot } from "../../components/use-vm-copies.ts";
import { formatList } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { Section } from "../../ui/Facts.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../ui/Menu.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { SnapshotDialog, type SnapshotQuestion } from "./SnapshotDialogs.tsx";
import { copyStates, howTaken, proposedSnapshotName, snapshotStates } from "./snapshot-words.ts";
import { useVm } from "./use-vm.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;
export default function SnapshotsTab() {
  const { row } = useVm();
  const [asked, setAsked] = useState<"take" | "clone" | null>(
    useUrlSearch()["ask"] === "clone" ? "clone" : null,
  );
  useTitle(`Snapshots of ${row.name}`);
  // the machine's feed, which the layout follows, tells of its snapshots and copies too
  const query = useQuery(read("listVmSnapshots", { params: { project: row.project, name: row.name } }));
  const { data } = query;
  if (data === undefined)
    return query.error ? (
      <LoadFailed
        error={query.error}
        what="The snapshots could not be loaded."
        onRetry={() => void query.refetch()}
      />
    ) : (
      <div className="px-5 py-6">
        <SkeletonLines lines={5} label="Loading the snapshots" />
      </div>
    );
  const buttons = (
    <>
      <Button
        icon={<Copy {...icon} />}
        disabledReason={disabledReason(data.clone)}
        onClick={() => setAsked("clone")}
      >
        Clone
      </Button>
      <Button
        tone="primary"
        icon={<Camera {...icon} />}
        disabledReason={disabledReason(data.take)}
        onClick={() => setAsked("take")}
      >
        Take a snapshot
      </Button>
    </>
  );
  return (
    <TabBody>
      {data.notes.map((note) => (
        <Notice key={`${note.code} ${String(note.params?.["resource"])}`} tone="attention">
          {reasonText(note)}
        </Notice>
      ))}
      {!data.take.allowed && data.take.reason.code === "component-absent" ? (
        // that there are none would be said of what cannot be there
        <div className="flex flex-wrap justify-end gap-2">{buttons}</div>
      ) : data.snapshots.length === 0 ? (
        <EmptyState title="No snapshot of this machine" action={buttons}>
          A snapshot keeps its disks and its definition as they are at one moment, to go back to or to make
          another machine of.
        </EmptyState>
      ) : (
        <>
          <div className="flex flex-wrap justify-end gap-2">{buttons}</div>
          <SnapshotTable vm={row} data={data} />
        </>
      )}
      {data.copies.length === 0 ? null : <Copies vm={row} copies={data.copies} />}
      {asked === "take" ? (
        <TakeDialog vm={row} running={data.running} onClose={() => setAsked(null)} />
      ) : asked === "clone" ? (
        <CloneDialog vm={row} onClose={() => setAsked(null)} />
      ) : null}
    </TabBody>
  );
}

function SnapshotTable({ vm, data }: { vm: VmRow; data: VmSnapshots }) {
  return (
    <SimpleTable
      label={`Snapshots of ${vm.name}`}
      columns={["Name", "State", "Taken", "How", "Disks", "Left out", "Actions"]}
      rows={data.snapshots.map((snapshot) => {
        const { word, tone } = snapshotStates[snapshot.state];
        return {
          key: snapshot.uid,
          cells: [
            <span key="n" className="font-medium whitespace-nowrap">
              {snapshot.name}
            </span>,
            <StatusMark key="s" tone={tone} detail={snapshot.message === "" ? undefined : snapshot.message}>
              {word}
            </StatusMark>,
            <Age key="a" iso={snapshot.takenAt ?? snapshot.createdAt} />,
            <span key="h" className="block min-w-48 text-secondary">
              {snapshot.state === "ready" ? howTaken(snapshot.indications) : ""}
            </span>,
            snapshot.included.length === 0 ? "None" : formatList(snapshot.included),
            snapshot.excluded.length === 0 ? "–" : formatList(snapshot.excluded),
            <SnapshotMenu key="m" vm={vm} running={data.running} snapshot={snapshot} />,
          ],
        };
      })}
    />
  );
}

interface SnapshotMenuProps {
  vm: VmRow;
  running: boolean;
  snapshot: VmSnapshotRow;
}

function SnapshotMenu({ vm, running, snapshot }: SnapshotMenuProps) {
  const [asked, setAsked] = useState<SnapshotQuestion | null>(null);
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton
            size="sm"
            aria-label={`Actions for ${snapshot.name}`}
            icon={<EllipsisVertical {...icon} />}
          />
        }
      >
        <MenuItem
          icon={<History {...icon} />}
          disabledReason={disabledReason(snapshot.restore)}
          onSelect={() => setAsked("restore")}
        >
          Go back to it
        </MenuItem>
        <MenuItem
          icon={<CopyPlus {...icon} />}
          disabledReason={disabledReason(snapshot.restoreToNew)}
          onSelect={() => setAsked("new")}
        >
          New machine from it
        </MenuItem>
        <MenuItem icon={<FileCode {...icon} />} onSelect={() => setAsked("yaml")}>
          YAML
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={<Trash2 {...icon} />}
          danger
          disabledReason={disabledReason(snapshot.delete)}
          onSelect={() => setAsked("delete")}
        >
          Delete
        </MenuItem>
      </Menu>
      {asked === null ? null : (
        <SnapshotDialog
          vm={vm}
          running={running}
          snapshot={snapshot}
          asked={asked}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function Copies({ vm, copies }: { vm: VmRow; copies: readonly VmCopy[] }) {
  return (
    <Section title="Restores and clones">
      <SimpleTable
        label={`Restores and clones of ${vm.name}`}
        columns={["What", "From", "To", "State", "Began"]}
        rows={copies.map((copy) => {
          const { word, tone } = copyStates[copy.state];
          return {
            key: copy.uid,
            cells: [
              copy.kind === "clone" ? "Clone" : copy.target === vm.name ? "Restore" : "New machine",
              <span key="f" className="whitespace-nowrap">
                {copy.source}
              </span>,
              copy.target === vm.name || copy.state !== "done" ? (
                copy.target
              ) : (
                <AppLink key="t" to={paths.vm(vm.project, copy.target)}>
                  {copy.target}
                </AppLink>
              ),
              <StatusMark key="s" tone={tone} detail={copy.message === "" ? undefined : copy.message}>
                {word}
              </StatusMark>,
              <Age key="a" iso={copy.startedAt} />,
            ],
          };
        })}
      />
    </Section>
  );
}

function TakeDialog({ vm, running, onClose }: { vm: VmRow; running: boolean; onClose: () => void }) {
  const take = useTakeSnapshot(vm, onClose);
  const [proposed] = useState(() => proposedSnapshotName(vm.name, new Date()));
  return (
    <CopyDialog
      title={`Take a snapshot of ${vm.name}`}
      verb="Take snapshot"
      proposedName={proposed}
      busy={take.isPending}
      error={take.error}
      onSubmit={(name) => take.mutate(name)}
      onClose={onClose}
    >
      <p>
        {running
          ? "The machine runs on. With a guest agent its file systems are frozen for the moment; without one, the disks are as after a power cut."
          : "The machine is stopped, so its disks are consistent."}
      </p>
    </CopyDialog>
  );
}

function CloneDialog({ vm, onClose }: { vm: VmRow; onClose: () => void }) {
  const clone = useClone(vm, onClose);
  return (
    <CopyDialog
      title={`Clone ${vm.name}`}
      verb="Clone"
      proposedName={`${vm.name.slice(0, 57)}-copy`}
      withStart
      busy={clone.isPending}
      error={clone.error}
      onSubmit={(name, start) => clone.mutate({ name, start })}
      onClose={onClose}
    >
      <p>
        A machine of its own with copies of the disks, in the same subnet. It gets new addresses, a new MAC
        and a new firmware identity.
      </p>
      <p className="text-secondary">Inside, its guest is the same: host name, keys and passwords.</p>
    </CopyDialog>
  );
}
