/** Choosing from more than one page holds: the server searches, keys suffice, and what goes wrong is said in the list. */
import { expect, test } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { makeAt, readItems, removeObject } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

// a worker that follows a failed one begins anew while the old project still goes
let project = "";
const count = 120;

/** Many disks in a project of their own, beside many projects: no other test's lists have them. */
test.beforeAll(async () => {
  project = `pickers-${test.info().workerIndex}`;
  const claims = `/api/v1/namespaces/${project}/persistentvolumeclaims`;
  await makeAt("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: project } });
  for (let index = 0; index < count; index += 1)
    await makeAt(claims, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: `many-${String(index).padStart(3, "0")}` },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "fast-block",
        resources: { requests: { storage: "1Mi" } },
      },
    });
  const bound = async () =>
    (await readItems(claims)).filter((claim) => JSON.stringify(claim).includes('"phase":"Bound"')).length;
  await expect.poll(bound).toBe(count);
});
test.afterAll(async () => removeObject(`/api/v1/namespaces/${project}`));

test("one of many disks is found by typing, chosen by keys, and stays chosen", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(`/projects/${project}/create/volume-snapshots`);
  const disk = page.getByRole("combobox", { name: "Disk" });
  await disk.click();
  const options = page.getByRole("option");
  await expect(options).toHaveCount(50);
  const said = page.getByRole("status").filter({ hasText: `50 of ${count} are shown` });
  await expect(said).toBeVisible();
  for (const scheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    // Base UI hides what lies behind an open list and leads focus that strays there back
    const leftOut = ["aria-hidden-focus"];
    expect(await seriousFindings(page, { name: "choice of a disk", scheme, leftOut })).toEqual([]);
  }
  await page.keyboard.type("MANY 117");
  await expect(options).toHaveCount(1);
  await expect(page.getByRole("status").filter({ hasText: "1 matches." })).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(disk).toHaveAttribute("aria-activedescendant", (await options.getAttribute("id")) ?? "none");
  await page.keyboard.press("Enter");
  await expect(disk).toHaveValue("many-117");
  await expect(disk).toHaveAttribute("aria-expanded", "false");

  // its page of the list is not the first one: it stays, over opening, Escape and a reload
  await page.keyboard.press("ArrowDown");
  await expect(options).toHaveCount(50);
  await page.keyboard.type("x");
  await expect(options).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(disk).toHaveValue("many-117");
  await page.reload();
  await expect(disk).toHaveValue("many-117");
});

test("words that look like the query language are looked for as they stand", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(`/projects/${project}/create/volume-snapshots`);
  const disk = page.getByRole("combobox", { name: "Disk" });
  await disk.fill("-many");
  await expect(page.getByText("This project has no ready disk of that name.")).toBeVisible();
  await disk.fill("status:ready");
  await expect(page.getByText("This project has no ready disk of that name.")).toBeVisible();
});

test("a list that cannot be loaded says so and why, and is asked again when it is opened again", async ({
  page,
}) => {
  await signIn(page, "operator");
  await page.route(/\/api\/disks\?/, async (route) => route.fulfill({ status: 500, body: "" }));
  await page.goto(`/projects/${project}/create/volume-snapshots`);
  const disk = page.getByRole("combobox", { name: "Disk" });
  await disk.click();
  await expect(page.getByRole("status").filter({ hasText: "The disks could not be loaded." })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  const again = page.getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  await page.unroute(/\/api\/disks\?/);
  await again.click();
  await expect(page.getByRole("option")).toHaveCount(50);
});

test("a name that no list has can be written where one is suggested", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/platform/create/ovn-eips");
  const subnet = page.getByRole("combobox", { name: "External subnet" });
  await subnet.fill("not-made-yet");
  await expect(page.getByText(/No subnet of that name is known to you/)).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(subnet).toHaveValue("not-made-yet");
  await page.goto("/platform/create/subnets");
  const vpc = page.getByRole("combobox", { name: "VPC" });
  await vpc.fill("shop");
  await page.getByRole("option", { name: "shop-vpc" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(vpc).toHaveValue("shop-vpc");
});

test("projects are picked one by one, and the switcher finds one of them", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/platform/create/vpcs");
  const projects = page.getByRole("combobox", { name: /^Projects/ });
  await projects.fill("office");
  await page.getByRole("option", { name: "office-it" }).click();
  await expect(page.getByRole("button", { name: "Remove office-it" })).toBeVisible();
  await expect(projects).toHaveValue("");
  await projects.fill("office");
  await expect(page.getByRole("option", { name: /office-it/ })).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Escape");

  await page.goto("/projects/web-shop/vms");
  await page
    .getByRole("button", { name: /web-shop/ })
    .first()
    .click();
  await page.getByRole("combobox", { name: "Find a project" }).fill(project);
  await expect(page.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/projects/${project}/vms`));
});

test("a menu's parts are there before somebody opens one", async ({ page }) => {
  await signIn(page, "alice");
  const parts = page.waitForResponse((answer) => /\/MenuParts-[^/]*\.js$/.test(answer.url()), {
    timeout: 30_000,
  });
  // nothing is pointed at and nothing has the focus
  await page.goto("/projects/web-shop/vms");
  expect((await parts).ok()).toBe(true);
});

test("Escape before a menu's parts have come leaves it shut and the focus on its button", async ({
  page,
}) => {
  await signIn(page, "alice");
  const held = Promise.withResolvers<void>();
  await page.route(/\/MenuParts-[^/]*\.js$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto("/projects/web-shop/vms?sort=name");
  const button = page.getByRole("button", { name: /^Actions for/ }).first();
  await button.click();
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
  const came = page.waitForResponse(/\/MenuParts-[^/]*\.js$/);
  held.resolve();
  await (await came).finished();
  // the press after it is answered in a few frames, without the pauses that React makes between things that were suspended
  const framesToMenu = await button.evaluate(async (element: HTMLElement) => {
    const frame = async () => new Promise((done) => requestAnimationFrame(done));
    for (let idle = 0; idle < 10; idle++) await frame();
    if (document.querySelector("[role=menu]") !== null) return "open without a press";
    element.click();
    let frames = 0;
    while (document.querySelector("[role=menuitem]") === null && frames < 100) {
      await frame();
      frames++;
    }
    return frames;
  });
  expect(framesToMenu).toBeLessThan(10);
  // Escape at once: the button that opened it has the focus again
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(button).toBeFocused();
});
