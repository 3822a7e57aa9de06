/** What is done with a machine day by day: move it, change it, snapshot it, make others of it, give it a disk. */
import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

const machine = "/projects/web-shop/vms/shop-web-2";

test("an operator moves a machine to a host of his choice and sees it arrive", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(machine);
  await page.getByRole("button", { name: "Actions" }).click();
  await page.getByRole("menuitem", { name: "Migrate" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("The machine runs here.")).toBeVisible();
  const target = dialog.getByRole("radio", { name: /^host-\d/, disabled: false }).first();
  const host = (await target.innerText()).split("\n")[0] ?? "";
  await target.click();
  await dialog.getByRole("button", { name: "Migrate", exact: true }).click();
  await expect(page.getByText("Migration requested: shop-web-2")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Live migrations" })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(`to ${host}`).first()).toBeVisible({ timeout: 20_000 });
});

test("a change says what it takes before it is saved, and what waits after", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto(`${machine}/settings`);
  await page.getByLabel("Description").fill("Front end, second of two.");
  await page.getByLabel("Host name").fill("front-two");
  const outcome = page.getByRole("complementary", { name: "What would change" });
  await expect(outcome.getByText("Live", { exact: true })).toBeVisible();
  await expect(outcome.getByText("Needs a restart")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. shop-web-2 needs a restart for some of it.")).toBeVisible();
  await page.getByRole("link", { name: "Overview" }).last().click();
  const pending = page.getByRole("region", { name: "Pending changes" });
  await expect(pending.getByText("front-two")).toBeVisible();
});

test("a snapshot is taken, and a machine of its own is made of it", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto(`${machine}/snapshots`);
  await page.getByRole("button", { name: "Take a snapshot" }).click();
  await page.getByLabel("Name").fill("before-release");
  await page.getByRole("button", { name: "Take snapshot" }).click();
  const row = page.getByRole("row", { name: /before-release/ });
  await expect(row.getByText("Ready")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Actions for before-release" }).click();
  await page.getByRole("menuitem", { name: "New machine from it" }).click();
  await page.getByLabel("Name").fill("shop-web-2-copy");
  await page.getByRole("button", { name: "Create machine" }).click();
  const made = page.getByRole("row", { name: /New machine before-release shop-web-2-copy/ });
  await expect(made.getByText("Done")).toBeVisible({ timeout: 20_000 });
  await made.getByRole("link", { name: "shop-web-2-copy" }).click();
  await expect(page.getByRole("heading", { name: "shop-web-2-copy" })).toBeVisible();
  await expect(page.getByText("Stopped").first()).toBeVisible();
});
