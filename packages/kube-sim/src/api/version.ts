/** What /version says: the Kubernetes release whose behaviour kube-sim follows. */
export const VERSION = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.2+kube-sim",
  gitCommit: "kube-sim",
  gitTreeState: "clean",
  buildDate: "2026-07-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: "linux/amd64",
} as const;
