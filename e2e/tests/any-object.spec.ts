/** An object of a kind without a page of its own: made and found, its text changed with the difference in view, and deleted. */
import { expect, test } from "@playwright/test";
import { watch } from "./browser-watch.ts";
import { readItems } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

const project = "web-shop";
const name = "journey-budget";
const stored = `/apis/policy/v1/namespaces/${project}/poddisruptionbudgets`;

test("a disruption budget is made from text, found among all kinds, changed and deleted", async ({
  page,
}) => {
  const { broken } = watch(page);
  await signIn(page, "alice");
  const editor = page.getByRole("textbox", { name: "YAML" });

  await page.goto(`/projects/${project}/create-from-yaml`);
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(
    `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: ${name}\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: journey\n`,
  );
  await expect(page.getByText("It can be created", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "Open it" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();

  await page.getByRole("link", { name: "All kinds" }).first().click();
  // what has a page of its own leads there
  // letter by letter, as a person types and mends: each stays where it was typed
  const search = page.getByRole("textbox", { name: "Search" });
  await search.pressSequentially("ployment");
  await search.press("Home");
  await search.pressSequentially("de");
  await expect(search).toHaveValue("deployment");
  await expect(page.getByRole("link", { name: "Deployment", exact: true })).toHaveAttribute(
    "href",
    `/projects/${project}/deployments`,
  );
  await search.fill("disruption");
  await page.getByRole("link", { name: "PodDisruptionBudget", exact: true }).click();
  await search.pressSequentially("journey");
  await expect(search).toHaveValue("journey");
  await page.getByRole("link", { name, exact: true }).click();

  await expect(editor).toContainText("minAvailable: 1");
  await page.locator(".cm-line").getByText("minAvailable").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("2");
  await page.getByRole("button", { name: "Check and review" }).click();
  const review = page.getByRole("dialog", { name: "Save these changes" });
  await expect(review.getByText("minAvailable: 1").first()).toBeVisible();
  await expect(review.getByText("minAvailable: 2").first()).toBeVisible();
  await review.getByRole("button", { name: "Save changes" }).click();
  await expect(review).toHaveCount(0);
  expect(JSON.stringify(await readItems(stored))).toContain('"minAvailable":2');

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  await dialog.getByRole("button", { name: "Delete PodDisruptionBudget" }).click();
  await expect(page).toHaveURL(/\/poddisruptionbudgets$/);
  await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0);
  expect(JSON.stringify(await readItems(stored))).not.toContain(name);
  expect(broken).toEqual([]);
});

test("an object of the core group is called by its version alone", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto(`/projects/${project}/kinds/core/v1/configmaps`);
  await page.getByRole("link", { name: "kube-root-ca.crt", exact: true }).click();
  await expect(page.getByText(/^v1, made /)).toBeVisible();
});
