/** Lists fit on a screen of 1280 pixels and less: every row's state says something there, and its actions are within reach. */
import { expect, type Page, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

const scroller = (page: Page) => page.getByRole("table").locator("..");
const sideways = async (page: Page) =>
  scroller(page).evaluate((element) => element.scrollWidth - element.clientWidth);

test("lists of the platform fit at 1280 and at 1024 pixels", async ({ page }) => {
  await signIn(page, "operator");
  for (const [title, path] of [
    ["Virtual machines", "/platform/vms?sort=name"],
    ["Storage classes", "/platform/storage-classes"],
  ] as const) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(path);
    const table = page.getByRole("table", { name: title });
    await expect(table.getByRole("button", { name: /^Actions for/ }).first()).toBeInViewport({ ratio: 1 });
    expect(await sideways(page)).toBe(0);
    if (title === "Virtual machines") {
      await expect(table.getByRole("columnheader", { name: "Age", exact: true })).toBeVisible();
      const reason = table.getByText("No host is large enough").first();
      expect((await reason.boundingBox())?.width).toBeGreaterThan(120);
    }
    await page.setViewportSize({ width: 1024, height: 800 });
    await expect.poll(() => sideways(page)).toBe(0);
    await expect(table.getByRole("columnheader", { name: "Status" })).toBeVisible();
  }
});

test("columns that somebody chose all stay, and the row's actions stay at the edge beside them", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1024, height: 800 });
  await signIn(page, "operator");
  await page.route("**/api/preferences", async (route) => {
    const reply = await route.fetch();
    const preferences = (await reply.json()) as { columns: Record<string, string[]> }; // as: the contract's
    preferences.columns["platform-vms"] = [
      "project",
      "status",
      "host",
      "ip",
      "cpu",
      "memory",
      "os",
      "created",
    ];
    await route.fulfill({ response: reply, json: preferences });
  });
  await page.goto("/platform/vms?sort=name");
  const table = page.getByRole("table", { name: "Virtual machines" });
  const actions = table.getByRole("button", { name: /^Actions for/ }).first();
  await expect(table.getByRole("columnheader", { name: "Guest" })).toBeAttached();
  expect(await sideways(page)).toBeGreaterThan(100);
  await expect(actions).toBeInViewport({ ratio: 1 });
  await actions.click();
  await expect(page.getByRole("menuitem").first()).toBeVisible();
});
