/** Everything one machine can be asked to do, with the reason beneath what it does not take now. */
import type { ActionDecision } from "@kubev/api-types/reason";
import type { VmActionName, VmRow } from "@kubev/api-types/virtual-machines";
import {
  CircleSlash,
  MoveRight,
  Monitor,
  Pause,
  Play,
  Power,
  RotateCcw,
  SquareTerminal,
  Trash2,
  Zap,
} from "lucide-react";
import type { ReactNode } from "react";
import { paths } from "../paths.ts";
import { isMissingRight } from "../reasons/reason-text.ts";
import { MenuItem, MenuLabel, MenuSeparator } from "../ui/Menu.tsx";
import { disabledReason } from "./reason-of.ts";
import { useGo } from "./use-place.ts";
import { actionOrder, actionWords } from "./vm-words.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

export const actionIcons: Record<VmActionName, ReactNode> = {
  start: <Play {...icon} />,
  startPaused: <Play {...icon} />,
  stop: <Power {...icon} />,
  forceStop: <Zap {...icon} />,
  restart: <RotateCcw {...icon} />,
  forceRestart: <Zap {...icon} />,
  pause: <Pause {...icon} />,
  unpause: <Play {...icon} />,
  reset: <Zap {...icon} />,
  softReboot: <RotateCcw {...icon} />,
  migrate: <MoveRight {...icon} />,
  cancelMigration: <CircleSlash {...icon} />,
};

interface VmActionItemsProps {
  vm: VmRow;
  onAsk: (action: VmActionName | "delete") => void;
}

export function VmActionItems({ vm, onAsk }: VmActionItemsProps) {
  const go = useGo();
  // Only what a stopped or a running machine could never be asked is left out; all else stands there with its reason.
  const shown = actionOrder.filter((name) => {
    if (name === "start") return vm.actions.start.allowed || vm.state.status === "Stopped";
    if (name === "startPaused") return vm.actions.startPaused.allowed || vm.state.status === "Stopped";
    if (name === "unpause") return vm.state.status === "Paused";
    if (name === "pause") return vm.state.status !== "Paused" && vm.state.status !== "Stopped";
    if (name === "migrate") return vm.state.status !== "Stopped" && !vm.actions.cancelMigration.allowed;
    if (name === "cancelMigration") return vm.actions.cancelMigration.allowed;
    return vm.actions[name].allowed || vm.state.status !== "Stopped";
  });
  const decisions = [
    vm.actions.vnc,
    vm.actions.serial,
    ...shown.map((name) => vm.actions[name]),
    vm.actions.delete,
  ];
  const readOnly = decisions.every((decision) => !decision.allowed && isMissingRight(decision.reason));
  // One note says it for all of them: eight equal reasons would hide the names of the actions.
  const refused = (decision: ActionDecision) => (readOnly ? "" : disabledReason(decision));
  return (
    <>
      {readOnly ? (
        <MenuLabel>
          You may see this machine, but not act on it. Ask an administrator of {vm.project}.
        </MenuLabel>
      ) : null}
      <MenuItem
        icon={<Monitor {...icon} />}
        onSelect={() => go(paths.vm(vm.project, vm.name, "console"))}
        disabledReason={refused(vm.actions.vnc)}
      >
        Open the screen
      </MenuItem>
      <MenuItem
        icon={<SquareTerminal {...icon} />}
        onSelect={() => go(paths.vm(vm.project, vm.name, "serial"))}
        disabledReason={refused(vm.actions.serial)}
      >
        Open the serial console
      </MenuItem>
      <MenuSeparator />
      {shown.map((name) => (
        <MenuItem
          key={name}
          icon={actionIcons[name]}
          danger={actionWords[name].danger}
          onSelect={() => onAsk(name)}
          disabledReason={refused(vm.actions[name])}
        >
          {actionWords[name].verb}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem
        icon={<Trash2 {...icon} />}
        danger
        onSelect={() => onAsk("delete")}
        disabledReason={refused(vm.actions.delete)}
      >
        Delete
      </MenuItem>
    </>
  );
}
