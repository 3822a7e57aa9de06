/** What can be done with the chosen machines together. */
import type { ActionOutcome, VmActionName, VmRow } from "@kubev/api-types/virtual-machines";
import { ChevronUp } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { commonReason } from "../../components/common-reason.ts";
import { splitByAction, useVmAction } from "../../components/use-vm-actions.ts";
import { actionIcons } from "../../components/VmActionItems.tsx";
import { actionWords } from "../../components/vm-words.ts";
import { Button } from "../../ui/Button.tsx";
import { Menu, MenuItem } from "../../ui/Menu.tsx";

interface VmBulkBarProps {
  rows: readonly VmRow[];
  onDone: () => void;
  onOutcomes: (action: VmActionName, outcomes: ActionOutcome[]) => void;
}

const VmActionConfirm = lazy(async () => ({
  default: (await import("../../components/VmActionDialogs.tsx")).VmActionConfirm,
}));
const onBar: readonly VmActionName[] = ["start", "stop", "restart"];
const inMenu: readonly VmActionName[] = [
  "startPaused",
  "pause",
  "unpause",
  "migrate",
  "cancelMigration",
  "softReboot",
  "reset",
  "forceRestart",
  "forceStop",
];

export function VmBulkBar({ rows, onDone, onOutcomes }: VmBulkBarProps) {
  const [asked, setAsked] = useState<VmActionName | null>(null);
  const action = useVmAction(onOutcomes);
  const run = (name: VmActionName, targets: readonly VmRow[]) => {
    setAsked(null);
    action.mutate({ action: name, targets }, { onSuccess: onDone });
  };
  const why = (name: VmActionName) =>
    splitByAction(rows, name).able.length === 0
      ? (commonReason(rows.map(({ actions }) => actions[name])) ??
        "None of the selected machines takes this now.")
      : undefined;
  return (
    <>
      {onBar.map((name) => (
        <Button
          key={name}
          size="sm"
          icon={actionIcons[name]}
          disabledReason={why(name)}
          busy={action.isPending}
          onClick={() => setAsked(name)}
        >
          {actionWords[name].verb}
        </Button>
      ))}
      <Menu
        side="top"
        align="start"
        trigger={
          <Button size="sm">
            More
            <ChevronUp size={14} strokeWidth={1.5} aria-hidden />
          </Button>
        }
      >
        {inMenu.map((name) => (
          <MenuItem
            key={name}
            icon={actionIcons[name]}
            danger={actionWords[name].danger}
            disabledReason={why(name)}
            onSelect={() => setAsked(name)}
          >
            {actionWords[name].verb}
          </MenuItem>
        ))}
      </Menu>
      <Suspense fallback={null}>
        {asked === null ? null : (
          <VmActionConfirm
            action={asked}
            rows={rows}
            onClose={() => setAsked(null)}
            onConfirm={(able) => run(asked, able)}
          />
        )}
      </Suspense>
    </>
  );
}
