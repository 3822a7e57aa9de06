/** Why a machine is in its state, and why it does not take an action. */
export const machineReasons = [
  // Why a machine is in its state: the one cause.
  "vm-too-large-for-hosts", // resource, needed: more than the largest host has; the scheduler's words in upstreamText
  "vm-unschedulable", // the scheduler's words in upstreamText
  "vm-data-volume-failed", // disk
  "vm-disk-missing", // disk
  "vm-disk-preparing", // disk, percent?
  "vm-disk-waiting", // disk: its volume is not bound yet
  "vm-crash-loop", // until?, failures?
  "vm-image-pull-failed",
  "vm-create-failed",
  "vm-instance-type-missing",
  "vm-preference-missing",
  "vm-failure", // failure: KubeVirt's own condition reason
  "vm-network-failed",
  "vm-receiver",
  "vm-migrating-to", // host
  "vm-guest-failed", // the last run ended in failure
  "vm-unknown", // its host is not answering
  "vm-volumes-need-recovery",

  // Why a machine does not take an action now.
  "vm-is-running",
  "vm-is-stopped",
  "vm-is-starting",
  "vm-is-stopping",
  "vm-is-paused",
  "vm-is-not-paused",
  "vm-is-migrating",
  "vm-is-deleting",
  "vm-has-instance", // start: an earlier instance is still ending
  "vm-no-instance",
  "vm-strategy-starts-itself", // strategy: Always or Once; the cluster starts it
  "vm-strategy-no-restart", // strategy: Halted or Once
  "vm-strategy-receiver",
  "vm-failed-reruns", // RerunOnFailure: neither started nor stopped by hand; the controller makes a new instance
  "vm-request-pending", // an earlier start or stop is under way
  "vm-recovery-required",
  "vm-snapshot-running", // snapshot
  "vm-restore-running",
  "vm-liveness-probe",
  "vm-no-agent-or-acpi",
  "vm-no-graphics",
  "vm-no-serial",
  "vm-delete-protected",
  "vm-no-agent",
  "type-in-use",
  "vm-must-be-stopped",
  "snapshot-not-complete",
  "snapshot-of-other-vm",
  "snapshot-without-disks", // the disks it leaves out, comma separated: disks
  "vm-not-migratable", // KubeVirt's words in upstreamText
  "vm-not-migrating",
  "host-is-current",
  "host-tainted", // taint
  "host-lacks-cpu", // needed, free: cores
  "host-lacks-memory", // neededBytes, freeBytes
  "host-lacks-label", // label
  "vm-gone", // it was deleted, or replaced by another of this name
  "console-busy", // somebody else is connected
] as const;
