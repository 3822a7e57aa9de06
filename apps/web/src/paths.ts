/** The console's whole URL space. Routes use the patterns, links use the builders; nothing else spells a path. */

import type { Noun } from "@kubev/api-types/resource-ref";
import { isObjectNoun, objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";

/** Route patterns in the router's own notation. */
export const routePatterns = {
  home: "/",
  signIn: "/sign-in",
  projects: "/projects",
  project: "/projects/$project",
  projectCreate: "/create-project",
  projectEdit: "/projects/$project/edit",
  projectRights: "/projects/$project/rights",
  textCreate: "/projects/$project/create-from-yaml",
  platformTextCreate: "/platform/create-from-yaml",
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
  vmRelations: "/projects/$project/vms/$name/dependencies",
  vmUsage: "/projects/$project/vms/$name/usage",
  disks: "/projects/$project/disks",
  diskCreate: "/projects/$project/create-disk",
  disk: "/projects/$project/disks/$name",
  diskYaml: "/projects/$project/disks/$name/yaml",
  diskEvents: "/projects/$project/disks/$name/events",
  diskActivity: "/projects/$project/disks/$name/activity",
  images: "/projects/$project/images",
  imageImport: "/projects/$project/import-image",
  imageUpload: "/projects/$project/upload-image",
  networks: "/projects/$project/networks",
  network: "/projects/$project/networks/$name",
  activity: "/projects/$project/activity",
  platformVms: "/platform/vms",
  platformHosts: "/platform/hosts",
  platformHost: "/platform/hosts/$name",
  hostMap: "/platform/host-map",
  capacity: "/platform/capacity",
  platformStatus: "/platform/status",
  platformOverview: "/platform/overview",
  platformImages: "/platform/images",
  platformDisks: "/platform/disks",
  platformVpcs: "/platform/vpcs",
  platformSubnets: "/platform/subnets",
  platformActivity: "/platform/activity",
  topology: "/projects/$project/topology",
  platformTopology: "/platform/topology",
  objects: "/projects/$project/$plural",
  objectCreate: "/projects/$project/create/$plural",
  objectEdit: "/projects/$project/$plural/$name/edit",
  object: "/projects/$project/$plural/$name",
  platformObjects: "/platform/$plural",
  platformObjectCreate: "/platform/create/$plural",
  platformObjectEdit: "/platform/$plural/$name/edit",
  platformObject: "/platform/$plural/$name",
} as const;

export type RouteName = keyof typeof routePatterns;

interface Place {
  project?: string | undefined;
  name?: string | undefined;
  plural?: string | undefined;
}

function fill(route: RouteName, place: Place): string {
  return routePatterns[route].replace(/\$(project|name|plural)/g, (_, key: keyof Place) => {
    const value = place[key];
    if (!value) throw new Error(`The path "${route}" needs a ${key}.`);
    return encodeURIComponent(value);
  });
}

export type HostTab = "machines" | "usage" | "drain" | "events" | "yaml" | "activity";

type VmPage =
  | "dependencies"
  | "usage"
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
  usage: "vmUsage",
  dependencies: "vmRelations",
} as const satisfies Record<VmPage, RouteName>;

const diskPageRoutes = {
  yaml: "diskYaml",
  events: "diskEvents",
  activity: "diskActivity",
} as const satisfies Record<string, RouteName>;

export type ObjectTab = "logs" | "shell" | "yaml" | "events" | "activity";

/** A catalogued object: a row of it, or what names one. */
interface ObjectPlace {
  ref: { noun: Noun };
  project?: string | undefined;
  name: string;
}

function objectPath(route: "object" | "objectEdit", { ref, project, name }: ObjectPlace): string {
  if (!isObjectNoun(ref.noun)) throw new Error(`${ref.noun} is no catalogued noun.`);
  const { plural } = objectCatalog[ref.noun];
  if (project) return fill(route, { project, plural, name });
  return fill(route === "object" ? "platformObject" : "platformObjectEdit", { plural, name });
}

/** Builders of every path. `listOf…` take the project, or undefined for all projects. */
export const paths = {
  home: () => fill("home", {}),
  signIn: () => fill("signIn", {}),
  projects: () => fill("projects", {}),
  project: (project: string) => fill("project", { project }),
  projectCreate: () => fill("projectCreate", {}),
  projectEdit: (project: string) => fill("projectEdit", { project }),
  projectRights: (project: string) => fill("projectRights", { project }),
  textCreate: (project: string | undefined) =>
    project ? fill("textCreate", { project }) : fill("platformTextCreate", {}),
  vms: (project: string | undefined) => (project ? fill("vms", { project }) : fill("platformVms", {})),
  vmCreate: (project: string) => fill("vmCreate", { project }),
  vm: (project: string, name: string, page?: VmPage) =>
    fill(page === undefined ? "vm" : vmPageRoutes[page], { project, name }),
  disks: (project: string | undefined) => (project ? fill("disks", { project }) : fill("platformDisks", {})),
  disk: (project: string, name: string, page?: keyof typeof diskPageRoutes) =>
    fill(page === undefined ? "disk" : diskPageRoutes[page], { project, name }),
  diskCreate: (project: string) => fill("diskCreate", { project }),
  images: (project: string | undefined) =>
    project ? fill("images", { project }) : fill("platformImages", {}),
  imageImport: (project: string) => fill("imageImport", { project }),
  imageUpload: (project: string) => fill("imageUpload", { project }),
  activity: (project: string | undefined) =>
    project ? fill("activity", { project }) : fill("platformActivity", {}),
  vpcs: () => fill("platformVpcs", {}),
  vpc: (name: string) => fill("platformObject", { plural: "vpcs", name }),
  vpcCreate: () => fill("platformObjectCreate", { plural: "vpcs" }),
  subnets: (project: string | undefined) =>
    project ? fill("networks", { project }) : fill("platformSubnets", {}),
  subnet: (project: string | undefined, name: string) =>
    project ? fill("network", { project, name }) : fill("platformObject", { plural: "subnets", name }),
  subnetCreate: () => fill("platformObjectCreate", { plural: "subnets" }),
  topology: (project: string | undefined) =>
    project ? fill("topology", { project }) : fill("platformTopology", {}),
  hosts: () => fill("platformHosts", {}),
  host: (name: string, tab?: HostTab) => `${fill("platformHost", { name })}${tab ? `/${tab}` : ""}`,
  hostMap: () => fill("hostMap", {}),
  capacity: () => fill("capacity", {}),
  platformStatus: () => fill("platformStatus", {}),
  platformOverview: () => fill("platformOverview", {}),
  /** The list of a catalogued noun. One that lies in no project may be shown beside a project's pages all the same. */
  objects: (noun: ObjectNoun, project: string | undefined) => {
    const { plural } = objectCatalog[noun];
    return project ? fill("objects", { project, plural }) : fill("platformObjects", { plural });
  },
  object: (at: ObjectPlace, page?: ObjectTab) => `${objectPath("object", at)}${page ? `/${page}` : ""}`,
  objectEdit: (at: ObjectPlace) => objectPath("objectEdit", at),
  objectCreate: (noun: ObjectNoun, project: string | undefined) => {
    const { plural, namespaced } = objectCatalog[noun];
    return namespaced && project
      ? fill("objectCreate", { project, plural })
      : fill("platformObjectCreate", { plural });
  },
} as const;
