/** What there is to say of hosts: why one takes no machines, and what becomes of things when one is emptied. */
import type { Sentence } from "./params.ts";

const lacking: Readonly<Record<string, string>> = {
  cpu: "most lack free CPU",
  memory: "most lack free memory",
  pods: "most hold as many pods as they may",
  closed: "all are cordoned or not ready",
  "no-machines": "most run no machines",
  taint: "most are tainted against it",
  volume: "most cannot reach its disks",
  selector: "most are not of the kind that it asks for",
};

export const hostSentences = {
  "host-not-ready": () => "The host is not ready.",
  "host-cordoned": () => "The host is cordoned: no new machines are placed on it.",
  "host-no-kvm": () => "The host has no KVM.",
  "host-not-for-machines": () => "The host is not set up to run machines.",
  "host-handler-silent": (p) => `KubeVirt's agent on the host has been silent since ${p.instant("since")}.`,
  "host-unknown": () => "The host does not answer.",
  "host-is-cordoned": () => "The host is cordoned already.",
  "host-is-open": () => "The host is not cordoned.",
  "host-is-alive": () => "The host answers. Only what is gone is removed: stop its kubelet for good first.",
  "host-has-machines": (p) =>
    `The cluster still counts machines there: ${p.number("count")}. Drain the host first.`,
  "host-drain-running": () => "The host is being drained.",
  "host-drain-not-running": () => "The host is not being drained.",
  "drain-no-room": (p) => {
    const cause = p.text("cause", "closed");
    const cordoned = p.number("cordoned");
    const host = p.text("host", "one");
    const remedy = !p.has("cordoned")
      ? ""
      : cordoned === "1"
        ? ` ${host} would if it were not cordoned.`
        : ` ${cordoned} would if they were not cordoned, ${host} is one.`;
    return `No other host takes it: of ${p.number("hosts")}, ${lacking[cause] ?? `most lack ${cause}`}.${remedy}`;
  },
  "drain-no-other-host": () => "There is no other host.",
  "drain-not-migratable": () =>
    "It is to be moved without a break, and cannot be moved: the drain waits until it is stopped.",
  "drain-external": () => "Something outside KubeVirt has to move it.",
  "drain-strategy-none": () =>
    "It is stopped here and started again elsewhere: its eviction strategy moves nothing.",
  "drain-comes-not-back": (p) =>
    `It stops, and its run strategy ${p.text("strategy", "–")} does not start it again.`,
  "drain-unmanaged": () => "No controller makes this pod anew: it would be gone for good.",
  "drain-local-data": (p) =>
    `It keeps data on this host in ${p.text("volumes", "a scratch volume")}, which would be lost.`,
  "drain-budget": (p) =>
    `The disruption budget ${p.text("budget", "of its project")} allows no eviction now.`,
  "drain-daemon": (p) =>
    `The DaemonSet ${p.text("owner", "it belongs to")} runs on every host, so this stays.`,
  "drain-mirror": () => "The host's own agent runs it, so it stays.",
  "drain-finished": () => "It has finished.",
  "drain-ended-with-server": () => "The console was stopped meanwhile. Start the drain again.",
  "drain-session-ended": () =>
    "The session that began it has ended, and it can act in no other name. Start the drain again.",
  "usage-no-source": () =>
    "Nothing on this cluster measures usage: neither metrics.k8s.io is served nor a Prometheus configured.",
  "usage-only-recent": (p) => `Only the last ${p.number("minutes")} minutes are kept without a Prometheus.`,
  "usage-no-traffic": () => "Network and disk traffic are known only with a Prometheus.",
  "usage-host-side": () => "Memory is what the host gives, the emulator's own included.",
  "usage-source-silent": (p) =>
    `Usage is not known: ${p.text("source", "what measures it")} does not answer.`,
  "usage-not-yet": () => "Nothing was measured yet.",
  "not-sampled-here": () => "There are more machines than are measured without a Prometheus.",
  "prometheus-not-configured": () =>
    "No Prometheus is configured: usage comes from metrics.k8s.io, where that is there.",
  "ovn-pods-missing": () => "No pod of Kube-OVN was found.",
} satisfies Record<string, Sentence>;
