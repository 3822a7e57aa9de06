/** What a person may not see is not said to be missing, and no link leads there. */
import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

test("ways out of a VPC that a tenant may not see are not said to be none", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/topology");
  await expect(page.getByText("Not visible to you", { exact: true })).not.toHaveCount(0);
  await expect(page.getByText("None", { exact: true })).toHaveCount(0);
});

test("who may not see the members is not sent to them", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/projects/web-shop/rights");
  const missing = page.getByText("an administrator of the project gives rights under");
  await expect(missing).toContainText("Members");
  await expect(missing.getByRole("link")).toHaveCount(0);
});
