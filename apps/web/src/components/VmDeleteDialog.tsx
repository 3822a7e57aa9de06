/** Deleting a machine: what stops, what goes for good, what stays. Each disk is the person's choice. */
import type { VmDeletionPlan, VmRow } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { formatBytes, formatList, formatPlural } from "../format/numbers.ts";
import { reasonText } from "../reasons/reason-text.ts";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { useDeed } from "./use-deed.ts";
import { CheckField } from "../ui/Checkbox.tsx";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { Notice } from "../ui/States.tsx";

interface VmDeleteDialogProps {
  vm: VmRow;
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}

export function VmDeleteDialog({ vm, onClose, onDeleted }: VmDeleteDialogProps) {
  const params = { project: vm.project, name: vm.name };
  const plan = useQuery({ ...read("getVmDeletionPlan", { params }), staleTime: 0, gcTime: 0 });
  /** Only where the person chose otherwise than the default. */
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const goesToo = (disk: PlannedDisk) => mayGo(disk) && (chosen.get(disk.name) ?? disk.ownedByVm);
  const goes = plan.data?.disks.filter(goesToo) ?? [];
  const remove = useDeed({
    run: (uid: string) =>
      call("deleteVm", { params, body: { uid, deleteDisks: goes.map((disk) => disk.name) } }),
    done: ({ disksLeft }) => {
      const [first] = disksLeft;
      if (first === undefined) return `Deletion of ${vm.name} has begun.`;
      const left = formatList(disksLeft.map(({ name }) => name));
      return {
        but: `Deletion of ${vm.name} has begun, but not that of ${left}. ${reasonText(first.reason)}`,
      };
    },
    shownBy: ["listVms", "listDisks"],
    onDone: () => {
      onClose();
      onDeleted?.();
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => plan.data && remove.mutate(plan.data.uid)}
      title={`Delete ${vm.name}`}
      verb={
        goes.length === 0
          ? "Delete machine"
          : `Delete machine and ${formatPlural(goes.length, "disk", "disks")}`
      }
      busy={remove.isPending}
      disabledReason={
        plan.data === undefined
          ? "What would be deleted is still being read."
          : plan.data.protected
            ? "The machine is protected against deletion."
            : undefined
      }
      consequence={plan.data === undefined ? null : <Consequence plan={plan.data} diskCount={goes.length} />}
    >
      {plan.isPending ? <SkeletonLines lines={3} label="Reading what would be deleted" /> : null}
      {plan.data === undefined ? null : (
        <Choices
          plan={plan.data}
          goesToo={goesToo}
          onChoose={(name, goes) => setChosen((before) => new Map(before).set(name, goes))}
        />
      )}
      <RefusalNotice error={plan.error ?? remove.error} />
    </ConfirmDialog>
  );
}

type PlannedDisk = VmDeletionPlan["disks"][number];

function mayGo(disk: PlannedDisk): boolean {
  return disk.mayDelete.allowed && disk.usedBy.length === 0;
}

function Consequence({ plan, diskCount }: { plan: VmDeletionPlan; diskCount: number }) {
  return (
    <p className="text-pretty">
      {plan.running
        ? `The guest is asked to shut down, and loses power when its time for that is over${plan.shutdownSeconds === null ? "" : `: ${formatPlural(plan.shutdownSeconds, "second", "seconds")}`}. `
        : ""}
      {diskCount === 0
        ? "The machine is deleted for good; all its disks stay."
        : `The machine and ${formatPlural(diskCount, "disk are", "disks are")} deleted for good.`}
    </p>
  );
}

interface ChoicesProps {
  plan: VmDeletionPlan;
  goesToo: (disk: PlannedDisk) => boolean;
  onChoose: (name: string, goes: boolean) => void;
}

function Choices({ plan, goesToo, onChoose }: ChoicesProps) {
  return (
    <div className="mt-4 flex flex-col gap-4">
      {plan.protected ? (
        <Notice tone="attention">
          The machine is protected against deletion. Take the protection away in its settings first.
        </Notice>
      ) : null}
      {plan.disks.length === 0 ? null : (
        <fieldset className="flex flex-col gap-2.5 rounded-md border border-stroke p-3">
          <legend className="px-1 text-xs text-secondary">Delete these disks too</legend>
          {plan.disks.map((disk) => (
            <CheckField
              key={disk.name}
              label={
                <>
                  {disk.name}
                  {disk.sizeBytes === null ? null : (
                    <span className="text-tertiary"> {formatBytes(disk.sizeBytes)}</span>
                  )}
                </>
              }
              hint={whyKept(disk)}
              checked={goesToo(disk)}
              disabled={!mayGo(disk)}
              onChange={(checked) => onChoose(disk.name, checked)}
            />
          ))}
        </fieldset>
      )}
      {plan.alsoGoes.length === 0 ? null : (
        <p className="text-secondary">
          Also deleted: {formatList(plan.alsoGoes.map((other) => `${other.kind} ${other.name}`))}.
        </p>
      )}
      {plan.snapshots.length === 0 ? null : (
        <p className="text-secondary">
          {formatPlural(plan.snapshots.length, "snapshot stays:", "snapshots stay:")}{" "}
          {formatList(plan.snapshots)}.
        </p>
      )}
    </div>
  );
}

function whyKept(disk: PlannedDisk): string | undefined {
  if (disk.usedBy.length > 0) return `Stays: ${formatList(disk.usedBy)} uses it too.`;
  if (!disk.mayDelete.allowed) return reasonText(disk.mayDelete.reason);
  return disk.ownedByVm ? undefined : "It was not made with this machine, so it stays unless you choose it.";
}
