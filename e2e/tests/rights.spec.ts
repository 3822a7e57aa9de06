/** What somebody without the right meets: the reason before he types, and no failure where nothing failed. */
import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

test("who may not create projects reads so above the form", async ({ page }) => {
  await signIn(page, "bob");
  await page.goto("/create-project");
  const main = page.getByRole("main");
  await expect(main.getByText("You may not create projects.").first()).toBeVisible();
  await expect(main.getByRole("button", { name: "Create project" })).toHaveAttribute("aria-disabled", "true");
});

test("who may not change a machine reads its settings, and why on the bar of those he chose", async ({
  page,
}) => {
  await signIn(page, "viewer");
  await page.goto("/projects/web-shop/vms/shop-web-1/settings");
  await expect(page.getByText(/^You may not change machines/).first()).toBeVisible();
  const fields = page.locator("form fieldset").first().locator("input, select, textarea, button");
  await expect(page.getByLabel(/^Description/)).toBeDisabled();
  await expect(page.getByLabel("Run strategy")).toBeDisabled();
  expect(await fields.evaluateAll((all) => all.filter((field) => !field.matches(":disabled")).length)).toBe(
    0,
  );

  await page.goto("/projects/web-shop/vms?q=shop-web");
  const boxes = page.getByRole("row").filter({ hasText: "shop-web" }).getByRole("checkbox");
  for (const at of [0, 1]) await boxes.nth(at).check();
  for (const name of ["Start", "Stop", "Delete"]) {
    const button = page.locator("footer").getByRole("button", { name: new RegExp(`^${name}`) });
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(button).toHaveAccessibleDescription(
      new RegExp(`^You may not ${name.toLowerCase()} .*web-shop\\. Ask an administrator`),
    );
  }
});

test("who may not see secrets reads so in the form of a machine, and none are asked for", async ({
  page,
}) => {
  await signIn(page, "viewer");
  const refused: string[] = [];
  page.on("response", (response) => response.status() === 403 && refused.push(response.url()));
  await page.goto("/projects/web-shop/create-vm");
  await expect(page.getByText(/^You may not see the secrets of this project/)).toBeVisible();
  expect(refused).toEqual([]);
});

test("what of the platform a tenant may not see is one sentence, not a failure", async ({ page }) => {
  await signIn(page, "bob");
  await page.goto("/platform/overview");
  const main = page.getByRole("main");
  await expect(main.getByText("You may not see hosts.")).toHaveCount(1);
  await expect(main.getByText(/the rest is of what you may see/)).toBeVisible();
  await expect(
    main.locator("p", { hasText: /^You may not see .*losses of a host.*nothing is said of them here/ }),
  ).toBeVisible();
  await expect(main.getByRole("heading", { name: "Needs attention" })).toBeVisible();
  await expect(main.getByText("runner-no-disk").first()).toBeVisible();
  await expect(main.getByText(/could not be/)).toHaveCount(0);
  await expect(main.getByRole("button", { name: "Try again" })).toHaveCount(0);
});
