/** Lists and pages of a project, of a platform and of a person that hold nothing yet. */
import { objectCatalog, objectNouns } from "../../packages/api-types/src/object-catalog.ts";
import { objectWords } from "../../apps/web/src/objects/object-words.ts";
import { makeAt } from "../tests/cluster-objects.ts";
import type { PageState } from "../tests/pages.ts";

const project = "nothing-yet";
const base = `/projects/${project}`;
const user = "operator";

export async function makeEmptyProject(): Promise<void> {
  await makeAt("/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: project, labels: { "console.kubev.io/project": "true" } },
  });
}

export const emptyPages: readonly PageState[] = [
  ...(
    [
      ["project", "", "Under way"],
      ["vms", "/vms", "Virtual machines"],
      ["disks", "/disks", "Disks"],
      ["images", "/images", "Images"],
      ["networks", "/networks", "Networks"],
      ["topology", "/topology", /Topology/],
      ["secrets", "/secrets", /Secrets/],
      ["activity", "/activity", "Nothing was done through the console yet"],
      ["rights", "/rights", "Create machines"],
      ["create-vm", "/create-vm", "Create a virtual machine"],
      ["create-disk", "/create-disk", "Make the volume now"],
    ] as const
  ).map(([name, path, done]) => ({ name: `empty-${name}`, user, path: `${base}${path}`, done }) as const),
  ...objectNouns
    .filter((noun) => objectCatalog[noun].namespaced)
    .map((noun): PageState => {
      const { plural } = objectCatalog[noun];
      return {
        name: `empty-${plural}`,
        user,
        path: `${base}/${plural}`,
        done: objectWords[noun].many,
      };
    }),
];

/** Of a cluster that has just been installed: no machine and no project. */
export const freshPages: readonly PageState[] = [
  { name: "fresh-nobody", user: "alice", path: "/", done: "You may see nothing yet" },
  { name: "fresh-alice-activity", user: "alice", path: "/platform/vms", done: /machines/i },
  ...(
    [
      ["projects", "/projects", /Projects/],
      ["overview", "/platform/overview", "Fullest hosts"],
      ["status", "/platform/status", "Parts"],
      ["capacity", "/platform/capacity", "Everything that hosts offer"],
      ["host-map", "/platform/host-map", "host-1"],
      ["host", "/platform/hosts/host-1", "Virtualisation"],
      ["host-machines", "/platform/hosts/host-1/machines", /Pod|machine/i],
      ["activity", "/platform/activity", /Activity/],
      ["vms", "/platform/vms", "Virtual machines"],
      ["disks", "/platform/disks", "Disks"],
      ["images", "/platform/images", "Images"],
      ["topology", "/platform/topology", /Topology/],
    ] as const
  ).map(([name, path, done]) => ({ name: `fresh-${name}`, user, path, done }) as const),
  ...objectNouns.map((noun): PageState => {
    const { plural } = objectCatalog[noun];
    return {
      name: `fresh-${plural}`,
      user,
      path: `/platform/${plural}`,
      done: objectWords[noun].many,
    };
  }),
];
