/**
 * The console over clusters that lack one API group each: every page opens with its heading, nothing on it fails but what needs
 * the group, and the group's own pages say what is missing. With `SOAK=1` alone: each
 * takes a cluster and a server of its own, and what the server answers is tried in `missing-components.test.ts`.
 */
import { expect, type Page, test } from "@playwright/test";
import { objectCatalog, objectNouns } from "../../packages/api-types/src/object-catalog.ts";
import { clusterGroups } from "../../apps/bff/test/cluster-groups.ts";
import { watch } from "./browser-watch.ts";
import { walkedPages } from "./noun-pages.ts";
import { visit } from "./open-page.ts";
import { startWithout } from "./partial-cluster.ts";

const isSoak = process.env["SOAK"] === "1";
const paths = walkedPages.filter(({ user }) => user !== null).map(({ path }) => path);

const machine = "/projects/web-shop/vms/shop-db-1";
const notMeasured = "Nothing on this cluster measures usage";
/** What the pages of a group's own objects say without it, beside the lists of catalogued nouns. */
const ownPages: Readonly<Record<string, [path: string, says: string][]>> = {
  "kubevirt.io": [
    ["/platform/vms", "does not serve virtualmachines.kubevirt.io"],
    [machine, "does not serve virtualmachines.kubevirt.io"],
  ],
  "kubeovn.io": [
    ["/platform/vpcs", "does not serve vpcs.kubeovn.io"],
    ["/platform/vpcs/ovn-cluster", "does not serve vpcs.kubeovn.io"],
    ["/platform/subnets", "does not serve subnets.kubeovn.io"],
    ["/platform/status", "has no Kube-OVN"],
  ],
  "cdi.kubevirt.io": [["/platform/images", "does not serve datasources.cdi.kubevirt.io"]],
  "snapshot.kubevirt.io": [
    [`${machine}/snapshots`, "does not serve virtualmachinesnapshots.snapshot.kubevirt.io"],
  ],
  "clone.kubevirt.io": [[`${machine}/snapshots`, "does not serve virtualmachineclones.clone.kubevirt.io"]],
  "metrics.k8s.io": [
    [`${machine}/usage`, notMeasured],
    ["/platform/hosts/host-3/usage", notMeasured],
  ],
  apps: [["/platform/status", "has no Kubernetes"]],
};

const saidOn = (group: string): [path: string, says: string][] => [
  ...(ownPages[group] ?? []),
  ...objectNouns
    .map((noun) => objectCatalog[noun])
    .filter((line) => line.group === group && line.plural !== "vpcs" && line.plural !== "subnets")
    .map(({ plural, resource, namespaced }): [string, string] => [
      `${namespaced ? "/projects/web-shop" : "/platform"}/${plural}`,
      `does not serve ${resource}.${group}`,
    ]),
];

/** Answers that say that the server or the cluster failed: not those that say what is missing or not there. */
function watchRequests(page: Page): string[] {
  const broken: string[] = [];
  page.on("response", (response) => {
    const status = response.status();
    if (status === 400 || (status >= 500 && status !== 501)) broken.push(`${status} ${response.url()}`);
  });
  return broken;
}

async function loaded(page: Page): Promise<void> {
  const main = page.getByRole("main");
  await expect(main.getByRole("heading").filter({ visible: true }).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0, { timeout: 30_000 });
}

test.describe.configure({ mode: "parallel" });

for (const group of clusterGroups)
  test(`without ${group} every page opens, and says what is missing`, { tag: "@soak" }, async ({ page }) => {
    test.skip(!isSoak, "a full length of its own: SOAK=1");
    test.setTimeout(600_000);
    const cluster = await startWithout(group);
    try {
      await expect.poll(async () => (await fetch(`${cluster.url}/readyz`)).status).toBe(200);
      const { broken } = watch(page);
      const failed = watchRequests(page);
      await page.goto(`${cluster.url}/`);
      await expect(page.getByRole("navigation").first()).toBeVisible();
      for (const path of paths)
        await test.step(path, async () => {
          await visit(page, path);
          await loaded(page);
          await expect.soft(page.getByText("This page could not be shown."), path).toHaveCount(0);
        });
      for (const [path, says] of saidOn(group))
        await test.step(`${path} says it`, async () => {
          await visit(page, path);
          const words = page.getByRole("main").getByText(says).filter({ visible: true });
          await expect.soft(words.first(), `${path} says: ${says}`).toBeVisible();
        });
      expect.soft(broken, "content policies broken and errors of scripts").toEqual([]);
      expect.soft(failed, "answers that say that something failed").toEqual([]);
    } finally {
      await page.close();
      await cluster.close();
    }
  });
