/** What a hand or a network does at the wrong moment: nothing is made twice, and nothing that was entered is lost. */
import { expect, type Page, type Request, test } from "@playwright/test";
import { readItems } from "./cluster-objects.ts";
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

test("a double click creates one machine; going back shows an empty form, not a second one", async ({ page }) => {
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
  await expect(page.getByText("Whether it was done is not known: look before you do it again.")).toBeVisible();
  await expect(page.getByLabel(/^Description/)).toHaveValue("Entered with care.");
  await page.unrouteAll({ behavior: "wait" });
  await createButton(page).click();
  await expect(page.getByText(/already/).first()).toBeVisible();
  expect(await named("cut-off")).toBe(1);
});

test("the network goes in the middle of an upload: it is said, and the file is sent again from the image's page", async ({
  page,
  context,
}) => {
  const megabytes = 24;
  const file = { name: "half.img", mimeType: "application/octet-stream", buffer: Buffer.alloc(megabytes * 1024 ** 2) };
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 2 * 1024 ** 2,
  });
  await page.goto(`/projects/${project}/upload-image`);
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.getByRole("textbox", { name: "Name" }).fill("half");
  await page.getByLabel("Send it as a raw disk anyway").check();
  await page.getByRole("button", { name: "Upload image" }).click();
  await page.getByRole("button", { name: /tasks?/i }).click();
  // some of it is at the server, and not all
  await expect(page.getByText(/^[1-9]\d* MiB of 24 MiB/)).toBeVisible({ timeout: 30_000 });
  await context.setOffline(true);
  await expect(page.getByText("The upload of half failed.")).toBeVisible();
  await context.setOffline(false);
  await network.detach();
  await page.goto(`/projects/${project}/images/half`);
  await expect(page.getByText(/broke off|cut|incomplete/i).first()).toBeVisible();
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.getByRole("button", { name: "Upload as a raw disk" }).click();
  await expect(page.getByText("half was uploaded.")).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("Ready").first()).toBeVisible();
  const volumes = `/apis/cdi.kubevirt.io/v1beta1/namespaces/${project}/datavolumes`;
  expect(await countOf(volumes, (name) => name.startsWith("half"))).toBe(1);
});
