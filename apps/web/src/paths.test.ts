/** The whole URL space with its breadcrumbs, so that no URL changes unseen. */
import { expect, test } from "vitest";
import { nearestPage } from "./pages/failures/nearest-page.ts";
import { paths, routePatterns } from "./paths.ts";
import { crumbsOf } from "./shell/crumbs.ts";

/** Every URL of the console, with its breadcrumbs. */
const urls = [
  paths.home(),
  paths.signIn(),
  paths.projects(),
  paths.projectCreate(),
  paths.project("web-shop"),
  paths.projectEdit("web-shop"),
  paths.projectRights("web-shop"),
  paths.projectYaml("web-shop"),
  paths.textCreate("web-shop"),
  paths.textCreate(undefined),
  paths.platformOverview(),
  paths.vms("web-shop"),
  paths.vmCreate("web-shop"),
  paths.vm("web-shop", "db-1"),
  ...(
    [
      "dependencies",
      "usage",
      "console",
      "serial",
      "disks",
      "network",
      "settings",
      "snapshots",
      "events",
      "yaml",
      "activity",
    ] as const
  ).map((page) => paths.vm("web-shop", "db-1", page)),
  paths.disks("web-shop"),
  paths.diskCreate("web-shop"),
  paths.disk("web-shop", "db-1"),
  ...(["events", "yaml", "activity"] as const).map((page) => paths.disk("web-shop", "db-1", page)),
  paths.images("web-shop"),
  paths.image("web-shop", "db-1"),
  ...(["events", "yaml", "activity"] as const).map((tab) => paths.image("web-shop", "db-1", tab)),
  paths.imageImport("web-shop"),
  paths.imageUpload("web-shop"),
  paths.secrets("web-shop"),
  paths.secretCreate("web-shop"),
  paths.secret("web-shop", "db-1"),
  paths.subnets("web-shop"),
  paths.subnet("web-shop", "db-1"),
  paths.activity("web-shop"),
  paths.vms(undefined),
  paths.hosts(),
  paths.host("db-1"),
  ...(["machines", "usage", "drain", "events", "yaml", "activity"] as const).map((tab) =>
    paths.host("db-1", tab),
  ),
  paths.hostMap(),
  paths.capacity(),
  paths.platformStatus(),
  paths.disks(undefined),
  paths.images(undefined),
  paths.vpcs(),
  paths.vpc("db-1"),
  paths.vpcCreate(),
  paths.subnets(undefined),
  paths.subnet(undefined, "db-1"),
  paths.subnetCreate(),
  paths.activity(undefined),
  paths.topology("web-shop"),
  paths.topology(undefined),
  paths.kinds("web-shop"),
  paths.kind("web-shop", { group: "", version: "v1", plural: "configmaps" }),
  paths.kind("web-shop", { group: "policy", version: "v1", plural: "poddisruptionbudgets" }, "db-1"),
  paths.kinds(undefined),
  paths.kind(undefined, { group: "example.org", version: "v1", plural: "things" }),
  paths.kind(undefined, { group: "example.org", version: "v1", plural: "things" }, "a:b"),
  paths.objects("service", "web-shop"),
  paths.objectCreate("service", "web-shop"),
  paths.object({ ref: { noun: "service" }, project: "web-shop", name: "db-1" }),
  paths.object({ ref: { noun: "service" }, project: "web-shop", name: "db-1" }, "yaml"),
  paths.objectEdit({ ref: { noun: "service" }, project: "web-shop", name: "db-1" }),
  paths.objects("service", undefined),
  paths.objects("security-group", undefined),
  paths.objectCreate("security-group", undefined),
  paths.object({ ref: { noun: "security-group" }, name: "db-1" }),
  paths.object({ ref: { noun: "security-group" }, name: "db-1" }, "events"),
  paths.objectEdit({ ref: { noun: "security-group" }, name: "db-1" }),
];

