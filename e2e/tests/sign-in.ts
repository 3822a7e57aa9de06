/** Signs a demo user in through the identity provider's real page. */
import { expect, type Page } from "@playwright/test";
import { passwordOf } from "./embedded-cluster.ts";

export async function signIn(page: Page, user: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("link", { name: /demo's accounts/ }).click();
  await page.getByRole("radio", { name: user }).check({ force: true });
  await page.getByLabel("Password").fill(passwordOf(user));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation").first()).toBeVisible();
}
