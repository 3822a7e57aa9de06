/** What a fresh cluster of each scenario holds. */
import type { NewObject } from "../store/kube-object.ts";
import { demoObjects } from "./demo.ts";
import { hostKinds, hostObjects } from "./hosts.ts";
import { platformObjects } from "./platform.ts";
import { scaleObjects } from "./scale.ts";

export type ScenarioName = "demo" | "empty" | "ten-thousand-vms" | "degraded";

/** `now` is RFC 3339. */
export function scenarioObjects(name: ScenarioName, now: string): NewObject[] {
  switch (name) {
    case "demo":
    case "degraded":
      return [...platformObjects(), ...demoObjects(now)];
    case "empty":
      return [
        ...platformObjects(),
        ...hostObjects(
          ["host-1", "host-2"].map((host) => ({ name: host, kind: hostKinds.general, zone: "rack-a" })),
          now,
        ),
      ];
    case "ten-thousand-vms":
      return [
        ...platformObjects(),
        ...scaleObjects({ vms: 10_000, running: 8_000, projects: 50, hosts: 500 }, now),
      ];
  }
}
