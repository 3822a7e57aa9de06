/** axe on every page: all rules in the dark scheme, those of colour in the light one too. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { open, type PageState, pages } from "./pages.ts";
import { signIn } from "./sign-in.ts";

// Each test has a browser context of its own and only reads.
test.describe.configure({ mode: "parallel" });

const pagesAtOnce = 20;

const users = [...new Set(pages.map(({ user }) => user))];

type Scheme = "dark" | "light";

/** What can differ between schemes: the document is the same, only its colours are not. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

async function seriousFindings(
  page: Page,
  state: Pick<PageState, "name">,
  scheme: Scheme,
  leftOut: string[] = [],
): Promise<string[]> {
  // what passes is not asked for: describing it takes axe longer than finding it
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  if (scheme === "light") axe.withRules(rulesOfColour);
  else axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).disableRules(leftOut);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${state.name}: ${id} at ${node.target.join(" ")}: ${node.failureSummary ?? ""}`),
    );
}

/** Pages of one user, few enough that two workers end at about the same time. */
const sittings = users.flatMap((user) => {
  const own = pages.filter((state) => state.user === user);
  return Array.from({ length: Math.ceil(own.length / pagesAtOnce) }, (_, at) => ({
    user,
    states: own.slice(at * pagesAtOnce, (at + 1) * pagesAtOnce),
  }));
});

for (const { user, states } of sittings)
  test(`axe finds nothing serious, dark and light, from ${states[0]?.name ?? ""} of ${user ?? "nobody"} on`, async ({
    browser,
  }) => {
    test.setTimeout(420_000);
    const context = await browser.newContext({ colorScheme: "dark", reducedMotion: "reduce" });
    const page = await context.newPage();
    if (user !== null) await signIn(page, user);
    const findings: string[] = [];
    for (const state of states) {
      await page.emulateMedia({ colorScheme: "dark" });
      await open(page, state);
      findings.push(...(await seriousFindings(page, state, "dark")));
      await page.emulateMedia({ colorScheme: "light" });
      const theme = () => page.evaluate(() => document.documentElement.dataset["theme"]);
      if ((await theme()) !== "light") await open(page, state); // before sign-in nothing follows the system
      expect(await theme()).toBe("light");
      findings.push(...(await seriousFindings(page, { name: `${state.name}, light` }, "light")));
    }
    await context.close();
    expect(findings).toEqual([]);
  });

/** Opens something over a page; returns once it is there. */
const overlays: { name: string; path: string; show: (page: Page) => Promise<void> }[] = [
  {
    name: "menu of a machine",
    path: "/projects/web-shop/vms/shop-db-1",
    show: async (page) => {
      await page.getByRole("button", { name: "Actions" }).click();
      await page.getByRole("menuitem").first().waitFor();
    },
  },
  {
    name: "choice of an image",
    path: "/projects/web-shop/create-vm",
    show: async (page) => {
      await page.getByRole("combobox", { name: "Image" }).click();
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "palette",
    path: "/projects/web-shop/vms",
    show: async (page) => {
      await page.getByRole("button", { name: /^Search everywhere/ }).click();
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "deletion of a machine",
    path: "/projects/web-shop/vms/shop-db-2",
    show: async (page) => {
      await page.getByRole("button", { name: "Actions" }).click();
      await page.getByRole("menuitem", { name: /^Delete/ }).click();
      await page.getByRole("alertdialog").or(page.getByRole("dialog")).first().waitFor();
    },
  },
];

for (const scheme of ["dark", "light"] as const)
  test(`axe finds nothing serious on what opens over pages, ${scheme}`, async ({ browser }) => {
    test.setTimeout(120_000);
    const context = await browser.newContext({ colorScheme: scheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    await signIn(page, "alice");
    const findings: string[] = [];
    for (const overlay of overlays) {
      await page.goto(overlay.path);
      await overlay.show(page);
      // Base UI hides what lies behind an open popup and leads focus that strays there back in: its guards are meant to be both
      findings.push(...(await seriousFindings(page, overlay, scheme, ["aria-hidden-focus"])));
    }
    await context.close();
    expect(findings).toEqual([]);
  });
