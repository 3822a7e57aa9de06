/** Hosts, usage and capacity. */
export const hostReasons = [
  // Hosts.
  "host-not-ready",
  "host-cordoned",
  "host-no-kvm",
  "host-not-for-machines", // kubevirt.io/schedulable is not true
  "host-handler-silent", // since
  "host-is-cordoned", // it is closed already
  "host-is-open", // it is not cordoned
  "host-is-alive", // its kubelet answers
  "host-has-machines", // count
  "host-drain-running",
  "host-drain-not-running",
  "drain-no-room", // hosts, cause: what most of them lack; cordoned, host: those that would take it, and one of them
  "drain-no-other-host",
  "drain-not-migratable", // KubeVirt's words in upstreamText
  "drain-external", // a machine that something else must move
  "drain-strategy-none", // it is stopped here and started elsewhere
  "drain-comes-not-back", // strategy: its run strategy does not start it again
  "drain-unmanaged",
  "drain-local-data", // volumes
  "drain-budget", // budget: its disruption budget allows none now
  "drain-daemon", // owner
  "drain-mirror",
  "drain-finished",
  "drain-ended-with-server",
  "drain-session-ended", // whoever began it signed out
  "host-unknown",

  // Usage and capacity.
  "usage-no-source", // neither Prometheus nor metrics.k8s.io
  "usage-only-recent", // minutes: what the sampler keeps
  "usage-no-traffic", // network and disks need Prometheus
  "usage-host-side", // memory as the host sees it, the emulator's own included
  "usage-source-silent", // source: it does not answer
  "usage-not-yet", // nothing was measured so far
  "not-sampled-here", // too many machines for the sampler
  "ovn-pods-missing",
  "prometheus-not-configured",
] as const;
