/** What a hand or a network does at the wrong moment: nothing is made twice, and nothing that was entered is lost. */
import { truncate, writeFile } from "node:fs/promises";
import { expect, type Page, type Request, test } from "@playwright/test";
import { startBreakableNetwork } from "./breakable-network.ts";
import { makeAt, readItems } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

const project = "web-shop";
const machines = `/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines`;
const createVm = `/projects/${project}/create-vm`;

interface Named {
  metadata: { name: string };
}

async function countOf(collection: string, fits: (name: string) => boolean): Promise<number> {
  const items = (await readItems(collection)) as Named[]; // as the API lists any kind
  return items.filter(({ metadata }) => fits(metadata.name)).length;
}

const named = async (name: string) => countOf(machines, (other) => other === name);

/** The requests that changed something, or meant to. */
function writes(page: Page, path: RegExp): Request[] {
  const sent: Request[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && path.test(new URL(request.url()).pathname)) sent.push(request);
  });
  return sent;
}

const createPath = /\/api\/projects\/web-shop\/vms$/;
const createButton = (page: Page) => page.getByRole("button", { name: "Create VM" });

async function fill(page: Page, name: string): Promise<void> {
  await page.goto(createVm);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel(/^Description/).fill("Entered with care.");
  await page.getByRole("combobox", { name: "Image" }).click();
  await page.getByRole("option", { name: /KubeV demo guest/ }).click();
  await page.getByLabel("Start the machine at once").uncheck();
  await expect(page.getByText("It can be created")).toBeVisible();
}

test.beforeEach(async ({ page }) => signIn(page, "alice"));

test("a double click creates one machine; going back shows an empty form, not a second one", async ({
  page,
}) => {
  await fill(page, "clicked-twice");
  const sent = writes(page, createPath);
  await createButton(page).dblclick();
  await expect(page).toHaveURL(/\/vms\/clicked-twice/);
  expect(sent).toHaveLength(1);
  await page.goBack();
  await expect(createButton(page)).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("");
  expect(sent).toHaveLength(1);
  expect(await named("clicked-twice")).toBe(1);
});

test("a double click takes one snapshot", async ({ page }) => {
  const snapshots = `/apis/snapshot.kubevirt.io/v1beta1/namespaces/${project}/virtualmachinesnapshots`;
  await page.goto(`/projects/${project}/vms/shop-web-3/snapshots`);
  await page.getByRole("button", { name: "Take a snapshot" }).click();
  await page.getByLabel("Name").fill("twice-clicked");
  const sent = writes(page, /\/snapshots$/);
  await page.getByRole("button", { name: "Take snapshot" }).dblclick();
  await expect(page.getByRole("row", { name: /twice-clicked/ })).toBeVisible();
  expect(sent).toHaveLength(1);
  expect(await countOf(snapshots, (name) => name.includes("twice-clicked"))).toBe(1);
});

test("reloaded while a machine is created: the draft is there again, and its name is not used twice", async ({
  page,
}) => {
  await fill(page, "reloaded");
  let arrived: () => void = () => undefined;
  const made = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  await page.route(createPath, async (route) => {
    // the server has done it, and its answer never reaches the page
    await route.fetch();
    arrived();
  });
  await createButton(page).click();
  await made;
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("reloaded");
  await expect(page.getByLabel(/^Description/)).toHaveValue("Entered with care.");
  await createButton(page).click();
  await expect(page.getByText(/already/).first()).toBeVisible();
  await expect(page.getByLabel(/^Description/)).toHaveValue("Entered with care.");
  expect(await named("reloaded")).toBe(1);
});

test("the network goes while a machine is created: what was entered stays, and the page says that it does not know", async ({
  page,
}) => {
  await fill(page, "cut-off");
  await page.route(createPath, async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await createButton(page).click();
  await expect(
    page.getByText("Whether it was done is not known: look before you do it again."),
  ).toBeVisible();
  await expect(page.getByLabel(/^Description/)).toHaveValue("Entered with care.");
  await page.unrouteAll({ behavior: "wait" });
  await createButton(page).click();
  await expect(page.getByText(/already/).first()).toBeVisible();
  expect(await named("cut-off")).toBe(1);
});

test("the network goes in the middle of an upload: it is said, and the file is sent again from the image's page", async ({
  browser,
}, testInfo) => {
  const network = await startBreakableNetwork();
  const context = await browser.newContext({ proxy: network.proxy });
  const page = await context.newPage();
  const file = testInfo.outputPath("half.img");
  await writeFile(file, "");
  await truncate(file, 24 * 1024 ** 2);
  await signIn(page, "alice");
  await page.goto(`/projects/${project}/upload-image`);
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.getByRole("textbox", { name: "Name" }).fill("half");
  await page.getByLabel("Send it as a raw disk anyway").check();
  network.holdBodiesAfter(12 * 1024 ** 2);
  await page.getByRole("button", { name: "Upload image" }).click();
  const row = page.getByRole("row", { name: /half/ });
  // some of it is at the server, and the rest is held up
  await expect(row.getByText(/^[1-9]\d %$/)).toBeVisible({ timeout: 30_000 });
  network.cut();
  await expect(page.getByText("The upload of half failed.")).toBeVisible();
  network.mend();
  await page.goto(`/projects/${project}/images/half`);
  await expect(page.getByText(/The upload was cut off: [\d.]+ MiB of 24 MiB arrived/).first()).toBeVisible();
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.getByRole("button", { name: "Upload as a raw disk" }).click();
  await expect(page.getByText("half was uploaded.")).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("Ready").first()).toBeVisible();
  const volumes = `/apis/cdi.kubevirt.io/v1beta1/namespaces/${project}/datavolumes`;
  expect(await countOf(volumes, (name) => name.startsWith("half"))).toBe(1);
  await context.close();
  await network.close();
});

test("the network goes and comes back under an open list and an open serial console: both go on by themselves", async ({
  browser,
}) => {
  const network = await startBreakableNetwork();
  const context = await browser.newContext({ proxy: network.proxy });
  const list = await context.newPage();
  await signIn(list, "alice");
  await list.goto(`/projects/${project}/disks?q=name:under-the-cut`);
  const indicator = (page: Page, word: string) =>
    page.getByRole("button", { name: new RegExp(`^${word}\\.`) });
  await expect(indicator(list, "Live")).toBeVisible();
  const serial = await context.newPage();
  await serial.goto(`/projects/${project}/vms/shop-web-1/serial`);
  await expect(serial.getByText("Connected", { exact: true })).toBeVisible();

  network.cut();
  await expect(indicator(list, "Not live")).toBeVisible();
  await expect(serial.getByText("Connected", { exact: true })).toBeHidden();
  await makeAt(`/api/v1/namespaces/${project}/persistentvolumeclaims`, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "under-the-cut", namespace: project },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "64Mi" } } },
  });
  network.mend();
  await expect(list.getByRole("row", { name: /under-the-cut/ })).toBeVisible({ timeout: 20_000 });
  await expect(indicator(list, "Live")).toBeVisible();
  await expect(serial.getByText("Connected", { exact: true })).toBeVisible({ timeout: 20_000 });
  await context.close();
  await network.close();
});
