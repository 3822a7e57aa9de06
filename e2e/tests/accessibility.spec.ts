/** axe on what opens over pages: menus, lists of choices, dialogs. */
import { expect, type Page, test } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { signIn } from "./sign-in.ts";

test.describe.configure({ mode: "parallel" });

/** Opens something over a page; returns once it is there. */
const overlays: { name: string; path: string; show: (page: Page) => Promise<void> }[] = [
  {
    name: "menu of a machine",
    path: "/projects/web-shop/vms/shop-db-1",
    show: async (page) => {
      await page.getByRole("button", { name: "Actions" }).click();
      await page.getByRole("menuitem").first().waitFor();
    },
  },
  {
    name: "choice of an image",
    path: "/projects/web-shop/create-vm",
    show: async (page) => {
      await page.getByRole("combobox", { name: "Image" }).click();
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "palette",
    path: "/projects/web-shop/vms",
    show: async (page) => {
      await page.getByRole("button", { name: /^Search everywhere/ }).click();
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "deletion of a machine",
    path: "/projects/web-shop/vms/shop-db-2",
    show: async (page) => {
      await page.getByRole("button", { name: "Actions" }).click();
      await page.getByRole("menuitem", { name: /^Delete/ }).click();
      await page.getByRole("alertdialog").or(page.getByRole("dialog")).first().waitFor();
    },
  },
];

for (const scheme of ["dark", "light"] as const)
  test(`axe finds nothing serious on what opens over pages, ${scheme}`, async ({ browser }) => {
    test.setTimeout(120_000);
    const context = await browser.newContext({ colorScheme: scheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    await signIn(page, "alice");
    const findings: string[] = [];
    for (const overlay of overlays) {
      await page.goto(overlay.path);
      await overlay.show(page);
      // Base UI hides what lies behind an open popup and leads focus that strays there back in: its guards are meant to be both
      findings.push(
        ...(await seriousFindings(page, { name: overlay.name, scheme, leftOut: ["aria-hidden-focus"] })),
      );
    }
    await context.close();
    expect(findings).toEqual([]);
  });

test("keys lead out of both consoles, which take all others", async ({ page }) => {
  await signIn(page, "operator");
  for (const [tab, name] of [
    ["serial", "Serial console"],
    ["console", "Screen"],
  ] as const) {
    await page.goto(`/projects/build-farm/vms/runner-1/${tab}`);
    await expect(page.getByText("Connected", { exact: true }).first()).toBeVisible();
    const inside = () =>
      page.evaluate(() => document.activeElement?.closest("[data-takes-keys]") instanceof Element);
    await page.locator("[data-takes-keys]").click();
    await page.keyboard.press("Tab");
    expect(await inside()).toBe(true);
    await page.keyboard.press("Shift+F6");
    expect(await inside()).toBe(false);
    const bar = page.getByRole("toolbar", { name });
    await expect(bar.locator(":focus")).toHaveCount(1);
    await page.keyboard.press("Tab");
    expect(await inside()).toBe(false);
  }
});

test("each tab of a machine has a title of its own, by its address and by a click", async ({ page }) => {
  await signIn(page, "alice");
  const shop = "/projects/web-shop/vms/shop-db-1";
  const parts = page.getByRole("navigation", { name: "Parts of this machine" });
  const titled = async (title: string) => expect(page).toHaveTitle(`${title} · KubeV Console`);
  await page.goto(`${shop}/disks`);
  await titled("Disks of shop-db-1");
  await parts.getByRole("link", { name: "Network" }).click();
  await titled("Network of shop-db-1");
  await parts.getByRole("link", { name: "Overview" }).click();
  await titled("shop-db-1");
  await page.goto(`${shop}/settings`);
  await titled("Settings of shop-db-1");
  await page.goto("/projects/web-shop/vms");
  await titled("Virtual machines");
});
