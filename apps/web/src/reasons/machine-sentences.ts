/** Why a machine is as it is, and why it does not take an action now. */
import type { Sentence } from "./params.ts";

export const machineSentences = {
  "deletion-waits": (p) => `Its deletion waits for finalizers: ${p.text("finalizers")}.`,
  "vm-unschedulable": () => "No host can take this machine now.",
  "vm-too-large-for-hosts": (p) =>
    `No host is large enough: it asks for ${p.quota("needed")} of ${p.text("resource").replace(/^cpu$/, "CPU")}, more than any host has.`,
  "vm-data-volume-failed": (p) => `Filling the disk ${p.text("disk")} failed.`,
  "vm-disk-missing": (p) => `The disk ${p.text("disk")} does not exist.`,
  "vm-disk-preparing": (p) =>
    p.has("percent")
      ? `The disk ${p.text("disk")} is being filled: ${p.number("percent")} %.`
      : `The disk ${p.text("disk")} is being filled.`,
  "vm-disk-waiting": (p) => `The disk ${p.text("disk")} waits for its volume.`,
  "vm-crash-loop": (p) =>
    p.has("failures") && p.text("failures") !== "1"
      ? `It failed ${p.number("failures")} times in a row and is started again later.`
      : "It fails right after it starts and is started again later.",
  "vm-image-pull-failed": () => "Its container image cannot be pulled.",
  "vm-create-failed": () => "The cluster could not create its instance.",
  "vm-instance-type-missing": () => "Its instance type does not exist.",
  "vm-preference-missing": () => "Its preference does not exist.",
  "vm-failure": (p) => `KubeVirt reports a failure: ${p.text("failure", "no detail given")}.`,
  "vm-network-failed": () => "Its network could not be set up.",
  "vm-receiver": () => "It waits to receive a machine that migrates from elsewhere.",
  "vm-migrating-to": (p) => `It moves to ${p.text("host", "another host")}.`,
  "vm-guest-failed": () => "Its last run ended in failure.",
  "vm-unknown": () => "Its host does not answer, so its state is not known.",
  "vm-volumes-need-recovery": () => "A storage migration failed; its volumes need to be recovered by hand.",
  "vm-is-running": () => "The machine is running.",
  "vm-is-stopped": () => "The machine is stopped.",
  "vm-is-starting": () => "The machine is starting.",
  "vm-is-stopping": () => "The machine is stopping.",
  "vm-is-paused": () => "The machine is paused.",
  "vm-is-not-paused": () => "The machine is not paused.",
  "vm-is-migrating": () => "The machine is moving to another host.",
  "vm-is-deleting": () => "The machine is being deleted.",
  "vm-has-instance": () => "An earlier run of this machine is still ending.",
  "vm-no-instance": () => "The machine has no running instance.",
  "vm-strategy-starts-itself": (p) =>
    `Its run strategy is ${p.text("strategy", "Always")}: the cluster starts it by itself.`,
  "vm-strategy-no-restart": (p) =>
    `Its run strategy is ${p.text("strategy", "Halted")}, which takes no restart.`,
  "vm-strategy-receiver": () => "It waits for a machine that migrates from elsewhere.",
  "vm-failed-reruns": () =>
    "Its last run failed, and its run strategy is RerunOnFailure: the cluster runs it again by itself.",
  "vm-request-pending": () => "An earlier request to start or stop it is still under way.",
  "vm-recovery-required": () => "Its volumes must be recovered by hand before it can start.",
  "vm-snapshot-running": (p) => `The snapshot ${p.text("snapshot", "of this machine")} is being taken.`,
  "vm-restore-running": () => "It is being restored from a snapshot.",
  "vm-liveness-probe": () => "It has a liveness probe that a pause would fail.",
  "vm-no-agent-or-acpi": () => "The guest has neither an agent nor ACPI, so it cannot be asked to reboot.",
  "vm-no-graphics": () => "The machine has no screen.",
  "vm-no-serial": () => "The machine has no serial port.",
  "vm-delete-protected": () => "It is protected against deletion.",
  "vm-no-agent": () => "The guest agent is not connected.",
  "type-in-use": () => "Machines name it, and could not start without it.",
  "vm-must-be-stopped": () => "The machine must be stopped first.",
  "snapshot-not-complete": () => "The snapshot is not complete.",
  "snapshot-of-other-vm": () => "The snapshot belongs to another machine.",
  "snapshot-without-disks": (p) =>
    `Their storage class takes no snapshots, so these disks are left out: ${p.text("disks", "some of them")}.`,
  "vm-not-migratable": () => "It cannot be moved while it runs.",
  "vm-not-migrating": () => "The machine is not moving to another host.",
  "host-is-current": () => "The machine runs here.",
  "cdrom-full": () => "The drive has a medium. Eject it first.",
  "cdrom-empty": () => "The drive is empty.",
  "nic-of-pod-network": () => "It joins the machine to its project's own network; a machine keeps that one.",
  "nic-not-pluggable": (p) =>
    `An interface with the binding ${p.text("binding", "it has")} cannot leave a running machine. Stop the machine first.`,
  "nic-is-leaving": () => "It is being taken out already.",
  "network-attachment-missing": (p) => `There is no network attachment ${p.text("name")} in this project.`,
  "network-attachments-absent": () =>
    "The cluster knows no network attachments: Multus is not installed there.",
  "host-tainted": (p) => `Its taint ${p.text("taint", "of an unknown key")} keeps this machine away.`,
  "host-lacks-cpu": (p) =>
    `Not enough CPU: ${p.number("needed")} needed, ${p.number("free")} not requested yet.`,
  "host-lacks-memory": (p) =>
    `Not enough memory: ${p.bytes("neededBytes")} needed, ${p.bytes("freeBytes")} not requested yet.`,
  "host-lacks-label": (p) => `The machine needs a host with the label ${p.text("label", "it selects")}.`,
  "vm-gone": () => "The machine was deleted, or replaced by another of the same name.",
  "console-busy": () => "Somebody else is connected to this screen.",
} satisfies Record<string, Sentence>;
