/** Two people over one object at once: whoever saves second sees what the first stored, and neither loses a line without deciding it. */
import { type Browser, expect, type Page, test } from "@playwright/test";
import { makeObject, readItems } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

const project = "web-shop";

interface Stored {
  metadata: { name: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  spec?: { template?: { spec?: { hostname?: string } } };
}

async function stored(collection: string, name: string): Promise<Stored | undefined> {
  const items = (await readItems(collection)) as Stored[]; // as the API lists these kinds
  return items.find(({ metadata }) => metadata.name === name);
}

/** A second person at a browser of his own. */
async function other(browser: Browser, user: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, user);
  return page;
}

const editorOf = (page: Page) => page.getByRole("textbox", { name: "YAML" });

/** The whole text, by the keyboard. */
async function write(page: Page, change: (text: string) => string): Promise<void> {
  const editor = editorOf(page);
  await expect(editor).toContainText("apiVersion:");
  // innerText doubles the breaks of the editor's lines
  const lines = await page.locator(".cm-line").allInnerTexts();
  const next = change(lines.map((line) => line.replace(/\n$/, "")).join("\n"));
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(next);
}

async function review(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Check and review" }).click();
}

async function save(page: Page): Promise<void> {
  await review(page);
  await page.getByRole("dialog").getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("was saved.")).toBeVisible();
}

const configMaps = `/api/v1/namespaces/${project}/configmaps`;

for (const [what, name, mine, theirs, shared] of [
  ["different lines are both kept", "edited-apart", "one: mine", "five: theirs", false],
  ["the same line is decided by whoever saves second", "edited-alike", "one: mine", "one: theirs", true],
] as const)
  test(`two browsers edit one text: ${what}`, async ({ page, browser }) => {
    const numbers = ["one", "two", "three", "four", "five"];
    await makeObject("config-map", project, name, {
      data: Object.fromEntries(numbers.map((key) => [key, "as-it-was"])),
    });
    const address = `/projects/${project}/config-maps/${name}/yaml`;
    const lineOf = (change: string) => new RegExp(`${change.split(":")[0]}: as-it-was`);
    await signIn(page, "alice");
    const operator = await other(browser, "operator");
    await page.goto(address);
    await operator.goto(address);

    await write(page, (text) => text.replace(lineOf(mine), mine));
    await review(page);
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("button", { name: "Save changes" })).toBeVisible();
    // between her look at it and her save
    await write(operator, (text) => text.replace(lineOf(theirs), theirs));
    await save(operator);
    await dialog.getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByText("Somebody else changed this")).toBeVisible();
    expect((await stored(configMaps, name))?.data).toMatchObject({
      [theirs.slice(0, theirs.indexOf(":"))]: "theirs",
    });
    await expect(editorOf(page)).toContainText(mine);

    await page.getByRole("button", { name: "Merge" }).click();
    await expect(editorOf(page)).toContainText(mine);
    await expect(editorOf(page)).toContainText(theirs);
    if (shared) {
      await expect(page.getByText("Both of you changed the same lines.")).toBeVisible();
      await expect(page.getByRole("button", { name: "Check and review" })).toHaveAttribute(
        "aria-disabled",
        "true",
      );
      await write(page, (text) =>
        text
          .split("\n")
          .filter((line) => !/# (<{7}|={7}|>{7})/.test(line) && !line.includes(theirs))
          .join("\n"),
      );
    }
    await save(page);
    const kept = await stored(configMaps, name);
    expect(kept?.data).toEqual({
      ...Object.fromEntries(numbers.map((key) => [key, "as-it-was"])),
      ...(shared ? {} : { five: "theirs" }),
      one: "mine",
    });
    // who looks on sees hers without doing anything
    await expect(editorOf(operator)).toContainText("one: mine");
    await operator.context().close();
  });

test("a text that was edited and left says that it is a draft, and that the object has changed since", async ({
  page,
  browser,
}) => {
  const numbers = ["one", "two", "three", "four", "five"];
  await makeObject("config-map", project, "left-behind", {
    data: Object.fromEntries(numbers.map((key) => [key, "as-it-was"])),
  });
  const address = `/projects/${project}/config-maps/left-behind`;
  await signIn(page, "alice");
  await page.goto(`${address}/yaml`);
  await write(page, (text) => text.replace("one: as-it-was", "one: mine"));
  const draft = page.getByText("This is your draft of");
  await expect(draft).toBeHidden();
  await page.goto(address);
  await page.goto(`${address}/yaml`);
  await expect(draft).toContainText("has not changed since");
  await expect(editorOf(page)).toContainText("one: mine");

  const operator = await other(browser, "operator");
  await operator.goto(`${address}/yaml`);
  await write(operator, (text) => text.replace("five: as-it-was", "five: theirs"));
  await save(operator);
  await operator.context().close();
  await expect(draft).toContainText("has changed since");
  await page.reload();
  await expect(draft).toContainText("has changed since");

  await page.getByRole("button", { name: "Merge" }).click();
  await expect(editorOf(page)).toContainText("five: theirs");
  await expect(editorOf(page)).toContainText("one: mine");
  await review(page);
  const fold = page.getByRole("dialog").locator(".cm-collapsedLines").first();
  // its fold carries no mark that the fonts do not have
  expect(await fold.evaluate((line) => getComputedStyle(line, "::before").content)).toBe("none");
  await page.getByRole("button", { name: "Go on editing" }).click();
  await page.reload();
  await page.getByRole("button", { name: "Discard the draft" }).click();
  await expect(draft).toBeHidden();
  await expect(editorOf(page)).toContainText("one: as-it-was");
});

test("two browsers change one machine's settings: the other field stays, the same field is chosen", async ({
  page,
  browser,
}) => {
  const machine = "shop-web-1";
  const settings = `/projects/${project}/vms/${machine}/settings`;
  const machines = `/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines`;
  await signIn(page, "alice");
  const operator = await other(browser, "operator");
  await page.goto(settings);
  await operator.goto(settings);
  await page.getByRole("textbox", { name: /^Description/ }).fill("As alice says.");
  await page.getByLabel("Host name").fill("from-alice");

  await operator.getByRole("textbox", { name: /^Description/ }).fill("As the operator says.");
  await operator.getByRole("button", { name: "Save" }).click();
  await expect(operator.getByText(/^Saved[.:]/)).toBeVisible();

  // what she typed is not moved by what she sees change
  await expect(page.getByRole("textbox", { name: /^Description/ })).toHaveValue("As alice says.");
  // the choice is put to her before she saves
  const choice = page.getByRole("alert").filter({ hasText: "Somebody else changed the same" });
  await expect(choice.getByText("As the operator says.")).toBeVisible();
  await expect(choice.getByText("As alice says.")).toBeVisible();
  expect((await stored(machines, machine))?.spec?.template?.spec?.hostname).not.toBe("from-alice");
  await choice.getByRole("button", { name: "Take what is stored: Description" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved[.:]/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: /^Description/ })).toHaveValue("As the operator says.");
  expect((await stored(machines, machine))?.spec?.template?.spec?.hostname).toBe("from-alice");
  await operator.context().close();
});
