/** Takes every page in every look, and lays them on one sheet. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { makeShown, pages } from "../tests/noun-pages.ts";
import { open } from "../tests/open-page.ts";
import { signIn } from "../tests/sign-in.ts";

const folder = process.env["SCREENSHOTS"] ?? "screenshots";
const looks = [
  { name: "dark", scheme: "dark", width: 1440, height: 900 },
  { name: "light", scheme: "light", width: 1440, height: 900 },
  { name: "narrow", scheme: "dark", width: 360, height: 780 },
  { name: "wide", scheme: "light", width: 2560, height: 1440 },
] as const;

test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  await makeShown(pages);
});

for (const look of looks) {
  test(`every page, ${look.name}`, async ({ browser }) => {
    test.setTimeout(900_000);
    const missed: string[] = [];
    for (const user of new Set(pages.map((state) => state.user))) {
      const context = await browser.newContext({
        colorScheme: look.scheme,
        viewport: { width: look.width, height: look.height },
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      if (user !== null) await signIn(page, user);
      for (const state of pages.filter((each) => each.user === user)) {
        // one page that does not come must not cost the pictures of all others
        await open(page, state).catch(() => missed.push(state.name));
        await page.screenshot({ path: join(folder, `${state.name}-${look.name}.png`) });
      }
      await context.close();
    }
    expect(missed).toEqual([]);
  });
}

test.afterAll(() => {
  const figure = (name: string, look: string) =>
    `<figure><img loading="lazy" src="${name}-${look}.png" alt=""><figcaption>${name}, ${look}</figcaption></figure>`;
  const rows = pages.map(
    ({ name }) => `<section>${looks.map((look) => figure(name, look.name)).join("")}</section>`,
  );
  const style =
    "body{font:13px sans-serif;background:#888}section{display:flex;gap:8px;align-items:start;margin:8px}img{max-width:24vw;max-height:60vh}figure{margin:0}";
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>${style}</style>${rows.join("")}`,
  );
});
