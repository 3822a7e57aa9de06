/** The console's whole URL space. Routes use the patterns, links use the builders; nothing else spells a path. */

import type { Noun } from "@kubev/api-types/resource-ref";
import { coreGroup, isObjectNoun, objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";

/** Route patterns in the router's own notation. */
export const routePatterns = {
  home: "/",
  signIn: "/sign-in",
  projects: "/projects",
  project: "/projects/$project",
  projectCreate: "/create-project",
  projectEdit: "/projects/$project/edit",
  projectRights: "/projects/$project/rights",
  projectYaml: "/projects/$project/yaml",
  textCreate: "/projects/$project/create-from-yaml",
  platformTextCreate: "/platform/create-from-yaml",
  kinds: "/projects/$project/kinds",
  kind: "/projects/$project/kinds/$",
  platformKinds: "/platform/kinds",
  platformKind: "/platform/kinds/$",
  vms: "/projects/$project/vms",
  vmCreate: "/projects/$project/create-vm",
  vm: "/projects/$project/vms/$name",
  disks: "/projects/$project/disks",
  diskCreate: "/projects/$project/create-disk",
  disk: "/projects/$project/disks/$name",
  images: "/projects/$project/images",
  image: "/projects/$project/images/$name",
  imageImport: "/projects/$project/import-image",
  imageUpload: "/projects/$project/upload-image",
  networks: "/projects/$project/networks",
  network: "/projects/$project/networks/$name",
  activity: "/projects/$project/activity",
  secrets: "/projects/$project/secrets",
  secretCreate: "/projects/$project/create-secret",
  secret: "/projects/$project/secrets/$name",
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

type VmTab =
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

type Tab = "yaml" | "events" | "activity";

const withTab = (path: string, tab?: string) => (tab ? `${path}/${tab}` : path);

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

/** What a kind is in the cluster's URLs; `group` is '' for the core group. */
export interface KindPlace {
  group: string;
  version: string;
  plural: string;
}

const kindsPath = (project: string | undefined) =>
  project ? fill("kinds", { project }) : fill("platformKinds", {});

/** Builders of every path. `listOf…` take the project, or undefined for all projects. */
export const paths = {
  home: () => fill("home", {}),
  signIn: () => fill("signIn", {}),
  projects: () => fill("projects", {}),
  project: (project: string) => fill("project", { project }),
  projectCreate: () => fill("projectCreate", {}),
  projectEdit: (project: string) => fill("projectEdit", { project }),
  projectRights: (project: string) => fill("projectRights", { project }),
  projectYaml: (project: string) => fill("projectYaml", { project }),
  textCreate: (project: string | undefined) =>
    project ? fill("textCreate", { project }) : fill("platformTextCreate", {}),
  kinds: kindsPath,
  /** The objects of a kind, or the one called `name`; both beside a project where they lie in one. */
  kind: (project: string | undefined, { group, version, plural }: KindPlace, ...name: string[]) =>
    [kindsPath(project), ...[group || coreGroup, version, plural, ...name].map(encodeURIComponent)].join("/"),
  vms: (project: string | undefined) => (project ? fill("vms", { project }) : fill("platformVms", {})),
  vmCreate: (project: string) => fill("vmCreate", { project }),
  vm: (project: string, name: string, tab?: VmTab) => withTab(fill("vm", { project, name }), tab),
  disks: (project: string | undefined) => (project ? fill("disks", { project }) : fill("platformDisks", {})),
  disk: (project: string, name: string, tab?: Tab) => withTab(fill("disk", { project, name }), tab),
  diskCreate: (project: string) => fill("diskCreate", { project }),
  images: (project: string | undefined) =>
    project ? fill("images", { project }) : fill("platformImages", {}),
  image: (project: string, name: string, tab?: Tab) => withTab(fill("image", { project, name }), tab),
  imageImport: (project: string) => fill("imageImport", { project }),
  imageUpload: (project: string) => fill("imageUpload", { project }),
  activity: (project: string | undefined) =>
    project ? fill("activity", { project }) : fill("platformActivity", {}),
  secrets: (project: string) => fill("secrets", { project }),
  secretCreate: (project: string) => fill("secretCreate", { project }),
  secret: (project: string, name: string) => fill("secret", { project, name }),
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
  host: (name: string, tab?: HostTab) => withTab(fill("platformHost", { name }), tab),
  hostMap: () => fill("hostMap", {}),
  capacity: () => fill("capacity", {}),
  platformStatus: () => fill("platformStatus", {}),
  platformOverview: () => fill("platformOverview", {}),
  /** The list of a catalogued noun. One that lies in no project may be shown beside a project's pages all the same. */
  objects: (noun: ObjectNoun, project: string | undefined) => {
    const { plural } = objectCatalog[noun];
    return project ? fill("objects", { project, plural }) : fill("platformObjects", { plural });
  },
  object: (at: ObjectPlace, page?: ObjectTab) => withTab(objectPath("object", at), page),
  objectEdit: (at: ObjectPlace) => objectPath("objectEdit", at),
  objectCreate: (noun: ObjectNoun, project: string | undefined) => {
    const { plural, namespaced } = objectCatalog[noun];
    return namespaced && project
      ? fill("objectCreate", { project, plural })
      : fill("platformObjectCreate", { plural });
  },
} as const;
