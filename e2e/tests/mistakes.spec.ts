/** Bad input: a clear error at the field, nothing entered is lost. */
import { expect, test } from "@playwright/test";
import { watch } from "./browser-watch.ts";
import { signIn } from "./sign-in.ts";

test.beforeEach(async ({ page }) => signIn(page, "alice"));

test("an upload that is no image says so at the file, and keeps what was entered", async ({ page }) => {
  await page.goto("/projects/web-shop/upload-image");
  await page.getByLabel("Name").fill("my-notes");
  await page.locator('input[type="file"]').setInputFiles({
    name: "notes.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.7\nnothing that boots"),
  });
  await expect(page.getByText(/not a disk image/)).toBeVisible();
  await page.getByRole("button", { name: "Upload image" }).click();
  await expect(page.getByText(/not a disk image/)).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("my-notes");
});

test("text is no image, and bytes of no known kind are sent only once somebody says so", async ({ page }) => {
  await page.goto("/projects/web-shop/upload-image");
  const file = page.locator('input[type="file"]');
  const mimeType = "application/octet-stream";
  await file.setInputFiles({ name: "notes.img", mimeType, buffer: Buffer.from("three\nlines\nof text\n") });
  await expect(page.getByText(/This is a text file, not a disk image/)).toBeVisible();
  await file.setInputFiles({ name: "zeros.img", mimeType, buffer: Buffer.alloc(1024 ** 2) });
  await page.getByRole("textbox", { name: "Name" }).fill("zeros");
  await expect(page.getByRole("button", { name: "Upload image" })).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Send it as a raw disk anyway").check();
  await page.getByRole("button", { name: "Upload image" }).click();
  const row = page.getByRole("row", { name: /zeros/ });
  await expect(row.getByText("Ready")).toBeVisible({ timeout: 40_000 });
});

test("a hostile image is refused with the reason, where its upload is shown", async ({ page }) => {
  const header = Buffer.alloc(64 * 1024);
  header.write("QFI\xfb", 0, "latin1");
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(512n, 8);
  header.writeUInt32BE(11, 16);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(1024n * 1024n, 24);
  header.writeUInt32BE(4, 96);
  header.writeUInt32BE(104, 100);
  header.write("/etc/passwd", 512);
  await page.goto("/projects/web-shop/upload-image");
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "hostile.qcow2", mimeType: "application/octet-stream", buffer: header });
  await page.getByRole("button", { name: "Upload image" }).click();
  await expect(page.getByText(/backing file/i).first()).toBeVisible();
});

test("a machine without a name or with a bad one says so at the field, and keeps the rest", async ({
  page,
}) => {
  await page.goto("/projects/web-shop/create-vm");
  await page.getByLabel(/^Description/).fill("Kept while I correct the name");
  await page.getByRole("button", { name: "Create VM" }).click();
  await expect(page.getByText(/give the machine a name/i).first()).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Not A Name!");
  await page.getByRole("button", { name: "Create VM" }).click();
  const name = page.locator('[data-field="name"]');
  await expect(name.getByText(/begin and end with a letter or digit/i)).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel(/^Description/)).toHaveValue("Kept while I correct the name");
  await page.goto("/projects/web-shop/vms");
  await page.goBack();
  await expect(page.getByLabel(/^Description/)).toHaveValue("Kept while I correct the name");
});

test("malformed YAML is marked with its line, and the text stays", async ({ page }) => {
  await page.goto("/projects/web-shop/vms/shop-staging/yaml");
  const editor = page.locator(".cm-content");
  const { broken } = watch(page);
  await editor.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("not: [closed\n");
  await page
    .getByRole("button", { name: /review|check|save/i })
    .first()
    .click();
  await expect(page.getByText(/line \d+/i).first()).toBeVisible();
  await expect(editor).toContainText("not: [closed");
  // over the whole coloured text
  await editor.click();
  await page.keyboard.press("Control+A");
  await editor.pressSequentially("a: [\n b: 'x\n");
  await expect(editor).toContainText("b: 'x");
  await expect(editor).not.toContainText("not: [closed");
  await expect(async () => {
    await page.keyboard.press("Control+Z");
    await expect(editor).toContainText("not: [closed", { timeout: 200 });
  }).toPass();
  expect(broken).toEqual([]);
});
