/** A tenant's disk from form to deletion: made, grown, kept as a snapshot, restored; a hung import that says why. */
import { expect, test } from "@playwright/test";
import { makeAt } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

test("a disk is made, grown, snapshotted, restored and deleted", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/create-disk");
  await page.getByRole("button", { name: "Create disk" }).click();
  await expect(page.getByText("Give a name of lower-case letters").first()).toBeVisible();
  await page.getByLabel("Name").fill("journey-disk");
  await expect(page.getByText("It can be created")).toBeVisible();
  await page.getByRole("tab", { name: "YAML" }).click();
  await expect(page.getByText("kind: DataVolume")).toBeVisible();
  await page.getByRole("button", { name: "Create disk" }).click();
  await expect(page.getByRole("heading", { name: "journey-disk" })).toBeVisible();
  await expect(page.getByText("Ready").first()).toBeVisible();

  await page.getByRole("button", { name: "Grow" }).click();
  const grow = page.getByRole("dialog");
  await grow.getByLabel("New size").fill("12");
  await grow.getByRole("button", { name: "Grow disk" }).click();
  await expect(page.getByText("12 GiB").first()).toBeVisible();

  await page.getByRole("link", { name: "Snapshot", exact: true }).click();
  await page.getByLabel("Name").fill("journey-snapshot");
  await page.getByRole("button", { name: /Create/ }).click();
  await expect(page.getByRole("heading", { name: "journey-snapshot" })).toBeVisible();
  await page.getByRole("link", { name: "Restore to a new disk" }).click();
  await page.getByLabel("Name").fill("journey-restored");
  await expect(page.getByText("It can be created")).toBeVisible();
  await page.getByRole("button", { name: "Create disk" }).click();
  await expect(page.getByRole("heading", { name: "journey-restored" })).toBeVisible();
  await expect(page.getByRole("link", { name: "journey-snapshot" })).toBeVisible();

  await page.getByRole("button", { name: "Delete" }).click();
  const confirm = page.getByRole("dialog");
  await expect(confirm.getByText(/PersistentVolumeClaim journey-restored/)).toBeVisible();
  await confirm.getByRole("button", { name: "Delete disk" }).click();
  await expect(page).toHaveURL(/\/projects\/web-shop\/disks$/);
  await expect(page.getByRole("link", { name: "journey-restored" })).toHaveCount(0);
});

test("an import that cannot work says why, on the disk's own page", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/create-disk");
  await page.getByLabel("Name").fill("journey-import");
  await page.getByRole("radio", { name: /Address/ }).click();
  await page.getByLabel("Address", { exact: true }).fill("images.example.com/a.qcow2");
  await expect(page.getByText("Give a whole address").first()).toBeVisible();
  await page.getByLabel("Address", { exact: true }).fill("https://images.example.com/a.qcow2");
  await expect(page.getByText("It can be created")).toBeVisible();
  await page.getByRole("button", { name: "Create disk" }).click();
  await expect(page.getByText("What the cluster says about it")).toBeVisible();
  await expect(page.getByText(/network is unreachable/).first()).toBeVisible();
});

test("a disk of a file waits for it, and takes it from its own page after the first try failed", async ({
  page,
}) => {
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/create-disk");
  await page.getByRole("radio", { name: /^File/ }).click();
  const text = { name: "notes.img", mimeType: "text/plain", buffer: Buffer.from("not a disk\nat all\n") };
  await page.getByLabel("Image file").setInputFiles(text);
  await expect(page.getByText(/not a disk image/).first()).toBeVisible();
  const buffer = Buffer.alloc(1024 ** 2);
  buffer.writeUInt16LE(0xaa55, 510);
  const file = { name: "Journey file.img", mimeType: "application/octet-stream", buffer };
  await page.getByLabel("Image file").setInputFiles(file);
  await page.getByLabel("Name").fill("journey-file");
  await expect(page.getByText("It can be created")).toBeVisible();
  const content = "**/api/projects/web-shop/disks/journey-file/content*";
  await page.route(content, (route) => route.abort("connectionreset"));
  await page.getByRole("button", { name: "Create disk" }).click();
  await expect(page.getByRole("heading", { name: "journey-file" })).toBeVisible();
  await expect(page.getByText("The upload of journey-file failed.")).toBeVisible();
  await expect(page.getByText("Waiting for its file").first()).toBeVisible();

  await page.unroute(content);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload its file" }).click();
  await (await chooser).setFiles(file);
  await expect(page.getByText("Ready", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Upload its file" })).toHaveCount(0);
  await expect(page.getByText("An uploaded file")).toBeVisible();
});

test("what a disk is being attached to is held until the answer, and a refusal is shown", async ({
  page,
}) => {
  await makeAt("/apis/cdi.kubevirt.io/v1beta1/namespaces/web-shop/datavolumes", {
    apiVersion: "cdi.kubevirt.io/v1beta1",
    kind: "DataVolume",
    metadata: { name: "attach-late", namespace: "web-shop" },
    spec: { source: { blank: {} }, storage: { resources: { requests: { storage: "1Gi" } } } },
  });
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/disks/attach-late");
  await page.getByRole("button", { name: "Attach" }).click();
  const dialog = page.getByRole("dialog");
  const machine = dialog.getByRole("combobox", { name: "Machine" });
  await machine.fill("shop-staging");
  await page.getByRole("option", { name: /shop-staging/ }).click();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await page.route(/\/vms\/[^/]+\/disks$/, async (route) => {
    asked.resolve();
    await answer.promise;
    await route.abort();
  });
  await dialog.getByRole("button", { name: "Attach" }).click();
  await asked.promise;
  await expect(machine).toBeDisabled();
  await expect(dialog.getByRole("button", { name: "Show all: Machine" })).toBeDisabled();
  answer.resolve();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await expect(machine).toBeEnabled();
  await expect(machine).toHaveValue("shop-staging");
});
