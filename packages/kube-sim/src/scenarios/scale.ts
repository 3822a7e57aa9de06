/**
 * Many machines of realistic size, for benches and for seeing what ten thousand look like. Nothing moves by itself: their
 * states are stored as they would be on a busy cluster.
 */
import type { NewObject } from "../store/kube-object.ts";
import { type Host, hostKinds, hostObjects } from "./hosts.ts";
import { type Scale, scaleMachine } from "./scale-machine.ts";
import { clusterObject } from "./scenario-object.ts";

export function scaleObjects(scale: Scale, now: string): NewObject[] {
  const hosts: Host[] = Array.from({ length: scale.hosts }, (_, index) => ({
    name: `host-${String(index).padStart(3, "0")}`,
    kind: hostKinds.memory,
    zone: `rack-${index % 8}`,
  }));
  const projects = Array.from({ length: scale.projects }, (_, index) => {
    const name = `project-${String(index).padStart(2, "0")}`;
    return clusterObject("v1", "Namespace", name, {
      metadata: { labels: { "kubernetes.io/metadata.name": name, "console.kubev.io/project": "true" } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  });
  return [
    ...hostObjects(hosts, now),
    ...projects,
    ...Array.from({ length: scale.vms }, (_, index) => scaleMachine(index, scale)).flat(),
  ];
}
