/**
 * Takes pages and states in every look, and lays them on one sheet. PAGES, a regular expression, keeps those whose name it
 * matches; SCENARIO is the embedded cluster's, of which "empty" and "degraded" have pages of their own.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { makeShown, pages } from "../tests/noun-pages.ts";
import { open, painted, settled, visit } from "../tests/open-page.ts";
import type { PageState } from "../tests/pages.ts";
import { signIn } from "../tests/sign-in.ts";
import { brokenPages, whileBroken } from "./broken-states.ts";
import { degradedPages } from "./degraded-states.ts";
import { emptyPages, freshPages, makeEmptyProject } from "./empty-states.ts";
import { fullPages, makeFullProject } from "./full-project.ts";

const folder = process.env["SCREENSHOTS"] ?? "screenshots";
const wanted = new RegExp(process.env["PAGES"] ?? "");
const looks = [
  { name: "dark", scheme: "dark", width: 1440, height: 900 },
  { name: "light", scheme: "light", width: 1440, height: 900 },
  { name: "narrow", scheme: "dark", width: 360, height: 780 },
  { name: "wide", scheme: "light", width: 2560, height: 1440 },
] as const;
/** What is longer is cut there: the rest of a list is more of the same. */
const tallest = 3000;

const named = (states: readonly PageState[]) => states.filter(({ name }) => wanted.test(name));
const scenario = process.env["SCENARIO"] ?? "demo";
const lived = scenario === "demo";
const shown = named(
  lived
    ? [...pages, ...emptyPages, ...fullPages, ...brokenPages]
    : scenario === "degraded"
      ? degradedPages
      : freshPages,
);

// looked at last: a test that fails would have everything made anew for the next
const missed: string[] = [];

test.beforeAll(async () => {
  test.setTimeout(120_000);
  mkdirSync(folder, { recursive: true });
  if (!lived) return;
  await makeShown(shown);
  if (named(emptyPages).length > 0) await makeEmptyProject();
  if (named(fullPages).length > 0) await makeFullProject();
});

/** How much of the page lies below the fold, in pixels: it is its inner part that scrolls. */
async function hiddenHeight(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(
      0,
      ...[document.documentElement, ...document.querySelectorAll("main, main *, [role=dialog] *")]
        .filter((part) => part.clientHeight > 200 && /auto|scroll/.test(getComputedStyle(part).overflowY))
        .map((part) => part.scrollHeight - part.clientHeight),
    ),
  );
}

/** A wider look may read more; what hangs is worth its picture too. */
async function loaded(page: Page): Promise<void> {
  await page
    .getByRole("status", { name: /^Loading/ })
    .first()
    .waitFor({ state: "detached", timeout: 5000 })
    .catch(() => undefined);
}

async function picture(page: Page, state: PageState): Promise<void> {
  for (const { name, scheme, width, height } of looks) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await loaded(page);
    await painted(page);
    const hidden = await hiddenHeight(page);
    if (hidden > 0) {
      await page.setViewportSize({ width, height: Math.min(tallest, height + hidden) });
      await loaded(page);
      await painted(page);
    }
    await page.screenshot({ path: join(folder, `${state.name}-${name}.png`) });
  }
}

for (const user of new Set(shown.map((state) => state.user)))
  test(`every page of ${user ?? "nobody"}`, async ({ browser }) => {
    test.setTimeout(3_600_000);
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    if (user !== null) await signIn(page, user);
    const own = shown.filter((state) => state.user === user);
    for (const [at, state] of own.entries())
      await whileBroken(page, state, async (shot, broken) => {
        await shot.setViewportSize({ width: looks[0].width, height: looks[0].height });
        // one page that does not come must not cost the pictures of all others
        try {
          if (user === null || at === 0 || broken) await open(shot, state);
          else {
            await visit(shot, state.path);
            await settled(shot, state);
          }
        } catch {
          missed.push(state.name);
        }
        await picture(shot, state);
      });
    await context.close();
  });

test.afterAll(() => {
  const taken = new Set(readdirSync(folder));
  const names = [...taken]
    .filter((file) => file.endsWith("-dark.png"))
    .map((file) => file.replace(/-dark\.png$/, ""));
  const figure = (name: string, look: string) =>
    `<figure><img loading="lazy" src="${name}-${look}.png" alt=""><figcaption>${name}, ${look}</figcaption></figure>`;
  const rows = names
    .sort()
    .map((name) => `<section>${looks.map((look) => figure(name, look.name)).join("")}</section>`);
  const style =
    "body{font:13px sans-serif;background:#888}section{display:flex;gap:8px;align-items:start;margin:8px}img{max-width:24vw;max-height:60vh}figure{margin:0}";
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>${style}</style>${rows.join("")}`,
  );
  expect(missed, "pages that did not come as they should").toEqual([]);
});
