/** The YAML editor knows the kinds of the cluster: it proposes, explains and warns, and the cluster still has the last word. */
import { expect, test } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { watch } from "./browser-watch.ts";
import { signIn } from "./sign-in.ts";

test("fields and values are proposed, explained, and warned of", async ({ page }) => {
  const watched = watch(page);
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/create-from-yaml");
  const editor = page.getByRole("textbox", { name: "YAML" });
  await editor.click();
  await page.keyboard.press("Control+a");
  const known = page.waitForResponse((answer) => answer.url().includes("kind=VirtualMachine"), {
    timeout: 30_000,
  });
  await page.keyboard.insertText(
    "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata:\n  name: typed\nspec:\n  runing: true\n  ",
  );
  await known;
  // the cluster's answer stands above the text and moves it
  await expect(page.getByText("It cannot be created like this")).toBeVisible();
  // a slip is said, with what was likely meant
  // the words come on a move of the pointer, so it moves again until they are known
  await expect(async () => {
    await page.locator(".cm-line").getByText("kubevirt.io/v1").hover();
    await page.locator(".cm-line").getByText("runing", { exact: true }).hover();
    await expect(page.getByText("The cluster knows no field runing here. Is running meant?")).toBeVisible({
      timeout: 2000,
    });
  }).toPass();
  // names come while typing
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("templ", { delay: 20 });
  const proposals = page.getByRole("listbox");
  await expect(proposals.getByRole("option").first()).toContainText("template");
  expect(
    await seriousFindings(page, { name: "yaml-proposals", scheme: "dark", withNavigation: false }),
  ).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(editor).toContainText("template:");
  // within it, its own fields are offered at once
  await page.keyboard.type("sp", { delay: 20 });
  await expect(proposals.getByRole("option").first()).toContainText("spec");
  await page.keyboard.press("Escape");
  // within a key that has its colon, the rest of the word goes and its value stays
  await page.keyboard.press("Control+Home");
  for (let line = 1; line < 6; line += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  for (let letter = 0; letter < 3; letter += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.type("St");
  await expect(proposals.getByRole("option").first()).toContainText("runStrategy");
  // by the pointer: right after the list opens, Enter still ends the line, for whoever types on
  await proposals.getByRole("option").first().click();
  await expect(page.locator(".cm-line", { hasText: "runStrategy" })).toHaveText("  runStrategy: true");
  // the cluster's words; what is typed is checked anew meanwhile, which may move the text away from the pointer
  await expect(async () => {
    await page.locator(".cm-line").getByText("kubevirt.io/v1").hover();
    await page.locator(".cm-line").getByText("metadata", { exact: true }).hover();
    await expect(page.locator(".cm-words")).toContainText("metadata", { timeout: 2000 });
  }).toPass();
  expect(watched.broken).toEqual([]);
});