test("the whole URL space, each URL with its breadcrumbs", () => {
  const lines = urls.map(
    (url) =>
      `${url} | ${crumbsOf(url)
        .map((crumb) => crumb.label)
        .join(" / ")}`,
  );
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "/ | 
    /sign-in | 
    /projects | Projects
    /create-project | Projects / Create a project
    /projects/web-shop | Projects / web-shop
    /projects/web-shop/edit | Projects / web-shop / Edit
    /projects/web-shop/rights | Projects / web-shop / What you can do
    /projects/web-shop/yaml | Projects / web-shop / YAML
    /projects/web-shop/create-from-yaml | Projects / web-shop / Create from YAML
    /platform/create-from-yaml | Create from YAML
    /platform/overview | Overview
    /projects/web-shop/vms | Projects / web-shop / Virtual machines
    /projects/web-shop/create-vm | Projects / web-shop / Create a virtual machine
    /projects/web-shop/vms/db-1 | Projects / web-shop / Virtual machines / db-1
    /projects/web-shop/vms/db-1/dependencies | Projects / web-shop / Virtual machines / db-1 / Dependencies
    /projects/web-shop/vms/db-1/usage | Projects / web-shop / Virtual machines / db-1 / Usage
    /projects/web-shop/vms/db-1/console | Projects / web-shop / Virtual machines / db-1 / Screen
    /projects/web-shop/vms/db-1/serial | Projects / web-shop / Virtual machines / db-1 / Serial console
    /projects/web-shop/vms/db-1/disks | Projects / web-shop / Virtual machines / db-1 / Disks
    /projects/web-shop/vms/db-1/network | Projects / web-shop / Virtual machines / db-1 / Network
    /projects/web-shop/vms/db-1/settings | Projects / web-shop / Virtual machines / db-1 / Settings
    /projects/web-shop/vms/db-1/snapshots | Projects / web-shop / Virtual machines / db-1 / Snapshots
    /projects/web-shop/vms/db-1/events | Projects / web-shop / Virtual machines / db-1 / Events
    /projects/web-shop/vms/db-1/yaml | Projects / web-shop / Virtual machines / db-1 / YAML
    /projects/web-shop/vms/db-1/activity | Projects / web-shop / Virtual machines / db-1 / Activity
    /projects/web-shop/disks | Projects / web-shop / Disks
    /projects/web-shop/create-disk | Projects / web-shop / Create a disk
    /projects/web-shop/disks/db-1 | Projects / web-shop / Disks / db-1
    /projects/web-shop/disks/db-1/events | Projects / web-shop / Disks / db-1 / Events
    /projects/web-shop/disks/db-1/yaml | Projects / web-shop / Disks / db-1 / YAML
    /projects/web-shop/disks/db-1/activity | Projects / web-shop / Disks / db-1 / Activity
    /projects/web-shop/images | Projects / web-shop / Images
    /projects/web-shop/images/db-1 | Projects / web-shop / Images / db-1
    /projects/web-shop/images/db-1/events | Projects / web-shop / Images / db-1 / Events
    /projects/web-shop/images/db-1/yaml | Projects / web-shop / Images / db-1 / YAML
    /projects/web-shop/images/db-1/activity | Projects / web-shop / Images / db-1 / Activity
    /projects/web-shop/import-image | Projects / web-shop / Import an image
    /projects/web-shop/upload-image | Projects / web-shop / Upload an image
    /projects/web-shop/secrets | Projects / web-shop / Secrets and keys
    /projects/web-shop/create-secret | Projects / web-shop / Create a secret
    /projects/web-shop/secrets/db-1 | Projects / web-shop / Secrets and keys / db-1
    /projects/web-shop/networks | Projects / web-shop / Networks
    /projects/web-shop/networks/db-1 | Projects / web-shop / Networks / db-1
    /projects/web-shop/activity | Projects / web-shop / Activity
    /platform/vms | Virtual machines in all projects
    /platform/hosts | Hosts
    /platform/hosts/db-1 | Hosts / db-1
    /platform/hosts/db-1/machines | Hosts / db-1 / Machines and pods
    /platform/hosts/db-1/usage | Hosts / db-1 / Usage
    /platform/hosts/db-1/drain | Hosts / db-1 / Drain
    /platform/hosts/db-1/events | Hosts / db-1 / Events
    /platform/hosts/db-1/yaml | Hosts / db-1 / YAML
    /platform/hosts/db-1/activity | Hosts / db-1 / Activity
    /platform/host-map | Host map
    /platform/capacity | Capacity
    /platform/status | Platform status
    /platform/disks | Disks in all projects
    /platform/images | Images in all projects
    /platform/vpcs | VPCs
    /platform/vpcs/db-1 | VPCs / db-1
    /platform/create/vpcs | VPCs / Create VPC
    /platform/subnets | Subnets
    /platform/subnets/db-1 | Subnets / db-1
    /platform/create/subnets | Subnets / Create subnet
    /platform/activity | Activity in all projects
    /projects/web-shop/topology | Projects / web-shop / Topology
    /platform/topology | Topology
    /projects/web-shop/kinds | Projects / web-shop / All kinds
    /projects/web-shop/kinds/core/v1/configmaps | Projects / web-shop / All kinds / configmaps
    /projects/web-shop/kinds/policy/v1/poddisruptionbudgets/db-1 | Projects / web-shop / All kinds / poddisruptionbudgets / db-1
    /platform/kinds | All kinds
    /platform/kinds/example.org/v1/things | All kinds / things
    /platform/kinds/example.org/v1/things/a%3Ab | All kinds / things / a:b
    /projects/web-shop/services | Projects / web-shop / Services
    /projects/web-shop/create/services | Projects / web-shop / Services / Create service
    /projects/web-shop/services/db-1 | Projects / web-shop / Services / db-1
    /projects/web-shop/services/db-1/yaml | Projects / web-shop / Services / db-1 / YAML
    /projects/web-shop/services/db-1/edit | Projects / web-shop / Services / db-1 / Edit
    /platform/services | Services
    /platform/security-groups | Security groups
    /platform/create/security-groups | Security groups / Create security group
    /platform/security-groups/db-1 | Security groups / db-1
    /platform/security-groups/db-1/events | Security groups / db-1 / Events
    /platform/security-groups/db-1/edit | Security groups / db-1 / Edit"
  `);
});

test("every pattern has a builder that was listed above", () => {
  const shape = (url: string) =>
    url
      .replace(/(?<=\/kinds\/).+$/, "$")
      .replace("web-shop", "$project")
      .replace("db-1", "$name")
      .replace(
        /\/(services|security-groups|vpcs(?=\/)|subnets(?=\/)|(?<=create\/)(vpcs|subnets))(?=\/|$)/,
        "/$plural",
      )
      .replace(/(plural\/\$name)\/(yaml|events)$/, "$1")
      .replace(/((vms|hosts|disks|images)\/\$name)\/\w+$/, "$1");
  expect(new Set(urls.map(shape))).toEqual(new Set(Object.values(routePatterns)));
});

test("names are encoded, a missing one is refused", () => {
  expect(paths.vm("a/b", "c d")).toBe("/projects/a%2Fb/vms/c%20d");
  expect(() => paths.project("")).toThrow(/needs a project/);
});

test("an address that leads nowhere has a page that it lies under, if any", () => {
  const machine = "/projects/web-shop/vms/db-1";
  expect(nearestPage(`${machine}/nonsense`)).toBe(machine);
  expect(nearestPage(`${machine}/nonsense/`)).toBe(machine);
  expect(nearestPage(`${machine}/yaml/deeper/still`)).toBe(machine);
  expect(nearestPage("/platform/hosts/host-1/nonsense")).toBe("/platform/hosts/host-1");
  expect(nearestPage("/projects/web-shop/nonsense")).toBe("/projects/web-shop");
  expect(nearestPage("/platform/nonsense")).toBeNull();
  expect(nearestPage("/no/such/page")).toBeNull();
});
