/** An operator's networks: a VPC and a subnet are made, seen and deleted again. */
import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

test("a VPC and its subnet are made, seen and deleted", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "operator");
  await page.goto("/platform/create/vpcs");
  await page.getByLabel("Name", { exact: true }).fill("journey-vpc");
  await page.getByRole("button", { name: "Create VPC" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "journey-vpc" })).toBeVisible();
  await expect(page.getByText("has no way out").first()).toBeVisible();

  await page.getByRole("link", { name: "Create subnet" }).click();
  await page.getByLabel("Name", { exact: true }).fill("journey-net");
  await page.getByLabel("IPv4 CIDR").fill("10.91.0.0/33");
  await expect(page.getByText(/is not a CIDR/).first()).toBeVisible();
  await page.getByLabel("IPv4 CIDR").fill("10.91.0.0/24");
  await expect(page.getByText("It can be created", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Create subnet" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "journey-net" })).toBeVisible();
  await expect(page.getByText("Ready", { exact: true }).first()).toBeVisible();

  await page
    .getByRole("main")
    .getByRole("button", { name: /^Delete/ })
    .click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(page).toHaveURL(/\/platform\/subnets$/);
  await page.goto("/platform/vpcs/journey-vpc");
  await page
    .getByRole("main")
    .getByRole("button", { name: /^Delete/ })
    .click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(page).toHaveURL(/\/platform\/vpcs$/);
  await page.goto("/platform/vpcs?q=name:journey-vpc");
  await expect(page.getByText("Nothing matches this search")).toBeVisible();
});
