/** Every page and the states worth looking at, under the user who sees it best: for axe and for the contact sheet. */
import type { Page } from "@playwright/test";

export interface PageState {
  name: string;
  user: "operator" | "alice" | "bob" | "viewer" | null;
  path: string;
  /** Something that is there when the page is done. */
  done: string | RegExp;
}

const shop = "/projects/web-shop";

export const pages: PageState[] = [
  { name: "sign-in", user: null, path: "/sign-in", done: /Sign in to KubeV/ },
  { name: "projects", user: "operator", path: "/projects", done: "web-shop" },
  { name: "platform-vms", user: "operator", path: "/platform/vms", done: "badge-reader" },
  {
    name: "platform-vms-filtered-away",
    user: "operator",
    path: "/platform/vms?q=nothing-has-this-name",
    done: "Nothing matches this search",
  },
  { name: "platform-hosts", user: "operator", path: "/platform/hosts", done: "host-1" },
  { name: "platform-disks", user: "operator", path: "/platform/disks", done: "badge-reader-root" },
  { name: "platform-images", user: "operator", path: "/platform/images", done: "KubeV demo guest" },
  { name: "host", user: "operator", path: "/platform/hosts/host-3", done: "Virtualisation" },
  { name: "host-machines", user: "operator", path: "/platform/hosts/host-3/machines", done: "ovs-ovn" },
  {
    name: "host-usage",
    user: "operator",
    path: "/platform/hosts/host-3/usage",
    done: /Processors|nothing to show/,
  },
  { name: "host-drain", user: "operator", path: "/platform/hosts/host-3/drain", done: "Drain host" },
  { name: "host-events", user: "operator", path: "/platform/hosts/host-3/events", done: /No events|Node/ },
  { name: "host-yaml", user: "operator", path: "/platform/hosts/host-3/yaml", done: "apiVersion" },
  {
    name: "host-activity",
    user: "operator",
    path: "/platform/hosts/host-3/activity",
    done: /Nothing was done|host/,
  },
  { name: "host-missing", user: "operator", path: "/platform/hosts/no-such-host", done: "There is no host" },
  { name: "host-map", user: "operator", path: "/platform/host-map", done: "host-5" },
  { name: "capacity", user: "operator", path: "/platform/capacity", done: "Everything that hosts offer" },
  { name: "platform-overview", user: "operator", path: "/platform/overview", done: "Fullest hosts" },
  { name: "create-project", user: "operator", path: "/create-project", done: "Add a member" },
  { name: "edit-project", user: "operator", path: `${shop}/edit`, done: "Display name" },
  { name: "project-rights", user: "alice", path: `${shop}/rights`, done: "Create machines" },
  { name: "create-from-yaml", user: "alice", path: `${shop}/create-from-yaml`, done: "kind: Deployment" },
  { name: "pods", user: "alice", path: `${shop}/pods`, done: "virt-launcher" },
  { name: "members", user: "alice", path: `${shop}/members`, done: "Administrator" },
  { name: "create-membership", user: "alice", path: `${shop}/create/members`, done: "Add another" },
  { name: "quotas", user: "alice", path: `${shop}/quotas`, done: "Nearest limit" },
  { name: "deployments", user: "operator", path: "/platform/deployments", done: "virt-api" },
  {
    name: "deployment",
    user: "operator",
    path: "/projects/kubevirt/deployments/virt-api",
    done: "Containers of each pod",
  },
  { name: "platform-status", user: "operator", path: "/platform/status", done: "Northbound database" },
  { name: "instance-types", user: "operator", path: "/platform/instance-types", done: "u1.medium" },
  { name: "instance-type", user: "operator", path: "/platform/instance-types/u1.xlarge", done: "shop-db-1" },
  { name: "preferences", user: "operator", path: "/platform/preferences", done: "ubuntu" },
  { name: "vpcs", user: "operator", path: "/platform/vpcs", done: "ovn-cluster" },
  { name: "vpc", user: "operator", path: "/platform/vpcs/ovn-cluster", done: "ovn-default" },
  { name: "create-vpc", user: "operator", path: "/platform/create-vpc", done: "Add a route" },
  { name: "subnets", user: "operator", path: "/platform/subnets", done: "shop-back" },
  { name: "subnet", user: "operator", path: "/platform/subnets/shop-back", done: "shop-db-1" },
  { name: "create-subnet", user: "operator", path: "/platform/create-subnet", done: "Address space of" },
  {
    name: "platform-activity",
    user: "operator",
    path: "/platform/activity",
    done: /^(Nothing was done here yet|signed in|operator|alice)/i,
  },
  { name: "project", user: "alice", path: shop, done: "Under way" },
  { name: "vms", user: "alice", path: `${shop}/vms`, done: "shop-db-1" },
  { name: "create-vm-from-yaml", user: "alice", path: `${shop}/create-vm-from-yaml`, done: "VirtualMachine" },
  { name: "vms-viewer", user: "viewer", path: `${shop}/vms`, done: "shop-db-1" },
  { name: "vm", user: "alice", path: `${shop}/vms/shop-db-1`, done: "PostgreSQL primary." },
  {
    name: "vm-in-trouble",
    user: "alice",
    path: "/projects/data-platform/vms/giant",
    done: /nodes are available/,
  },
  { name: "vm-screen", user: "alice", path: `${shop}/vms/shop-web-1/console`, done: "Connected" },
  { name: "vm-serial", user: "alice", path: `${shop}/vms/shop-web-1/serial`, done: "Connected" },
  { name: "vm-disks", user: "alice", path: `${shop}/vms/shop-db-1/disks`, done: "shop-db-1-data" },
  { name: "vm-network", user: "alice", path: `${shop}/vms/shop-db-1/network`, done: "shop-back" },
  { name: "vm-snapshots", user: "alice", path: `${shop}/vms/shop-db-1/snapshots`, done: "before-upgrade" },
  {
    name: "vm-dependencies",
    user: "alice",
    path: `${shop}/vms/shop-db-1/dependencies`,
    done: "It is needed by",
  },
  { name: "vm-settings", user: "alice", path: `${shop}/vms/shop-db-1/settings`, done: "Boot order" },
  {
    name: "vm-usage",
    user: "alice",
    path: `${shop}/vms/shop-db-1/usage`,
    done: /Processors|nothing to show/,
  },
  { name: "vm-events", user: "alice", path: `${shop}/vms/shop-db-1/events`, done: "Started" },
  { name: "vm-yaml", user: "alice", path: `${shop}/vms/shop-db-1/yaml`, done: "apiVersion" },
  {
    name: "vm-activity",
    user: "alice",
    path: `${shop}/vms/shop-db-1/activity`,
    done: "Nothing was done here yet",
  },
  {
    name: "vm-missing",
    user: "alice",
    path: `${shop}/vms/no-such-machine`,
    done: "There is no machine no-such-machine in web-shop",
  },
  {
    name: "vm-foreign",
    user: "bob",
    path: `${shop}/vms/shop-db-1`,
    done: "The project web-shop is not open to you",
  },
  { name: "create-vm", user: "alice", path: `${shop}/create-vm`, done: "Create a virtual machine" },
  {
    name: "create-vm-viewer",
    user: "viewer",
    path: `${shop}/create-vm`,
    done: /You may not/,
  },
  { name: "disks", user: "alice", path: `${shop}/disks`, done: "old-catalogue" },
  { name: "create-disk", user: "alice", path: `${shop}/create-disk`, done: "Make the volume now" },
  {
    name: "create-disk-from-snapshot",
    user: "alice",
    path: `${shop}/create-disk?snapshot=shop-db-1-data-friday`,
    done: "Make the volume now",
  },
  { name: "disk", user: "alice", path: `${shop}/disks/shop-db-1-data`, done: "shop-db-1-data-monday" },
  {
    name: "disk-in-trouble",
    user: "operator",
    path: "/projects/office-it/disks/scanner-import",
    done: /network is unreachable/,
  },
  { name: "disk-yaml", user: "alice", path: `${shop}/disks/shop-db-1-data/yaml`, done: "apiVersion" },
  { name: "disk-events", user: "alice", path: `${shop}/disks/shop-db-1-data/events`, done: /event/i },
  { name: "snapshots", user: "alice", path: `${shop}/volume-snapshots`, done: "shop-db-1-data-monday" },
  {
    name: "snapshot",
    user: "alice",
    path: `${shop}/volume-snapshots/shop-db-1-data-monday`,
    done: "Restore to a new disk",
  },
  {
    name: "create-snapshot",
    user: "alice",
    path: `${shop}/create/volume-snapshots?disk=shop-db-1-data`,
    done: "Snapshot class",
  },
  { name: "storage-classes", user: "operator", path: "/platform/storage-classes", done: "standard-file" },
  {
    name: "storage-class",
    user: "operator",
    path: "/platform/storage-classes/fast-block",
    done: "What disks on it can do",
  },
  { name: "csi-drivers", user: "operator", path: "/platform/csi-drivers", done: "block.csi.kubev.dev" },
  {
    name: "csi-driver",
    user: "operator",
    path: "/platform/csi-drivers/block.csi.kubev.dev",
    done: "Attached volumes",
  },
  { name: "csi-nodes", user: "operator", path: "/platform/csi-nodes", done: "host-1" },
  { name: "storage-capacity", user: "operator", path: "/platform/storage-capacities", done: "rack-a" },
  { name: "volume-attachments", user: "operator", path: "/platform/volume-attachments", done: "host-1" },
  {
    name: "scheduled-import",
    user: "operator",
    path: "/projects/shared-images/data-import-crons/debian-stream",
    done: "Latest import is up to date",
  },
  {
    name: "create-scheduled-import",
    user: "operator",
    path: "/projects/shared-images/create/data-import-crons",
    done: "Imports to keep",
  },
  { name: "images", user: "alice", path: `${shop}/images`, done: "Images" },
  { name: "import-image", user: "alice", path: `${shop}/import-image`, done: "Import an image" },
  { name: "upload-image", user: "alice", path: `${shop}/upload-image`, done: "Upload an image" },
  { name: "networks", user: "alice", path: `${shop}/networks`, done: "shop-back" },
  { name: "network", user: "alice", path: `${shop}/networks/shop-back`, done: "shop-db-1" },
  { name: "activity", user: "alice", path: `${shop}/activity`, done: /Nothing was done here yet|alice/ },
  { name: "nowhere", user: "alice", path: "/no/such/page", done: "There is no such page" },
];

/** Opens the page and waits until it is done: what marks it is there, and nothing of it still loads. */
export async function open(page: Page, state: PageState): Promise<void> {
  await page.goto(state.path);
  const marker = page.getByRole("main").getByText(state.done).filter({ visible: true });
  await marker.first().waitFor({ state: "visible" });
  await page.getByRole("status", { name: /^Loading/ }).waitFor({ state: "detached" });
}
