/** What `npm start` says when everything is up. */
import type { EmbeddedCluster } from "./embedded-cluster.ts";
import type { StartOptions } from "./start-options.ts";

const machineLines = {
  kvm: "on QEMU with KVM",
  tcg: "on QEMU without KVM (slower)",
  "stand-in":
    "on the built-in stand-in, because QEMU is not installed. For machines that really boot:\n             apt-get install --no-install-recommends qemu-system-x86 qemu-utils",
} as const;

export function banner(url: string, options: StartOptions, cluster: EmbeddedCluster | null): string {
  const lines = ["", `  KubeV Console   ${url}`, ""];
  if (cluster) {
    lines.push(
      "  Users      ".concat(
        cluster.users.map(({ name, password }) => `${name.padEnd(9)} ${password}`).join("\n             "),
      ),
    );
    lines.push("", `  Machines   ${machineLines[cluster.machines]}`);
    lines.push(`  kubectl    kubectl --kubeconfig ${cluster.kubeconfig} get vms -A`);
    lines.push(`  Metrics    ${cluster.metricsUrl} for a Prometheus`);
    if (options.guestInternet)
      lines.push("  Network    Guests reach the internet and this machine's loopback (--guest-internet).");
  } else {
    lines.push(
      `  Cluster    ${options.kubeconfig?.file ?? ""} ${options.kubeconfig?.context ?? ""}`.trimEnd(),
    );
    lines.push(
      "             No sign-in: whoever reaches this address has that file's rights. Loopback only.",
    );
  }
  lines.push("", "  Ctrl-C stops everything; the state is kept.", "", "");
  return lines.join("\n");
}
