/** axe on every page, dark and light: nothing serious. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { open, type PageState, pages } from "./pages.ts";
import { signIn } from "./sign-in.ts";

// Each test has a browser context of its own and only reads.
test.describe.configure({ mode: "parallel" });

const users = [...new Set(pages.map(({ user }) => user))];

async function seriousFindings(page: Page, state: PageState): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${state.name}: ${id} at ${node.target.join(" ")}: ${node.failureSummary ?? ""}`),
    );
}

for (const scheme of ["dark", "light"] as const) {
  for (const user of users) {
    test(`axe finds nothing serious on the pages of ${user ?? "nobody"}, ${scheme}`, async ({ browser }) => {
      test.setTimeout(420_000);
      const context = await browser.newContext({ colorScheme: scheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      if (user !== null) await signIn(page, user);
      const findings: string[] = [];
      for (const state of pages.filter((each) => each.user === user)) {
        await open(page, state);
        findings.push(...(await seriousFindings(page, state)));
      }
      await context.close();
      expect(findings).toEqual([]);
    });
  }
}
