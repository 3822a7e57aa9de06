/** Moving one running machine: to whichever host the scheduler picks, or to one that is chosen among those that can take it. */
import type { VmRow } from "@kubev/api-types/virtual-machines";
import type { MigrationTarget } from "@kubev/api-types/vm-migrations";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { formatBytes, formatCores, formatPlural } from "../format/numbers.ts";
import { reasonText } from "../reasons/reason-text.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { RadioCards } from "../ui/RadioCards.tsx";
import { Notice } from "../ui/States.tsx";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { disabledReason } from "./reason-of.ts";
import { useVmAction } from "./use-vm-actions.ts";

interface VmMigrateDialogProps {
  vm: VmRow;
  onClose: () => void;
}

const anyHost = "";

export function VmMigrateDialog({ vm, onClose }: VmMigrateDialogProps) {
  const params = { project: vm.project, name: vm.name };
  const plan = useQuery({ ...read("getVmMigrations", { params }), staleTime: 0 });
  const [host, setHost] = useState(anyHost);
  const action = useVmAction();
  const able = plan.data?.targets.filter((target) => target.decision.allowed) ?? [];
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={`Migrate ${vm.name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={action.isPending}
            disabledReason={
              plan.data === undefined ? "The hosts are still being read." : disabledReason(plan.data.migrate)
            }
            onClick={() =>
              action.mutate(
                { action: "migrate", targets: [vm], ...(host === anyHost ? {} : { host }) },
                { onSettled: onClose },
              )
            }
          >
            Migrate
          </Button>
        </>
      }
    >
      <p className="pb-3 text-pretty">
        The machine moves from {vm.host} while it runs. Its guest stands still for a moment at the end, and
        people who look at its screen are connected anew.
      </p>
      {plan.isPending ? <SkeletonLines lines={3} label="Reading the hosts" /> : null}
      <RefusalNotice error={plan.error} />
      {plan.data === undefined ? null : (
        <>
          <RadioCards
            label="Where to"
            columns={1}
            value={host}
            onChange={setHost}
            cards={[
              {
                value: anyHost,
                title: "Any host",
                detail: plan.data.hostsVisible
                  ? `The scheduler picks one; ${formatPlural(able.length, "host has", "hosts have")} room.`
                  : "The scheduler picks one. Choosing a host needs the right to see hosts.",
              },
              ...plan.data.targets.map(targetCard),
            ]}
          />
          {plan.data.hostsVisible && able.length === 0 ? (
            <div className="mt-3">
              <Notice tone="attention">
                No host can take this machine now. A migration would wait until one can, at most five minutes.
              </Notice>
            </div>
          ) : null}
        </>
      )}
    </Dialog>
  );
}

function targetCard({ host, decision, freeCpuCores, freeMemoryBytes, machines }: MigrationTarget) {
  return {
    value: host,
    title: host,
    ...(decision.allowed
      ? {
          detail: `${formatCores(freeCpuCores)} and ${formatBytes(freeMemoryBytes)} not requested yet, ${formatPlural(machines, "machine", "machines")}`,
        }
      : { disabledReason: reasonText(decision.reason) }),
  };
}
