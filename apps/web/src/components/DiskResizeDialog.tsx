/** Growing a disk: to what size, and when its machine sees it. */
import type { DiskDetail } from "@kubev/api-types/disk-detail";
import { useState } from "react";
import { call } from "../api/client.ts";
import { formatBytes } from "../format/numbers.ts";
import { useDeed } from "./use-deed.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { SizeField } from "../ui/SizeField.tsx";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { fieldsOf, formErrors } from "./form-errors.ts";

const seenWords: Record<DiskDetail["growthSeen"], string> = {
  "at-once":
    "A running machine sees the new size at once. Its partitions and file systems grow when its guest does it.",
  "after-restart": "The running machine sees the new size after a restart.",
  "when-mounted": "The file system of the volume grows when a machine next starts with the disk.",
};

export function DiskResizeDialog({ detail, onClose }: { detail: DiskDetail; onClose: () => void }) {
  const { row, growthSeen } = detail;
  const currentBytes = detail.claim?.requestBytes ?? row.sizeBytes ?? 0;
  const [sizeBytes, setSizeBytes] = useState<number | null>(currentBytes);
  const resize = useDeed({
    run: () =>
      call("resizeDisk", {
        params: { project: row.project, name: row.name },
        body: { sizeBytes: sizeBytes ?? 0 },
      }),
    done: () => `${row.name} is growing.`,
    shownBy: ["getDisk", "listDisks"],
    onDone: onClose,
  });
  const refused = formErrors(fieldsOf(resize.error));
  const grows = sizeBytes !== null && sizeBytes > currentBytes;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Grow ${row.name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={resize.isPending}
            disabledReason={grows ? undefined : `Give a size above ${formatBytes(currentBytes)}.`}
            onClick={() => resize.mutate()}
          >
            Grow disk
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-pretty">{seenWords[growthSeen]} A disk cannot be made smaller again.</p>
        <SizeField
          label="New size"
          bytes={sizeBytes}
          onChange={setSizeBytes}
          error={refused.at("sizeBytes")}
          hint={`It has ${formatBytes(currentBytes)} now.`}
        />
        {refused.all.length > 0 ? null : <RefusalNotice error={resize.error} />}
      </div>
    </Dialog>
  );
}
