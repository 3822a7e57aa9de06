/** What the browser enforces and what never reaches it: CSP without violations, no token in any store, URL or body. */
import { expect, test } from "@playwright/test";
import { open, pages } from "./pages.ts";
import { signIn } from "./sign-in.ts";

test("no page breaks its own content security policy, and no credential reaches the browser", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const broken: string[] = [];
  const bodies: string[] = [];
  page.on("console", (message) => {
    if (/content security policy|trusted type/i.test(message.text()))
      broken.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => broken.push(`${page.url()}: ${error.message}`));
  page.on("response", (response) => {
    if (!response.url().includes("/api/")) return;
    void response.text().then(
      (text) => bodies.push(`${response.url()}\n${text}`),
      () => undefined,
    );
  });
  await signIn(page, "alice");
  for (const state of pages.filter(({ user }) => user === "alice")) await open(page, state);
  expect(broken).toEqual([]);

  const jwt = /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./;
  const stores = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  );
  expect(stores).not.toMatch(jwt);
  expect(bodies.filter((body) => jwt.test(body))).toEqual([]);
  const cookies = await page.context().cookies();
  expect(cookies.filter(({ domain, httpOnly }) => domain === "127.0.0.1" && !httpOnly)).toEqual([]);
});
