/** The tenant's journey with the keyboard alone: sign in, make a machine, open its screen, stop it, delete it. Focus is always seen. */
import { expect, type Locator, type Page, test } from "@playwright/test";
import { passwordOf } from "./embedded-cluster.ts";
import { signIn } from "./sign-in.ts";

const vmName = "typed-machine";
const mostTabs = 120;

/** Where the focus is, and whether a person can see it there. */
async function focusOf(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    const box = element.getBoundingClientRect();
    // a field's frame or a card may carry the mark for the element inside it
    const marked = [element, element.parentElement, element.parentElement?.parentElement]
      .filter((one) => one instanceof HTMLElement)
      .some((one) => {
        const style = getComputedStyle(one);
        const outlined = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
        return outlined || style.boxShadow !== "none";
      });
    return { what: element.outerHTML.slice(0, 160), drawn: box.width > 0 && box.height > 0, marked };
  });
}

/** Tabs on until `target` has the focus; on the way every stop must be drawn and marked. */
async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let step = 0; step < mostTabs; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
    const focus = await focusOf(page);
    // from the last element the focus goes round by the browser's own bar
    if (focus !== null) expect(focus, `focus on ${focus.what}`).toMatchObject({ drawn: true, marked: true });
  }
  throw new Error(`Tab never came to ${target.toString()}.`);
}

const press = async (page: Page, target: Locator, key = "Enter") => {
  await tabTo(page, target);
  await page.keyboard.press(key);
};

/** After a dialog that closed or a page that came, the focus is on something of the page, not on nothing. */
async function focusIsKept(page: Page): Promise<void> {
  await expect
    .poll(async () => page.evaluate(() => document.activeElement?.tagName ?? "nothing"))
    .not.toMatch(/^(BODY|HTML|nothing)$/);
}

test("a tenant makes, sees, stops and deletes a machine by keyboard alone", async ({ page }) => {
  test.setTimeout(240_000);

  await test.step("signs in", async () => {
    await page.goto("/");
    await press(page, page.getByRole("link", { name: /demo's accounts/ }));
    const alice = page.getByRole("radio", { name: "alice" });
    await expect(alice).toBeAttached();
    // the issuer's page is none of the console's: only its keys are used, its marks are not judged
    for (let step = 0; step < 20; step++) {
      const inRadios = await page.evaluate(
        () => document.activeElement instanceof HTMLInputElement && document.activeElement.type === "radio",
      );
      if (inRadios) break;
      await page.keyboard.press("Tab");
    }
    for (let step = 0; step < 10 && !(await alice.isChecked()); step++)
      await page.keyboard.press("ArrowDown");
    await expect(alice).toBeChecked();
    await page.keyboard.press("Tab");
    await page.keyboard.type(passwordOf("alice"));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("navigation").first()).toBeVisible();
  });

  await test.step("creates a machine from an image in her subnet", async () => {
    await page.goto("/projects/web-shop/create-vm");
    await tabTo(page, page.getByLabel("Name", { exact: true }));
    await page.keyboard.type(vmName);
    await tabTo(page, page.getByRole("combobox", { name: "Image" }));
    await page.keyboard.type("KubeV demo");
    await expect(page.getByRole("option").first()).toBeVisible();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("combobox", { name: "Subnet" }));
    await page.keyboard.type("shop-front");
    await expect(page.getByRole("option").first()).toBeVisible();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page.getByText("It can be created", { exact: true })).toBeVisible();
    await press(page, page.getByRole("button", { name: "Create VM" }));
    await expect(page.getByRole("heading", { name: vmName })).toBeVisible();
    await focusIsKept(page);
    await expect(page.getByText("Running", { exact: true }).first()).toBeVisible({ timeout: 40_000 });
  });

  await test.step("opens its screen and comes back out of it", async () => {
    await press(page, page.getByRole("link", { name: "Screen", exact: true }).first());
    await expect(page.getByText("Connected").first()).toBeVisible({ timeout: 30_000 });
    await focusIsKept(page);
  });

  await test.step("stops it", async () => {
    await page.goto(`/projects/web-shop/vms/${vmName}`);
    await press(page, page.getByRole("button", { name: "Stop", exact: true }));
    const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
    await press(page, dialog.getByRole("button", { name: /stop/i }));
    await expect(dialog).toHaveCount(0);
    await focusIsKept(page);
    await expect(page.getByText("Stopped", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  });

  await test.step("deletes it", async () => {
    await press(page, page.getByRole("button", { name: "Actions" }));
    const entry = page.getByRole("menuitem", { name: /^Delete/ });
    await expect(entry).toBeVisible();
    for (let step = 0; step < 40; step++) {
      if (await entry.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
    await expect(dialog).toContainText(vmName);
    await press(page, dialog.getByRole("button", { name: /^Delete/ }));
    await expect(page).toHaveURL(/\/projects\/web-shop\/vms(\?|$)/, { timeout: 60_000 });
    await focusIsKept(page);
    await expect(page.getByRole("row", { name: new RegExp(vmName) })).toHaveCount(0, { timeout: 60_000 });
  });
});

test("j, k and arrows move the focus over the rows of a list, and Enter opens the row", async ({ page }) => {
  // so low that a few rows fill the list; of a project that no other test makes machines in
  await page.setViewportSize({ width: 1440, height: 420 });
  await signIn(page, "operator");
  await page.goto("/projects/data-platform/vms?sort=name");
  const list = page.getByRole("table", { name: "Virtual machines" });
  const rows = list.getByRole("row").filter({ has: page.getByRole("cell") });
  await expect(rows.nth(5)).toBeVisible();
  const focused = list.locator("[role=row]:focus");
  const at = async () => Number(await focused.getAttribute("aria-rowindex"));
  /** Pixels by which the focused row reaches under the head and below the list's lower edge; nothing of it may. */
  const hidden = async () =>
    focused.evaluate((row) => {
      const table = row.closest("[role=table]");
      const scroller = table?.parentElement;
      const head = table?.querySelector("[role=columnheader]")?.closest("[role=rowgroup]");
      if (scroller == null || head == null) throw new Error("The row is in no table.");
      const box = row.getBoundingClientRect();
      const below = box.bottom - scroller.getBoundingClientRect().top - scroller.clientHeight;
      return Math.max(0, below, head.getBoundingClientRect().bottom - box.top);
    });
  const press = async (key: string, row: number) => {
    await page.keyboard.press(key);
    await expect.poll(at).toBe(row + 1);
    expect(await hidden(), `of row ${row} after ${key}`).toBeLessThan(1);
  };
  for (let row = 1; row <= 9; row++) await press("j", row);
  for (let row = 8; row >= 1; row--) await press("k", row);
  for (let row = 2; row <= 4; row++) await press("ArrowDown", row);
  await press("ArrowUp", 3);
  await press("End", Number(await list.getAttribute("aria-rowcount")) - 1);
  await press("Home", 1);

  // who comes back goes on from the row that was opened
  for (let row = 2; row <= 9; row++) await press("j", row);
  const name = await focused.getByRole("link").first().innerText();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await page.goBack();
  await expect(rows.first()).toBeVisible();
  await press("j", 10);
});
