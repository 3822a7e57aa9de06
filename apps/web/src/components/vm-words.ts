/** What the console calls the states and actions of a machine, the same everywhere. */
import type { PrintableStatus, VmActionName, VmRow } from "@kubev/api-types/virtual-machines";

export const statusWords: Record<PrintableStatus, string> = {
  Stopped: "Stopped",
  Provisioning: "Provisioning",
  Starting: "Starting",
  Running: "Running",
  Paused: "Paused",
  Stopping: "Stopping",
  Terminating: "Deleting",
  CrashLoopBackOff: "Failing repeatedly",
  Migrating: "Migrating",
  Unknown: "Unknown",
  ErrorUnschedulable: "Cannot be scheduled",
  ErrImagePull: "Image not found",
  ImagePullBackOff: "Image not found",
  ErrorPvcNotFound: "Disk missing",
  DataVolumeError: "Disk failed",
  WaitingForVolumeBinding: "Waiting for a volume",
  WaitingForReceiver: "Waiting to receive",
};

interface ActionWords {
  verb: string;
  /** Said when it was asked for and nothing failed. */
  done: string;
  /** What happens, for one machine and for several; absent where nothing is lost. */
  consequence?: { one: string; many: string };
  danger?: boolean;
}

export const actionWords: Record<VmActionName, ActionWords> = {
  start: { verb: "Start", done: "Start requested" },
  startPaused: { verb: "Start paused", done: "Start requested" },
  stop: {
    verb: "Stop",
    done: "Stop requested",
    consequence: {
      one: "The guest is asked to shut down. People who use it lose their connection.",
      many: "The guests are asked to shut down. People who use them lose their connection.",
    },
  },
  forceStop: {
    verb: "Force stop",
    done: "Force stop requested",
    danger: true,
    consequence: {
      one: "The machine loses power at once. What it has not written to disk is lost.",
      many: "The machines lose power at once. What they have not written to disk is lost.",
    },
  },
  restart: {
    verb: "Restart",
    done: "Restart requested",
    consequence: {
      one: "The guest is shut down and started again. People who use it lose their connection for a while.",
      many: "The guests are shut down and started again. People who use them lose their connection for a while.",
    },
  },
  forceRestart: {
    verb: "Force restart",
    done: "Force restart requested",
    danger: true,
    consequence: {
      one: "The machine loses power at once and starts again. What it has not written to disk is lost.",
      many: "The machines lose power at once and start again. What they have not written to disk is lost.",
    },
  },
  pause: { verb: "Pause", done: "Paused" },
  unpause: { verb: "Resume", done: "Resumed" },
  reset: {
    verb: "Reset",
    done: "Reset",
    danger: true,
    consequence: {
      one: "The machine is reset as by its reset button. What it has not written to disk is lost.",
      many: "The machines are reset as by their reset button. What they have not written to disk is lost.",
    },
  },
  migrate: {
    verb: "Migrate",
    done: "Migration requested",
    consequence: {
      one: "The machine moves to a host that the scheduler picks, while it runs.",
      many: "The machines move to hosts that the scheduler picks, while they run; a few at a time, the others wait.",
    },
  },
  cancelMigration: { verb: "Cancel the migration", done: "Migration cancelled" },
  softReboot: {
    verb: "Reboot the guest",
    done: "Reboot requested",
    consequence: {
      one: "The guest is asked to reboot. People who use it lose their connection for a while.",
      many: "The guests are asked to reboot. People who use them lose their connection for a while.",
    },
  },
};

/** The order of actions in every menu. */
export const actionOrder: readonly VmActionName[] = [
  "start",
  "startPaused",
  "stop",
  "restart",
  "softReboot",
  "pause",
  "unpause",
  "migrate",
  "cancelMigration",
  "reset",
  "forceRestart",
  "forceStop",
];

/** The one action a person most likely wants in this state, whether or not they have the right to it. */
export function primaryAction(vm: VmRow): VmActionName {
  const { start, stop } = vm.actions;
  if (vm.state.status === "Paused") return "unpause";
  if (vm.state.status === "Stopped") return stop.allowed && !start.allowed ? "stop" : "start";
  return start.allowed && !stop.allowed ? "start" : "stop";
}
