/** All nouns of the console and the indexes behind them. */
import type { Clock } from "../kube/clock.ts";
import { DiskIndex, diskNoun } from "./disks.ts";
import { HostIndex, hostNoun } from "./hosts.ts";
import { ImageIndex, imageNoun } from "./images.ts";
import type { Inventory } from "./inventory.ts";
import { NetworkIndex } from "./network-index.ts";
import { ProjectIndex, projectNoun } from "./projects.ts";
import { subnetNoun } from "./subnets.ts";
import { VmIndex } from "./vm-index.ts";
import { vmNoun } from "./vms.ts";
import { vpcNoun } from "./vpcs.ts";

/** Must be made before the inventory starts: the indexes live from its changes. */
export function openNouns(
  inventory: Inventory,
  clock: Clock,
  cluster: string,
  sharedProject: string,
  isDraining: (host: string) => boolean,
) {
  const { feeds } = inventory;
  const vmIndex = new VmIndex(feeds);
  const imageIndex = new ImageIndex(feeds);
  const diskIndex = new DiskIndex(feeds, vmIndex, imageIndex);
  const hostIndex = new HostIndex(feeds);
  const projectIndex = new ProjectIndex(feeds, vmIndex);
  const networkIndex = new NetworkIndex(feeds);
  return {
    vmIndex,
    imageIndex,
    networkIndex,
    hostIndex,
    vms: vmNoun(feeds, vmIndex, cluster),
    images: imageNoun(feeds, imageIndex, vmIndex, cluster, sharedProject),
    disks: diskNoun(feeds, diskIndex, cluster),
    hosts: hostNoun(feeds, hostIndex, clock, cluster, isDraining),
    projects: projectNoun(feeds, projectIndex, vmIndex, cluster),
    vpcs: vpcNoun(feeds, networkIndex, cluster),
    subnets: subnetNoun(feeds, networkIndex, cluster),
  };
}

export type Nouns = ReturnType<typeof openNouns>;
