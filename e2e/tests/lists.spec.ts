/** What a list of machines says: of ages, of words it does not know, of what is wrong within a state, and to who does not see it. */
import { expect, test } from "@playwright/test";
import { visit } from "./open-page.ts";
import { signIn } from "./sign-in.ts";

test("a list of machines says what it means", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/platform/vms?sort=-created");
  const age = page.getByRole("columnheader", { name: "Age", exact: true });
  await test.step("ages downwards begin with the oldest", async () => {
    await expect(age).toHaveAttribute("aria-sort", "ascending");
    await age.getByRole("button").click();
    await expect(age).toHaveAttribute("aria-sort", "descending");
    await expect(page).toHaveURL(/sort=created/);
    const made = page.getByRole("row").locator("time[datetime]");
    await expect
      .poll(async () => {
        const times = await made.evaluateAll((all) => all.map((one) => one.getAttribute("datetime")));
        return times.length > 3 && times.every((at, i) => i === 0 || (times[i - 1] ?? "") <= (at ?? ""));
      })
      .toBe(true);
  });
  await test.step("a chip feels as the worst of what it counts", async () => {
    const chips = page.getByRole("group", { name: "Filter by state" });
    await expect(chips.getByRole("button", { name: /^Deleting/ }).locator("svg")).toHaveClass(
      /text-attention/,
    );
  });
  const search = page.getByRole("searchbox", { name: "Search virtual machines" });
  await test.step("a state that cannot be is told, with those that can", async () => {
    await search.fill("status:foo");
    await expect(page.getByText(/^"status" is never "foo". It can be: .*Running.*error/)).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "It can be" })).toHaveText(
      /Deleting.*Cannot be scheduled/,
    );
    await search.fill("memory:>4");
    await expect(page.getByText(/^A size needs its unit, for example 4Gi\./)).toBeVisible();
  });
  await test.step("a state is searched by the words that its row shows", async () => {
    await search.fill("status:cannot be scheduled");
    await expect(page).toHaveURL(/status:ErrorUnschedulable/);
    await expect(page.getByRole("row", { name: /trainer-waiting/ })).toBeVisible();
    await expect(search).toHaveValue("status:cannot be scheduled");
    await expect(search).not.toHaveAttribute("aria-invalid");
  });
  await test.step("the cluster's words of a state are in the row's text, not under the pointer alone", async () => {
    await search.fill("trainer-waiting");
    await expect(page.getByRole("row", { name: /trainer-waiting/ })).toContainText(/“.*available.*”/);
  });
  await test.step("an address that is unknown under a machine leads back to it", async () => {
    await page.goto("/projects/web-shop/vms/shop-web-1/nonsense");
    await page.getByRole("link", { name: "Back to shop-web-1" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "shop-web-1" })).toBeVisible();
  });
  await test.step("a page that is not there has one main region, within the frame and without", async () => {
    for (const path of [
      "/no/such/page",
      "/projects/web-shop/vms/shop-web-1/nonsense",
      "/projects/web-shop/yaml/vms",
    ]) {
      await visit(page, path);
      await expect(page.getByText("There is no such page")).toBeVisible();
      await expect(page.locator("main")).toHaveCount(1);
    }
  });
  await test.step("a count of machines in need leads to these, and only these", async () => {
    await visit(page, "/projects/data-platform");
    const count = page.locator("dl > div", { hasText: "Need attention" }).getByRole("link");
    const shown = await count.innerText();
    await count.click();
    await expect(page).toHaveURL(/q=attention/);
    await expect(page.getByRole("heading", { level: 1 }).locator("+ span")).toHaveText(shown);
  });
  await test.step("a search opened by its address says nothing until it can say it in words", async () => {
    await page.addInitScript(() => {
      const look = () => {
        if (document.body?.textContent?.includes("Reason: "))
          document.documentElement.dataset["code"] = "seen";
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
    });
    await page.goto("/platform/vms?q=status:foo");
    await expect(page.getByText(/^"status" is never "foo"/)).toBeVisible();
    await expect(page.locator("html")).not.toHaveAttribute("data-code");
  });
});
