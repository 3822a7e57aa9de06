/** Turns a path of the console into its breadcrumbs. */
import { paths } from "../paths.ts";

export interface Crumb {
  label: string;
  to: string;
}

const nounLabels: Record<string, string> = {
  vms: "Virtual machines",
  disks: "Disks",
  images: "Images",
  activity: "Activity",
  hosts: "Hosts",
  networks: "Networks",
  vpcs: "VPCs",
  subnets: "Subnets",
  "create-vpc": "Create a VPC",
  "create-subnet": "Create a subnet",
  "create-vm": "Create a virtual machine",
  "upload-image": "Upload an image",
};

/** Pages of the platform that belong to no project, each with the list it lies under. */
const listsOfCluster: Record<string, string> = {
  hosts: "hosts",
  vpcs: "vpcs",
  subnets: "subnets",
  "create-vpc": "vpcs",
  "create-subnet": "subnets",
};

const vmPageLabels: Record<string, string> = {
  console: "Screen",
  serial: "Serial console",
  disks: "Disks",
  network: "Network",
  settings: "Settings",
  snapshots: "Snapshots",
  events: "Events",
  yaml: "YAML",
  activity: "Activity",
};

/** The trail of `path`, outermost first; the last one is the page itself. */
export function crumbsOf(path: string): Crumb[] {
  const [area, second, noun, name, tab] = path.split("/").filter(Boolean).map(decodeURIComponent);
  if (area === "platform") {
    const label = nounLabels[second ?? ""] ?? second ?? "";
    const list = listsOfCluster[second ?? ""];
    if (list === undefined) return [{ label: `${label} in all projects`, to: path }];
    const own = { label, to: path };
    if (list !== second) return [{ label: nounLabels[list] ?? list, to: `/platform/${list}` }, own];
    return noun === undefined
      ? [own]
      : [
          { label, to: `/platform/${list}` },
          { label: noun, to: path },
        ];
  }
  if (area !== "projects") return [];
  const crumbs: Crumb[] = [{ label: "Projects", to: paths.projects() }];
  if (second === undefined) return crumbs;
  crumbs.push({ label: second, to: paths.project(second) });
  if (noun === undefined) return crumbs;
  const label = nounLabels[noun] ?? noun;
  if (name === undefined) return [...crumbs, { label, to: path }];
  if (noun === "networks")
    return [...crumbs, { label, to: paths.subnets(second) }, { label: name, to: path }];
  crumbs.push({ label, to: paths.vms(second) }, { label: name, to: paths.vm(second, name) });
  const tabLabel = tab === undefined ? undefined : vmPageLabels[tab];
  return tabLabel === undefined ? crumbs : [...crumbs, { label: tabLabel, to: path }];
}
