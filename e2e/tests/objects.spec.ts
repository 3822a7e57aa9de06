/** Every catalogued noun in the browser: it appears live in its list, has a page with its tabs, and is deleted there. */
import { execFileSync } from "node:child_process";
import { expect, type Page, test } from "@playwright/test";
import { objectCatalog, objectNouns, type ObjectNoun } from "../../packages/api-types/src/object-catalog.ts";
import { objectSamples } from "../../apps/bff/test/object-samples.ts";
import { objectWords } from "../../apps/web/src/objects/object-words.ts";
import { kubeconfig } from "./embedded-cluster.ts";
import { kubectl } from "./kubectl.ts";
import { signIn } from "./sign-in.ts";

test.describe.configure({ mode: "parallel" });

const project = "web-shop";

function create(noun: ObjectNoun, name: string): void {
  const { group, version, kind, namespaced } = objectCatalog[noun];
  const { status, ...object } = objectSamples[noun].object;
  const manifest = {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    metadata: { name, ...(namespaced ? { namespace: project } : {}) },
    ...object,
    ...(status === undefined ? {} : { status }),
  };
  execFileSync(kubectl ?? "", ["--kubeconfig", kubeconfig, "apply", "-f", "-"], {
    input: JSON.stringify(manifest),
    encoding: "utf8",
  });
}

async function journey(page: Page, noun: ObjectNoun): Promise<void> {
  const { plural, namespaced } = objectCatalog[noun];
  const name = `seen-${noun}`;
  const base = namespaced ? `/projects/${project}/${plural}` : `/platform/${plural}`;
  await page.goto(`${base}?q=name:${name}`);
  await expect(page.getByRole("heading", { level: 1, name: objectWords[noun].many })).toBeVisible();
  await expect(page.getByText(/There are no|has no|Nothing matches/).first()).toBeVisible();
  create(noun, name);
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Object" })).toBeVisible();
  const tabs = page.getByRole("navigation", { name: /^Parts of this/ });
  await tabs.getByRole("link", { name: "YAML" }).click();
  await expect(page.locator(".cm-content")).toContainText(objectCatalog[noun].kind);
  await tabs.getByRole("link", { name: "Events" }).click();
  await expect(page.getByRole("main").getByRole("list").or(page.getByText("No events")).last()).toBeVisible();
  await tabs.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByText("Nothing was done here yet")).toBeVisible();
  // a button that may not be pressed says why in its own name
  const remove = page.getByRole("main").getByRole("button", { name: /^Delete/ });
  if (await remove.isDisabled()) return;
  await remove.click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(page).toHaveURL(new RegExp(`/${plural}$`));
  await page.goto(`${base}?q=name:${name}`);
  await expect(page.getByText(/There are no|has no|Nothing matches/).first()).toBeVisible();
}

const parts = [0, 1, 2, 3].map((part) => objectNouns.filter((_, at) => at % 4 === part));
for (const [at, nouns] of parts.entries())
  test(`every catalogued noun has its journey, part ${at + 1}`, async ({ page }) => {
    test.skip(kubectl === undefined, "kubectl is not installed");
    test.setTimeout(nouns.length * 30_000);
    await signIn(page, "operator");
    for (const noun of nouns) await test.step(noun, async () => journey(page, noun));
  });
