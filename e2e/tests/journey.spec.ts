/** The product's main job, on a real guest: upload an image, make a machine of it, watch, type, use the serial port, restart, stop, delete. */
import { demoBanner, demoDiskImage, demoLetters } from "@kubev/kube-sim/guest/boot-sector";
import { expect, type Page, test } from "@playwright/test";
import { readGuestScreen } from "./guest-screen.ts";
import { signIn } from "./sign-in.ts";

const imageName = "first-image";
const vmName = "first-machine";

async function bannerOnScreen(page: Page): Promise<void> {
  await expect
    .poll(async () => (await readGuestScreen(page))?.letters, { timeout: 45_000 })
    .toEqual(demoLetters);
}

/** Text of the serial console's terminal. */
function terminal(page: Page) {
  return page.locator(".xterm-rows");
}

test("a person makes a first virtual machine and uses it to the end", async ({ page, browser }) => {
  test.setTimeout(240_000);
  await signIn(page, "alice");

  await test.step("uploads an image", async () => {
    await page.goto("/projects/web-shop/images");
    await page
      .getByRole("link", { name: /upload/i })
      .first()
      .click();
    await page.locator('input[type="file"]').setInputFiles({
      name: "first-image.img",
      mimeType: "application/octet-stream",
      buffer: demoDiskImage(),
    });
    await expect(page.getByLabel("Name")).toHaveValue(imageName);
    await page.getByRole("button", { name: "Upload image" }).click();
    await expect(page.getByRole("row", { name: new RegExp(imageName) }).getByText("Ready")).toBeVisible({
      timeout: 30_000,
    });
  });

  await test.step("creates a virtual machine from it", async () => {
    await page.goto("/projects/web-shop/create-vm");
    await page.getByLabel("Name", { exact: true }).fill(vmName);
    await page.getByRole("combobox", { name: "Image" }).fill(imageName);
    await page.getByRole("option", { name: new RegExp(imageName) }).click();
    await page.getByText("Your own size").click();
    await page.getByRole("textbox", { name: "vCPUs" }).fill("1");
    await page.getByRole("textbox", { name: "Memory" }).fill("1");
    await expect(page.getByText("It can be created", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Create VM" }).click();
    await expect(page.getByRole("heading", { name: vmName })).toBeVisible();
    await expect(page.getByText("Running", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  });

  const other = await browser.newContext();
  const second = await other.newPage();
  await signIn(second, "operator");
  await second.goto(`/platform/vms?q=${vmName}`);
  const row = second.getByRole("row", { name: new RegExp(vmName) });
  await expect(row.getByText("Running")).toBeVisible();

  await test.step("sees it boot on its screen and types", async () => {
    await page
      .getByRole("tab", { name: "Screen" })
      .or(page.getByRole("link", { name: "Screen", exact: true }))
      .first()
      .click();
    await bannerOnScreen(page);
    const before = await readGuestScreen(page);
    await page.locator("canvas").click();
    await page.keyboard.type("hello");
    // The prompt is on the row after the banner's: five more letters light more pixels there.
    await expect
      .poll(async () => ((await readGuestScreen(page))?.litPixels[9] ?? 0) - (before?.litPixels[9] ?? 0))
      .toBeGreaterThan(50);
  });

  await test.step("uses its serial console", async () => {
    await page
      .getByRole("tab", { name: "Serial" })
      .or(page.getByRole("link", { name: "Serial", exact: true }))
      .first()
      .click();
    await expect(page.getByText("Connected").first()).toBeVisible();
    await page.locator(".xterm-screen").click();
    await page.keyboard.type("over the wire");
    await expect(terminal(page)).toContainText("over the wire");
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Reset", exact: true }).click();
    await page
      .getByRole("alertdialog")
      .or(page.getByRole("dialog"))
      .getByRole("button", { name: /reset/i })
      .click();
    await expect(terminal(page)).toContainText(demoBanner.slice(0, 24), { timeout: 30_000 });
  });

  await test.step("restarts it; a second browser sees it happen", async () => {
    // A guest that obeys at once may be stopping for less than a tick of the live feed; it is off and starts again either way.
    const away = expect(row.getByText(/^(Stopping|Stopped|Starting)$/)).toBeVisible({ timeout: 60_000 });
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Restart", exact: true }).click();
    await page
      .getByRole("alertdialog")
      .or(page.getByRole("dialog"))
      .getByRole("button", { name: /restart/i })
      .click();
    await away;
    await expect(row.getByText("Running", { exact: true })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("sees it boot again on the same screen page", async () => {
    await page
      .getByRole("tab", { name: "Screen" })
      .or(page.getByRole("link", { name: "Screen", exact: true }))
      .first()
      .click();
    await bannerOnScreen(page);
  });

  await test.step("stops it", async () => {
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page
      .getByRole("alertdialog")
      .or(page.getByRole("dialog"))
      .getByRole("button", { name: /stop/i })
      .click();
    await expect(row.getByText("Stopped", { exact: true })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("deletes it with its disk", async () => {
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: /^Delete/ }).click();
    const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
    await expect(dialog).toContainText(vmName);
    await dialog.getByRole("button", { name: /^Delete/ }).click();
    await expect(row).toHaveCount(0, { timeout: 60_000 });
    await page.goto(`/projects/web-shop/disks?q=${vmName}`);
    await expect(page.getByText("Nothing matches this search")).toBeVisible();
    await expect(page.getByRole("row", { name: new RegExp(vmName) })).toHaveCount(0);
  });
  await other.close();
});
