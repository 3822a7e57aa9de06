/** All nouns of the console and the indexes behind them. */
import { objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { Clock } from "../kube/clock.ts";
import { openCatalogue } from "../objects/catalogue.ts";
import type { ObjectRow } from "@kubev/api-types/objects";
import type { ObjectEntry } from "../objects/catalogued-noun.ts";
import type { Noun } from "./noun.ts";
import { DiskIndex, diskNoun } from "./disks.ts";
import { HostIndex, hostNoun } from "./hosts.ts";
import { ImageIndex, imageNoun } from "./images.ts";
import type { Inventory } from "./inventory.ts";
import { NetworkIndex } from "./network-index.ts";
import { ProjectIndex, projectNoun } from "./projects.ts";
import { RunningUploads } from "./running-uploads.ts";
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
  const vmIndex = new VmIndex(feeds, clock);
  const uploads = new RunningUploads();
  const imageIndex = new ImageIndex(feeds, uploads);
  const diskIndex = new DiskIndex(feeds, vmIndex, imageIndex, uploads);
  const hostIndex = new HostIndex(feeds, clock);
  const projectIndex = new ProjectIndex(feeds, vmIndex);
  const networkIndex = new NetworkIndex(feeds);
  const catalogue = openCatalogue(inventory, networkIndex, cluster);
  const catalogued = Object.fromEntries(objectNouns.map((noun) => [noun, catalogue[noun].list])) as Record<
    ObjectNoun,
    Noun<ObjectEntry, ObjectRow>
  >; // one per noun of the catalogue
  return {
    ...catalogued,
    catalogue,
    vmIndex,
    uploads,
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
