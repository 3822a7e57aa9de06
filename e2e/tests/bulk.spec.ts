/** Many rows at once: what cannot go says why before, each that goes has its own outcome after. */
import { expect, test } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { makeAt, removeObject } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

const project = "web-shop";

test("chosen disks go, but for those that a machine uses", async ({ page }) => {
  for (const name of ["bulk-a", "bulk-b"])
    await makeAt(`/apis/cdi.kubevirt.io/v1beta1/namespaces/${project}/datavolumes`, {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name, namespace: project },
      spec: { source: { blank: {} }, storage: { resources: { requests: { storage: "1Gi" } } } },
    });
  await signIn(page, "alice");
  await page.goto(`/projects/${project}/disks?q=bulk`);
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  for (const name of ["bulk-a", "bulk-b"]) await row(name).getByRole("checkbox").check();
  // what was chosen stays so while another search is looked at
  await page.getByRole("searchbox", { name: "Search disks" }).fill("used:yes shop-db-1");
  await row("shop-db-1").nth(0).getByRole("checkbox").check();
  await expect(page.getByText("3 selected")).toBeVisible();
  await page
    .getByRole("contentinfo")
    .or(page.locator("footer"))
    .getByRole("button", { name: "Delete" })
    .click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("1 is left out")).toBeVisible();
  await expect(dialog.getByRole("listitem").filter({ hasText: "shop-db-1" })).toContainText("Stays");
  expect(await seriousFindings(page, { name: "bulk-delete", scheme: "dark", withNavigation: false })).toEqual(
    [],
  );
  // lists that take long hold nobody in the dialog
  const asked = Promise.withResolvers<void>();
  const lists = Promise.withResolvers<void>();
  await page.route(/\/api\/.*disks\?/, async (route) => {
    asked.resolve();
    await lists.promise;
    await route.continue();
  });
  await dialog.getByRole("button", { name: "Delete 2 disks" }).click();
  await expect(page.getByText("Deletion of 2 disks has begun.")).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await asked.promise;
  // its button went with the choice: the keyboard goes on in the page
  await expect(page.locator("#main")).toBeFocused();
  lists.resolve();
  await expect(page.getByText("selected")).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Search disks" }).fill("bulk");
  await expect(page.getByText("Nothing matches this search")).toBeVisible();
});

test("what somebody else deletes is chosen no more, on screen or not; what is merely not on screen stays chosen", async ({
  page,
}) => {
  const path = `/apis/cdi.kubevirt.io/v1beta1/namespaces/${project}/datavolumes`;
  for (const name of ["taken-a", "taken-b", "taken-c"])
    await makeAt(path, {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name, namespace: project },
      spec: { source: { blank: {} }, storage: { resources: { requests: { storage: "1Gi" } } } },
    });
  await signIn(page, "alice");
  await page.goto(`/projects/${project}/disks?q=taken`);
  const rows = page.getByRole("row").filter({ hasText: /taken-/ });
  await expect(rows).toHaveCount(3);
  // with Shift all from the last one that was chosen
  await rows.nth(0).getByRole("checkbox").click();
  await rows
    .nth(2)
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  await expect(page.getByText("3 selected")).toBeVisible();
  const search = page.getByRole("searchbox", { name: "Search disks" });
  await search.fill("taken-a");
  await expect(rows).toHaveCount(1);
  await removeObject(`${path}/taken-c`);
  await expect(page.getByText("2 selected")).toBeVisible();

  await removeObject(`${path}/taken-a`);
  await expect(rows).toHaveCount(0);
  await expect(page.getByText("1 selected")).toBeVisible();
  await search.fill("taken");
  await expect(rows.filter({ hasText: "taken-b" }).getByRole("checkbox")).toBeChecked();
  await removeObject(`${path}/taken-b`);
  await expect(page.getByText("selected")).toHaveCount(0);
});

test("machines go with their disks only once each row says which", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto(`/projects/${project}/vms?q=shop-staging`);
  await page.getByRole("row").filter({ hasText: "shop-staging" }).getByRole("checkbox").check();
  const plans = Promise.withResolvers<void>();
  await page.route(/\/deletion/, async (route) => {
    await plans.promise;
    await route.continue();
  });
  await page.locator("footer").getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  // chosen from the start, as with one machine
  await expect(dialog.getByLabel(/^Delete the disks/)).toBeChecked();
  const begin = dialog.getByRole("button", { name: "Delete 1 machine" });
  await expect(dialog.getByRole("listitem")).toContainText("Its disks are being looked up.");
  await expect(begin).toHaveAttribute("aria-disabled", "true");
  await expect(dialog.locator("p", { hasText: "The disks are still being looked up." })).toBeVisible();
  plans.resolve();
  await expect(dialog.getByRole("listitem")).toContainText(/With it: |No disk goes with it/);
  await expect(begin).not.toHaveAttribute("aria-disabled", "true");
  // a question that is taken back gives the keyboard its place again
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator("footer").getByRole("button", { name: "Delete" })).toBeFocused();
});

test("machines that are gone already hold up none of the others, and each one's end is said", async ({
  page,
}) => {
  const path = `/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines`;
  const names = ["gone-a", "gone-b", "gone-c", "gone-d"];
  for (const name of names)
    await makeAt(path, {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name, namespace: project },
      spec: {
        runStrategy: "Halted",
        template: { spec: { domain: { devices: {}, memory: { guest: "64Mi" } } } },
      },
    });
  await signIn(page, "alice");
  await page.goto(`/projects/${project}/vms?q=gone-`);
  for (const name of names.slice(0, 3))
    await page.getByRole("row").filter({ hasText: name }).getByRole("checkbox").check();
  // the list has not heard of it yet when its plan is asked for
  let isTaken = false;
  await page.route(/gone-a\/deletion/, async (route) => {
    if (!isTaken) await removeObject(`${path}/gone-a`);
    isTaken = true;
    await route.continue();
  });
  await page.locator("footer").getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  const line = (name: string) => dialog.getByRole("listitem").filter({ hasText: name });
  await expect(dialog.getByText("1 is already gone")).toBeVisible();
  await expect(line("gone-a")).toContainText("Already gone");
  const begin = dialog.getByRole("button", { name: "Delete 2 machines" });
  await expect(begin).not.toHaveAttribute("aria-disabled", "true");
  await page.route(/gone-b\/deletion/, async (route) => {
    await removeObject(`${path}/gone-b`);
    await route.continue();
  });
  await begin.click();
  await expect(line("gone-b")).toContainText("Already gone");
  await expect(line("gone-c")).toContainText("Deletion has begun");
  // all of them have left the list, and the dialog stays until it was read
  await expect(page.getByText("gone-c", { exact: true }).and(page.getByRole("link"))).toHaveCount(0);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("selected")).toHaveCount(0);
  // while the question is open, what leaves the choice is said to be gone
  await page.getByRole("row").filter({ hasText: "gone-d" }).getByRole("checkbox").check();
  await page.locator("footer").getByRole("button", { name: "Delete" }).click();
  await expect(line("gone-d")).toContainText("No disk goes with it.");
  await removeObject(`${path}/gone-d`);
  await expect(line("gone-d")).toContainText("Already gone");
  await expect(dialog.locator("p", { hasText: "All of them are already gone." })).toBeVisible();
});
