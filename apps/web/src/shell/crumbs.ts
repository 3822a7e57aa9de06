/** Turns a path of the console into its breadcrumbs. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { inSentence, nounOfPlural, objectWords } from "../objects/object-words.ts";
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
  "host-map": "Host map",
  capacity: "Capacity",
  status: "Platform status",
  networks: "Networks",
  topology: "Topology",
  secrets: "Secrets and keys",
  "create-secret": "Create a secret",
  "create-vm": "Create a virtual machine",
  "create-disk": "Create a disk",
  "import-image": "Import an image",
  "upload-image": "Upload an image",
  rights: "What you can do",
  edit: "Edit",
  yaml: "YAML",
  overview: "Overview",
  "create-from-yaml": "Create from YAML",
};

/** Pages of the platform that belong to no project, each with the list it lies under. */
const listsOfCluster: Record<string, string> = {
  hosts: "hosts",
  "host-map": "host-map",
  capacity: "capacity",
  status: "status",
  topology: "topology",
  overview: "overview",
  "create-from-yaml": "create-from-yaml",
};

const pageLabels: Record<string, string> = {
  edit: "Edit",
  console: "Screen",
  serial: "Serial console",
  disks: "Disks",
  network: "Network",
  settings: "Settings",
  snapshots: "Snapshots",
  events: "Events",
  yaml: "YAML",
  activity: "Activity",
  usage: "Usage",
  dependencies: "Dependencies",
  machines: "Machines and pods",
  logs: "Logs",
  shell: "Shell",
  drain: "Drain",
};

/** The trail within a catalogued noun: its list, the object, the tab; or its list and the form. */
function objectCrumbs(
  noun: ObjectNoun,
  project: string | undefined,
  rest: { name: string | undefined; tab: string | undefined; creates: boolean },
  path: string,
): Crumb[] {
  const { one, many } = objectWords[noun];
  const list = { label: many, to: paths.objects(noun, project) };
  if (rest.creates) return [list, { label: `Create ${inSentence(one)}`, to: path }];
  const { name, tab } = rest;
  if (name === undefined) return [list];
  const own = { label: name, to: paths.object({ ref: { noun }, project, name }) };
  const label = tab === undefined ? undefined : pageLabels[tab];
  return label === undefined ? [list, own] : [list, own, { label, to: path }];
}

/** The trail within objects of any kind; `rest` is what follows "kinds" in the path. */
function kindCrumbs(project: string | undefined, [group = "", version, plural, name]: string[]): Crumb[] {
  const all = { label: "All kinds", to: paths.kinds(project) };
  if (!version || !plural) return [all];
  const kind = { group, version, plural };
  const list = { label: plural, to: paths.kind(project, kind) };
  return name ? [all, list, { label: name, to: paths.kind(project, kind, name) }] : [all, list];
}

/** The trail of `path`, outermost first; the last one is the page itself. */
export function crumbsOf(path: string): Crumb[] {
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const [area, second, noun, name, tab] = parts;
  if (area === "platform") {
    if (second === "kinds") return kindCrumbs(undefined, parts.slice(2));
    const creates = second === "create";
    const catalogued = nounOfPlural((creates ? noun : second) ?? "");
    if (catalogued !== undefined)
      return objectCrumbs(catalogued, undefined, { name: noun, tab: name, creates }, path);
    const label = nounLabels[second ?? ""] ?? second ?? "";
    const list = listsOfCluster[second ?? ""];
    if (list === undefined) return [{ label: `${label} in all projects`, to: path }];
    const own = { label, to: path };
    if (list !== second) return [{ label: nounLabels[list] ?? list, to: `/platform/${list}` }, own];
    if (noun === undefined) return [own];
    const tab = name === undefined ? undefined : pageLabels[name];
    return [
      { label, to: `/platform/${list}` },
      { label: noun, to: `/platform/${list}/${encodeURIComponent(noun)}` },
      ...(tab === undefined ? [] : [{ label: tab, to: path }]),
    ];
  }
  if (area === "create-project")
    return [
      { label: "Projects", to: paths.projects() },
      { label: "Create a project", to: path },
    ];
  if (area !== "projects") return [];
  const crumbs: Crumb[] = [{ label: "Projects", to: paths.projects() }];
  if (second === undefined) return crumbs;
  crumbs.push({ label: second, to: paths.project(second) });
  if (noun === undefined) return crumbs;
  if (noun === "kinds") return [...crumbs, ...kindCrumbs(second, parts.slice(3))];
  const creates = noun === "create";
  const catalogued = nounOfPlural((creates ? name : noun) ?? "");
  if (catalogued !== undefined)
    return [...crumbs, ...objectCrumbs(catalogued, second, { name, tab, creates }, path)];
  const label = nounLabels[noun] ?? noun;
  if (name === undefined) return [...crumbs, { label, to: path }];
  if (noun === "networks" || noun === "secrets") {
    const to = noun === "secrets" ? paths.secrets(second) : paths.subnets(second);
    return [...crumbs, { label, to }, { label: name, to: path }];
  }
  if (noun === "disks" || noun === "images") {
    const own = { label: name, to: paths[noun === "disks" ? "disk" : "image"](second, name) };
    const part = tab === undefined ? undefined : pageLabels[tab];
    const list = { label, to: paths[noun](second) };
    return part === undefined ? [...crumbs, list, own] : [...crumbs, list, own, { label: part, to: path }];
  }
  crumbs.push({ label, to: paths.vms(second) }, { label: name, to: paths.vm(second, name) });
  const tabLabel = tab === undefined ? undefined : pageLabels[tab];
  return tabLabel === undefined ? crumbs : [...crumbs, { label: tabLabel, to: path }];
}
