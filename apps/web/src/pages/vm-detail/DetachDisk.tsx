/** The button that takes a hotplugged disk out of a machine, and the question before it. */
import type { VmDisk, VmRow } from "@kubev/api-types/virtual-machines";
import { Unplug } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useDeed } from "../../components/use-deed.ts";
import { IconButton } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";

export function DetachDisk({ vm, disk }: { vm: VmRow; disk: VmDisk }) {
  const [asked, setAsked] = useState(false);
  const detach = useDeed({
    run: () => call("detachVmDisk", { params: { project: vm.project, name: vm.name, disk: disk.name } }),
    done: () => `${disk.name} is being detached from ${vm.name}.`,
    shownBy: ["getVm", "listDisks"],
    onDone: () => setAsked(false),
  });
  return (
    <>
      <IconButton
        size="sm"
        aria-label={`Detach ${disk.name}`}
        icon={<Unplug size={16} strokeWidth={1.5} aria-hidden />}
        disabledReason={disabledReason(disk.detach)}
        onClick={() => setAsked(true)}
      />
      <ConfirmDialog
        open={asked}
        onClose={() => setAsked(false)}
        onConfirm={() => detach.mutate()}
        title={`Detach ${disk.name} from ${vm.name}`}
        verb="Detach"
        busy={detach.isPending}
        consequence={
          <p className="text-pretty">
            The guest loses the disk at once. Unmount it there first, or what it has not written is lost. The
            disk itself stays in the project.
          </p>
        }
      >
        <RefusalNotice error={detach.error} />
      </ConfirmDialog>
    </>
  );
}
