/**
 * One walk over every page but the lists and objects of catalogued nouns, which objects.spec.ts opens anyway: axe finds
 * nothing serious, dark or light; no page breaks its own content security policy; no
 * credential reaches the browser.
 */
import { expect, test } from "@playwright/test";
import { type Scheme, seriousFindings } from "./axe.ts";
import { watch } from "./browser-watch.ts";
import { walkedPages } from "./noun-pages.ts";
import { open, painted, settled, visit } from "./open-page.ts";
import { signIn } from "./sign-in.ts";

// Each test has a browser context of its own and only reads.
test.describe.configure({ mode: "parallel" });

const pagesAtOnce = 25;

/** Pages of one user, few enough that two workers end at about the same time. */
const sittings = [...new Set(walkedPages.map(({ user }) => user))].flatMap((user) => {
  const own = walkedPages.filter((state) => state.user === user);
  return Array.from({ length: Math.ceil(own.length / pagesAtOnce) }, (_, at) => ({
    user,
    states: own.slice(at * pagesAtOnce, (at + 1) * pagesAtOnce),
  }));
});

for (const { user, states } of sittings)
  test(`every page of ${user ?? "nobody"}, from ${states[0]?.name ?? ""} on`, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await browser.newContext({ colorScheme: "dark", reducedMotion: "reduce" });
    const page = await context.newPage();
    const watched = watch(page);
    if (user !== null) await signIn(page, user);
    const findings: string[] = [];
    const theme = () => page.evaluate(() => document.documentElement.dataset["theme"]);
    for (const [at, state] of states.entries())
      await test.step(state.name, async () => {
        const withNavigation = at === 0;
        const inScheme = async (scheme: Scheme) => {
          if ((await theme()) !== scheme) await page.emulateMedia({ colorScheme: scheme });
          await expect.poll(theme).toBe(scheme);
          await painted(page);
          findings.push(...(await seriousFindings(page, { name: state.name, scheme, withNavigation })));
        };
        if ((await theme()) !== "dark") await page.emulateMedia({ colorScheme: "dark" });
        // the home page leads a new session on to a project, whatever was asked for meanwhile
        if (user === null || at === 0) await open(page, state);
        else {
          await visit(page, state.path);
          await settled(page, state);
        }
        await inScheme("dark");
        await inScheme("light");
      });
    expect.soft(findings, "what axe finds").toEqual([]);
    expect.soft(watched.broken, "content policies broken and errors of scripts").toEqual([]);
    expect.soft(await watched.credentials(), "credentials in the browser").toEqual([]);
    expect.soft(watched.answers(), "answers of the API that were read").toBeGreaterThan(0);
    await context.close();
  });
