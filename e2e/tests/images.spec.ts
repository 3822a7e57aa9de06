/** An image's own page: found by the search everywhere, with what was made of it, its text edited, and the way to a machine of it. */
import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

test("an image is found, looked at, and its text changed", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/platform/images");
  await page.getByRole("button", { name: /^Search everywhere/ }).click();
  await page.getByRole("combobox").last().fill("debian-stream");
  await page
    .getByRole("option", { name: /Debian 13, always current/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/projects\/shared-images\/images\/debian-stream$/);
  await expect(page.getByRole("heading", { name: "Debian 13, always current" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete" })).toBeDisabled();
  await page.getByRole("link", { name: "debian-stream", exact: true }).last().click();
  await expect(page).toHaveURL(/\/scheduled-imports\/|data-import/);

  await page.goto("/platform/images?q=name:kubev-demo");
  await page.getByRole("link", { name: "KubeV demo guest" }).click();
  await expect(page.getByRole("link", { name: "runner-1", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "YAML", exact: true }).click();
  const editor = page.locator(".cm-content");
  await editor.getByText("annotations:", { exact: true }).click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("  note: from-the-page");
  await page.getByRole("button", { name: "Check and review" }).click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The image was saved.")).toBeVisible();
  await page.getByRole("link", { name: "Activity", exact: true }).last().click();
  await expect(page.getByText(/changed the YAML of/)).toBeVisible();
});

test("a tenant sees the shared image, her own machines of it, and makes one in her project", async ({
  page,
}) => {
  await signIn(page, "alice");
  await page.goto("/projects/shared-images/images/kubev-demo");
  await expect(page.getByRole("link", { name: "shop-db-1", exact: true })).toBeVisible();
  await expect(page.getByText("runner-1", { exact: true })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Delete" })).toBeDisabled();
  await expect(page.getByText("You may not see who else may copy it.")).toBeVisible();
  await page.getByRole("link", { name: "Create a machine" }).click();
  await expect(page).toHaveURL(/\/projects\/(?!shared-images)[^/]+\/create-vm/);
  await expect(page.getByRole("combobox", { name: "Image" })).toHaveValue(/KubeV demo guest/);
});
