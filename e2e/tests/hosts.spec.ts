/** An operator closes a host, opens it again, plans a drain and does one; a tenant finds none of it. */
import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

test("an operator looks after hosts", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/platform/hosts");
  await page.getByRole("link", { name: "host-2", exact: true }).click();
  await expect(page.getByRole("heading", { name: "host-2", level: 1 })).toBeVisible();
  await expect(page.getByText("Can run here")).toBeVisible();
  await page.getByRole("button", { name: "Cordon", exact: true }).click();
  await expect(page.getByText("This host runs no new machines.")).toBeVisible();
  await page.getByRole("button", { name: "Uncordon" }).click();
  await expect(page.getByText("Can run here")).toBeVisible();

  await page.getByRole("link", { name: "Drain", exact: true }).first().click();
  const plan = page.getByRole("region", { name: "What becomes of everything on the host" });
  await expect(plan.getByText("Stays").first()).toBeVisible();

  // nothing runs on the demo's cordoned host, so a drain of it disturbs nobody
  await page.goto("/platform/hosts/host-6/drain");
  await page.getByRole("button", { name: "Drain host" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Drain host" }).click();
  await expect(page.getByText(/The last drain emptied the host/)).toBeVisible();
  await page.getByRole("link", { name: "Activity", exact: true }).last().click();
  await expect(page.getByText(/drained/).first()).toBeVisible();

  await page.goto("/platform/host-map");
  await page.getByLabel("Grouped by").selectOption({ label: "Hardware" });
  await expect(page.getByRole("heading", { name: "large-memory" })).toBeVisible();
  await page.getByLabel("Measure").selectOption({ label: "Machines" });
  await page.getByRole("link", { name: /host-5/ }).click();
  await expect(page.getByRole("heading", { name: "host-5", level: 1 })).toBeVisible();
});

test("a tenant sees her machine's usage and no host", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/vms/shop-db-1/usage");
  const chart = page.getByRole("img", { name: /^CPU from .* lowest .* of 4 cores/ });
  await expect(chart).toBeVisible({ timeout: 40_000 });
  await expect(page.getByRole("link", { name: "Hosts", exact: true })).toHaveCount(0);
  await page.goto("/platform/hosts/host-1");
  await expect(page.getByText("There is no host host-1")).toBeVisible();
  await page.goto("/platform/capacity");
  await expect(page.getByText(/You may not/).first()).toBeVisible();
});
