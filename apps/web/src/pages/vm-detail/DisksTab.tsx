/** The machine's disks, as the machine sees them and as the cluster keeps them. */
import type { VmDisk } from "@kubev/api-types/virtual-machines";
import { Plus } from "lucide-react";
import { useState } from "react";
import { disabledReason } from "../../components/reason-of.ts";
import { Button } from "../../ui/Button.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useTitle } from "../../components/use-title.ts";
import { formatBytes } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { ProgressBar } from "../../ui/Progress.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Badge, StatusMark } from "../../ui/Status.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { AttachDiskDialog } from "./AttachDiskDialog.tsx";
import { DriveMedia } from "./DriveMedia.tsx";
import { DetachDisk } from "./DetachDisk.tsx";
import { useVm } from "./use-vm.ts";

const kindWords: Record<VmDisk["kind"], string> = {
  disk: "Disk",
  cdrom: "CD-ROM",
  lun: "LUN",
  "cloud-init": "Cloud-init",
  container: "Container disk",
  other: "Other",
};

export default function DisksTab() {
  const { row, disks, attachDisk } = useVm();
  const [attaching, setAttaching] = useState(false);
  useTitle(`Disks of ${row.name}`);
  const attach = (
    <Button
      icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
      disabledReason={disabledReason(attachDisk)}
      onClick={() => setAttaching(true)}
    >
      Attach a disk
    </Button>
  );
  const dialog = attaching ? <AttachDiskDialog vm={row} onClose={() => setAttaching(false)} /> : null;
  if (disks.length === 0)
    return (
      <>
        <EmptyState title="This machine has no disks" action={attach} />
        {dialog}
      </>
    );
  return (
    <TabBody>
      <div className="flex justify-end">{attach}</div>
      {dialog}
      <SimpleTable
        label={`Disks of ${row.name}`}
        columns={[
          "Name",
          "Kind",
          "Bus",
          "Boot order",
          "Kept as",
          "Size",
          "Storage class",
          "When the machine is deleted",
          "Detach",
        ]}
        endAligned={["Boot order", "Size"]}
        rows={disks.map((disk) => ({
          key: disk.name,
          cells: [
            <span key="n" className="flex items-center gap-2 font-medium">
              {disk.name}
              {disk.hotplugged ? <Badge>Hotplugged</Badge> : null}
              {disk.attaching === undefined ? null : (
                <StatusMark tone="working" detail={disk.attaching.message}>
                  {disk.attaching.phase}
                </StatusMark>
              )}
            </span>,
            kindWords[disk.kind],
            disk.bus,
            disk.bootOrder ?? "–",
            <Claim key="c" disk={disk} project={row.project} />,
            disk.claim?.sizeBytes == null ? "–" : formatBytes(disk.claim.sizeBytes),
            disk.claim?.storageClass || "–",
            disk.claim === undefined ? "–" : disk.claim.ownedByVm ? "Goes, unless kept" : "Stays",
            disk.media !== undefined ? (
              <DriveMedia key="m" vm={row} disk={disk} />
            ) : disk.hotplugged ? (
              <DetachDisk key="d" vm={row} disk={disk} />
            ) : null,
          ],
        }))}
      />
    </TabBody>
  );
}

function Claim({ disk, project }: { disk: VmDisk; project: string }) {
  const { claim } = disk;
  if (claim === undefined && disk.media?.insert.allowed === true)
    return <span className="text-secondary">Empty</span>;
  if (claim === undefined)
    return disk.containerImage === undefined ? (
      <span className="text-secondary">Not kept</span>
    ) : (
      <span className="font-mono text-xs break-all">{disk.containerImage}</span>
    );
  return (
    <span className="flex min-w-40 flex-col gap-1">
      <AppLink to={paths.disks(project)} search={{ q: claim.name }} look="plain" className="truncate">
        {claim.name}
      </AppLink>
      {claim.progressPercent === null ? null : (
        <ProgressBar percent={claim.progressPercent} label={`Filling ${claim.name}`} />
      )}
      {claim.reason === undefined ? null : (
        <span className="text-xs text-secondary">{reasonWithCause(claim.reason)}</span>
      )}
    </span>
  );
}
