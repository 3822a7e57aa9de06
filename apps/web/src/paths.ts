/** The console's whole URL space. Routes use the patterns, links use the builders; nothing else spells a path. */

/** Route patterns in the router's own notation. */
export const routePatterns = {
  home: "/",
  signIn: "/sign-in",
  projects: "/projects",
  project: "/projects/$project",
  vms: "/projects/$project/vms",
  vmCreate: "/projects/$project/create-vm",
  vm: "/projects/$project/vms/$name",
  vmConsole: "/projects/$project/vms/$name/console",
  vmSerial: "/projects/$project/vms/$name/serial",
  vmDisks: "/projects/$project/vms/$name/disks",
  vmNetwork: "/projects/$project/vms/$name/network",
  vmSettings: "/projects/$project/vms/$name/settings",
  vmSnapshots: "/projects/$project/vms/$name/snapshots",
  vmEvents: "/projects/$project/vms/$name/events",
  vmYaml: "/projects/$project/vms/$name/yaml",
  vmActivity: "/projects/$project/vms/$name/activity",
  disks: "/projects/$project/disks",
  images: "/projects/$project/images",
  imageUpload: "/projects/$project/upload-image",
  networks: "/projects/$project/networks",
  network: "/projects/$project/networks/$name",
  activity: "/projects/$project/activity",
  platformVms: "/platform/vms",
  platformHosts: "/platform/hosts",
  platformImages: "/platform/images",
  platformDisks: "/platform/disks",
  platformVpcs: "/platform/vpcs",
  vpc: "/platform/vpcs/$name",
  vpcCreate: "/platform/create-vpc",
  platformSubnets: "/platform/subnets",
  platformSubnet: "/platform/subnets/$name",
  subnetCreate: "/platform/create-subnet",
  platformActivity: "/platform/activity",
} as const;

export type RouteName = keyof typeof routePatterns;

interface Place {
  project?: string | undefined;
  name?: string | undefined;
}

function fill(route: RouteName, place: Place): string {
  return routePatterns[route].replace(/\$(project|name)/g, (_, key: "project" | "name") => {
    const value = place[key];
    if (!value) throw new Error(`The path "${route}" needs a ${key}.`);
    return encodeURIComponent(value);
  });
}

type VmPage =
  | "console"
  | "serial"
  | "disks"
  | "network"
  | "settings"
  | "snapshots"
  | "events"
  | "yaml"
  | "activity";
const vmPageRoutes = {
  console: "vmConsole",
  serial: "vmSerial",
  disks: "vmDisks",
  network: "vmNetwork",
  settings: "vmSettings",
  snapshots: "vmSnapshots",
  events: "vmEvents",
  yaml: "vmYaml",
  activity: "vmActivity",
} as const satisfies Record<VmPage, RouteName>;

/** Builders of every path. `listOf…` take the project, or undefined for all projects. */
export const paths = {
  home: () => fill("home", {}),
  signIn: () => fill("signIn", {}),
  projects: () => fill("projects", {}),
  project: (project: string) => fill("project", { project }),
  vms: (project: string | undefined) => (project ? fill("vms", { project }) : fill("platformVms", {})),
  vmCreate: (project: string) => fill("vmCreate", { project }),
  vm: (project: string, name: string, page?: VmPage) =>
    fill(page === undefined ? "vm" : vmPageRoutes[page], { project, name }),
  disks: (project: string | undefined) => (project ? fill("disks", { project }) : fill("platformDisks", {})),
  images: (project: string | undefined) =>
    project ? fill("images", { project }) : fill("platformImages", {}),
  imageUpload: (project: string) => fill("imageUpload", { project }),
  activity: (project: string | undefined) =>
    project ? fill("activity", { project }) : fill("platformActivity", {}),
  vpcs: () => fill("platformVpcs", {}),
  vpc: (name: string) => fill("vpc", { name }),
  vpcCreate: () => fill("vpcCreate", {}),
  subnets: (project: string | undefined) =>
    project ? fill("networks", { project }) : fill("platformSubnets", {}),
  subnet: (project: string | undefined, name: string) =>
    project ? fill("network", { project, name }) : fill("platformSubnet", { name }),
  subnetCreate: () => fill("subnetCreate", {}),
  hosts: () => fill("platformHosts", {}),
} as const;
