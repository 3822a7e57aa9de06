/** The questions around one snapshot: go back to it, make a new machine of it, delete it; each says what is lost. */
import type { VmSnapshotRow } from "@kubev/api-types/vm-snapshots";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { CopyDialog } from "../../components/CopyDialog.tsx";
import { DeleteDialog, RefusalNotice } from "../../components/DeleteDialog.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { useRestore } from "../../components/use-vm-copies.ts";
import { formatExact } from "../../format/dates.ts";
import { formatList } from "../../format/numbers.ts";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";

const YamlViewer = lazy(() => import("../../editor/YamlViewer.tsx"));

export type SnapshotQuestion = "restore" | "new" | "yaml" | "delete";

interface SnapshotDialogProps {
  vm: VmRow;
  running: boolean;
  snapshot: VmSnapshotRow;
  asked: SnapshotQuestion;
  onClose: () => void;
}

export function SnapshotDialog(props: SnapshotDialogProps) {
  switch (props.asked) {
    case "restore":
      return <RestoreDialog {...props} />;
    case "new":
      return <NewMachineDialog {...props} />;
    case "yaml":
      return <SnapshotText {...props} />;
    case "delete":
      return <DeleteSnapshotDialog {...props} />;
  }
}

function RestoreDialog({ vm, running, snapshot, onClose }: SnapshotDialogProps) {
  const restore = useRestore(vm, snapshot.name, onClose);
  const at = snapshot.takenAt === null ? "the snapshot" : formatExact(snapshot.takenAt);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => restore.mutate({ stop: running })}
      title={`Go back to ${snapshot.name}`}
      verb={running ? "Stop and go back" : "Go back"}
      busy={restore.isPending}
      consequence={
        <div className="flex flex-col gap-2 text-pretty">
          {running ? (
            <p>The machine stops now, and stays stopped afterwards until somebody starts it.</p>
          ) : null}
          <p>
            Everything that was written since {at} is lost
            {snapshot.included.length === 0 ? "." : ` on ${formatList(snapshot.included)}.`}
          </p>
          <p>
            Its definition (size, devices, labels of the template) goes back too. Its disks are replaced by
            new ones with other names.
          </p>
          {snapshot.excluded.length === 0 ? null : (
            <p className="text-secondary">
              Not part of the snapshot, so they stay as they are: {formatList(snapshot.excluded)}.
            </p>
          )}
        </div>
      }
    >
      <RefusalNotice error={restore.error} />
    </ConfirmDialog>
  );
}

function NewMachineDialog({ vm, snapshot, onClose }: SnapshotDialogProps) {
  const restore = useRestore(vm, snapshot.name, onClose);
  return (
    <CopyDialog
      title={`New machine from ${snapshot.name}`}
      verb="Create machine"
      proposedName={`${vm.name.slice(0, 54)}-restored`}
      withStart
      busy={restore.isPending}
      error={restore.error}
      onSubmit={(target, start) => restore.mutate({ target, start })}
      onClose={onClose}
    >
      <p>
        A machine of its own with copies of the disks, in the same subnet. It gets new addresses, a new MAC
        and a new firmware identity.
      </p>
      <p className="text-secondary">
        Inside, its guest is the same: host name, keys and passwords. {vm.name} is not touched.
      </p>
    </CopyDialog>
  );
}

/** To read: KubeVirt takes no change of a snapshot. */
function SnapshotText({ vm, snapshot, onClose }: SnapshotDialogProps) {
  const params = { project: vm.project, name: vm.name, snapshot: snapshot.name };
  const { data, error, refetch } = useQuery({ ...read("getVmSnapshotYaml", { params }), staleTime: 0 });
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={`YAML of ${snapshot.name}`}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {data === undefined ? (
        error === null ? (
          <SkeletonLines lines={10} label="Loading the YAML" />
        ) : (
          <LoadFailed error={error} what="The YAML could not be loaded." onRetry={() => void refetch()} />
        )
      ) : (
        <div className="flex h-[56vh] flex-col gap-2">
          <div>
            <CopyButton text={data.yaml} label="Copy" />
          </div>
          <div className="min-h-0 flex-1 rounded border border-stroke">
            <Suspense fallback={null}>
              <YamlViewer text={data.yaml} />
            </Suspense>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function DeleteSnapshotDialog({ vm, snapshot, onClose }: SnapshotDialogProps) {
  return (
    <DeleteDialog
      name={snapshot.name}
      verb="Delete snapshot"
      consequence={`The snapshot and its copies of the disks are deleted for good. ${vm.name} and what was restored from it before stay.`}
      run={() =>
        call("deleteVmSnapshot", {
          params: { project: vm.project, name: vm.name, snapshot: snapshot.name },
        })
      }
      shownBy={["listVmSnapshots"]}
      onClose={onClose}
    />
  );
}
