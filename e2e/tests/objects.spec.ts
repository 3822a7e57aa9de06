/** Every catalogued noun in the browser: it appears live in its list, has a live page with its tabs, and is deleted there. */
import { expect, type Page, test } from "@playwright/test";
import { objectCatalog, objectNouns, type ObjectNoun } from "../../packages/api-types/src/object-catalog.ts";
import { objectWords } from "../../apps/web/src/objects/object-words.ts";
import { seriousFindings } from "./axe.ts";
import { watch } from "./browser-watch.ts";
import { changeObject, makeObject, pathOf } from "./cluster-objects.ts";
import { painted, visit } from "./open-page.ts";
import { signIn } from "./sign-in.ts";

test.describe.configure({ mode: "parallel" });
test.use({ reducedMotion: "reduce" });

const project = "web-shop";
const sampleName = (noun: ObjectNoun) => `seen-${noun}`;

/** Nouns whose sample nobody may delete here, and what the page says of it. */
const undeletable: Partial<Record<ObjectNoun, RegExp>> = {
  "volume-attachment": /attach/,
};

/** Every catalogued list and object is looked at here, where it is open anyway. */
async function look(page: Page, name: string): Promise<string[]> {
  const findings: string[] = [];
  for (const scheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["theme"])).toBe(scheme);
    await painted(page);
    findings.push(...(await seriousFindings(page, { name, scheme, withNavigation: false })));
  }
  return findings;
}

async function journey(page: Page, noun: ObjectNoun): Promise<void> {
  const { plural, namespaced } = objectCatalog[noun];
  const name = sampleName(noun);
  const base = namespaced ? `/projects/${project}/${plural}` : `/platform/${plural}`;
  const listed = `${base}?q=name:${name}`;
  const none = page.getByText(/There are no|has no|Nothing matches/).first();
  await visit(page, listed);
  await expect(page.getByRole("heading", { level: 1, name: objectWords[noun].many })).toBeVisible();
  await expect(none).toBeVisible();
  await makeObject(noun, project, name);
  const row = page.getByRole("link", { name, exact: true });
  await expect(row).toBeVisible();
  expect(await look(page, `list of ${plural}`)).toEqual([]);
  await row.click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Object" })).toBeVisible();
  await changeObject(pathOf(noun, project, name), { metadata: { labels: { changed: "elsewhere" } } });
  await expect(page.getByText("changed=elsewhere")).toBeVisible();
  expect(await look(page, `one of ${plural}`)).toEqual([]);
  const tabs = page.getByRole("navigation", { name: /^Parts of this/ });
  await tabs.getByRole("link", { name: "YAML" }).click();
  await expect(page.locator(".cm-content")).toContainText(objectCatalog[noun].kind);
  await tabs.getByRole("link", { name: "Events" }).click();
  await expect(page.getByRole("list", { name: "Events" }).or(page.getByText("No events"))).toBeVisible();
  await tabs.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByText("Nothing was done through the console yet")).toBeVisible();
  const remove = page.getByRole("main").getByRole("button", { name: /^Delete/ });
  const refusal = undeletable[noun];
  if (refusal !== undefined) {
    await expect(remove).toBeDisabled();
    await expect(remove).toHaveAccessibleDescription(refusal);
    return;
  }
  await remove.click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(page).toHaveURL(new RegExp(`/${plural}$`));
  await visit(page, listed);
  await expect(none).toBeVisible();
}

const parts = [0, 1, 2, 3].map((part) => objectNouns.filter((_, at) => at % 4 === part));
for (const [at, nouns] of parts.entries())
  test(`every catalogued noun has its journey, part ${at + 1}`, async ({ page }) => {
    test.setTimeout(nouns.length * 30_000);
    await signIn(page, "operator");
    await page.goto("/projects"); // a page that leads nowhere else by itself
    const watched = watch(page);
    for (const noun of nouns) await test.step(noun, async () => journey(page, noun));
    expect(watched.broken, "content policies broken and errors of scripts").toEqual([]);
    expect(await watched.credentials(), "credentials in the browser").toEqual([]);
  });
