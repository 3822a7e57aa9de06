/** Pods, workloads, quotas and members. */
import type { Sentence } from "./params.ts";

export const workloadSentences = {
  "container-failing": (p) =>
    `The container ${p.text("container")} does not run: ${p.text("why", "unknown")}.`,
  "pod-failed": (p) => `The pod failed: ${p.text("why", "unknown")}.`,
  "pod-unschedulable": () => "No host takes this pod.",
  "pod-carries-machine": (p) =>
    `This pod carries the machine ${p.text("name", "of its name")}. Stop, move or delete the machine instead.`,
  "pod-not-running": () => "The pod does not run.",
  "shell-into-machine": (p) =>
    `This pod carries the machine ${p.text("name", "of its name")}. A command in it acts on the machine's own process and disks, and can stop or damage it.`,
  "workload-stuck": (p) => `Its pods cannot be brought up: ${p.text("why", "unknown")}.`,
  "job-failed": (p) => `The job failed: ${p.text("why", "unknown")}.`,
  "job-is-over": () => "The job is over.",
  "quota-over": (p) => `More of ${p.text("resource")} is used than the quota allows.`,
  "quota-full": (p) => `Nothing is left of ${p.text("resource")}.`,
  "named-twice": (p) => `The name ${p.text("name", "in question")} appears twice.`,
  "workload-cannot": (p) => `A ${p.text("kind", "workload of this kind")} cannot do this.`,
  "kind-not-served": (p) =>
    `The cluster serves no ${p.text("kind", "object of this kind")} of ${p.text("apiVersion", "this version")}.`,
  "project-needed": (p) =>
    `An object of the kind ${p.text("kind", "in question")} lies in a project; say in metadata.namespace in which.`,
  "verb-not-served": (p) =>
    `The cluster offers no way to ${p.text("verb", "do this")} an object of the kind ${p.text("kind", "in question")}.`,
  "last-admin": (p) =>
    `This is the only membership by which anybody administers ${p.text("project", "the project")}. Add another administrator first.`,
  "secret-of-account": () => "The cluster makes and keeps this token itself.",
  "secret-no-ssh-keys": (p) =>
    `The secret ${p.text("name", "chosen")} holds something else than SSH public keys, and the guest would get to see it.`,
  "secret-uses-unknown": (p) => `You may not list ${p.text("resource")}, so their use is not shown.`,
  "secret-uses-cut": (p) => `Only the first ${p.number("limit")} ${p.text("resource")} were looked at.`,
  "role-missing": (p) => `There is no role ${p.text("name")}.`,
} satisfies Record<string, Sentence>;
