/** Signs a demo user in through the identity provider's real page, once for each worker: the session serves its later tests too. */
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { passwordOf } from "./embedded-cluster.ts";

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

/** Of this worker. */
const sessions = new Map<string, Cookies>();

export async function signIn(page: Page, user: string): Promise<void> {
  const known = sessions.get(user);
  if (known !== undefined) await page.context().addCookies(known);
  await page.goto("/");
  const navigation = page.getByRole("navigation").first();
  const byDemo = page.getByRole("link", { name: /demo's accounts/ });
  await expect(navigation.or(byDemo)).toBeVisible();
  if (await byDemo.isVisible()) {
    await byDemo.click();
    await page.getByRole("radio", { name: user }).check({ force: true });
    await page.getByLabel("Password").fill(passwordOf(user));
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(navigation).toBeVisible();
    sessions.set(user, await page.context().cookies());
  }
}
