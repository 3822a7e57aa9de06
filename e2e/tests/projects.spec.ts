/** An operator's projects: one is made, found in its list and deleted with what is in it. */
import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

test("a project is made, found and deleted", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "operator");
  await page.goto("/create-project");
  await page.getByLabel("Name", { exact: true }).fill("journey-project");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(/\/projects\/journey-project$/);
  await page.goto("/projects?q=name:journey-project");
  await page.getByRole("link", { name: "journey-project" }).click();
  await page
    .getByRole("main")
    .getByRole("button", { name: /^Delete/ })
    .click();
  const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  const verb = dialog.getByRole("button", { name: /^Delete project/ });
  await expect(verb).toBeDisabled();
  await dialog.getByRole("textbox").fill("journey-project");
  await verb.click();
  await page.goto("/projects?q=name:journey-project");
  await expect(page.getByText("Nothing matches this search")).toBeVisible();
});
