/**
 * What a page says and does while the server's answers are those of a console whose database is away (apps/bff/test/database-gone.test.ts
 * has them from the server itself).
 */
import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";

const away = /The console's database does not answer\./;
const answer = {
  status: 503,
  json: { error: { code: "store-unavailable", reason: { code: "store-down" }, requestId: "1" } },
};

test("who wants to sign in reads why he cannot", async ({ page }) => {
  await page.goto("/sign-in?refused=store-unavailable");
  await expect(page.getByText(away)).toBeVisible();
  await page.goto("/sign-in");
  await expect(page.getByText(away)).toBeHidden();
  await page.route("**/api/session/token", async (route) => route.fulfill(answer));
  await page.getByLabel("Token").fill("one");
  await page.getByRole("button", { name: "Sign in with the token" }).click();
  await expect(page.getByText(/nobody else can sign in/)).toBeVisible();
});

test("who is signed in reads that the trail goes to the log, until the database is back", async ({
  page,
}) => {
  await signIn(page, "alice");
  await page.route("**/api/capabilities", async (route) => {
    const real = await route.fetch();
    const database = [{ code: "store-down" }, { code: "audit-in-log" }];
    await route.fulfill({ response: real, json: { ...((await real.json()) as object), database } }); // the contract's reply
  });
  await page.goto("/projects/web-shop/vms");
  const notices = page.getByRole("status").filter({ hasText: away });
  await expect(notices).toContainText("Who is signed in stays so for a few minutes");
  await expect(notices).toContainText("The audit trail goes to the log while the database is away.");
  await page.unrouteAll({ behavior: "wait" });
  await page.reload();
  await expect(page.getByRole("row", { name: /shop-web-1/ })).toBeVisible();
  await expect(notices).toBeHidden();
});

test("choices made while the kept ones could not be read do not write over them, nor over each other", async ({
  page,
}) => {
  await signIn(page, "alice");
  const kept = {
    savedViews: { vms: [{ name: "Mine", search: "q=status:running" }] },
    columns: { vms: ["name"] },
  };
  let isAway = true;
  const bothChosen = Promise.withResolvers<void>();
  const written: unknown[] = [];
  await page.route("**/api/preferences", async (route) => {
    if (isAway) return route.fulfill(answer);
    await bothChosen.promise;
    const real = await route.fetch({ method: "GET" });
    const known = { ...((await real.json()) as object), ...kept }; // the contract's reply
    if (route.request().method() === "PUT") written.push(route.request().postDataJSON());
    return route.fulfill({ response: real, json: known });
  });
  const failed = page.waitForResponse((response) => response.url().endsWith("/api/preferences"));
  await page.goto("/projects/web-shop/vms");
  expect((await failed).status()).toBe(503);
  await page.getByRole("button", { name: /your menu$/ }).click();
  await expect(page.getByRole("menuitemradio", { name: "Light" })).toBeVisible();
  isAway = false;
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await page.getByRole("menuitemradio", { name: "Compact" }).click();
  bothChosen.resolve();
  await expect.poll(() => written.length).toBe(2);
  expect(written[1]).toMatchObject({ ...kept, theme: "light", density: "compact" });
});
