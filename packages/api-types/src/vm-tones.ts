/** The tone of each state of a machine: the server's rows and the browser's quick filters, where no row says it. */
import type { Tone } from "./reason.ts";
import type { PrintableStatus } from "./virtual-machines.ts";

export const vmTones: Readonly<Record<PrintableStatus, Tone>> = {
  Stopped: "off",
  Provisioning: "working",
  Starting: "working",
  Running: "ok",
  Paused: "attention",
  Stopping: "working",
  Terminating: "working",
  CrashLoopBackOff: "error",
  Migrating: "working",
  Unknown: "attention",
  ErrorUnschedulable: "error",
  ErrImagePull: "error",
  ImagePullBackOff: "error",
  ErrorPvcNotFound: "error",
  DataVolumeError: "error",
  WaitingForVolumeBinding: "working",
  WaitingForReceiver: "working",
};
