/**
 * axe within the open document. It is put there once per document and run there; the usual binding puts it in before every
 * run and describes the result in a page of its own, which took four times as long as the looking.
 */
import axe from "axe-core";
import type { Page } from "@playwright/test";

export type Scheme = "dark" | "light";

/** What can differ between schemes: the document is the same, only its colours are not. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];
const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export interface Look {
  /** Leads each finding's line. */
  name: string;
  scheme: Scheme;
  /** False where the navigation was looked at on another page already. */
  withNavigation?: boolean;
  /** Rules that do not hold here, with their reason at the caller. */
  leftOut?: readonly string[];
}

/** One line per place that breaks a rule seriously. */
export async function seriousFindings(page: Page, look: Look): Promise<string[]> {
  const there = await page.evaluate(() => "axe" in globalThis);
  if (!there) await page.evaluate(axe.source);
  const { scheme, withNavigation = true, leftOut = [] } = look;
  const options: axe.RunOptions = {
    // what passes is not asked for: describing it takes axe longer than finding it
    resultTypes: ["violations"],
    preload: false,
    runOnly: scheme === "light" ? { type: "rule", values: rulesOfColour } : { type: "tag", values: levels },
    rules: Object.fromEntries(leftOut.map((rule) => [rule, { enabled: false }])),
  };
  const context = withNavigation ? {} : { exclude: ["nav[aria-label='Main']"] };
  const violations = await page.evaluate(
    async ([within, asked]) => {
      const { axe: run } = globalThis as unknown as { axe: typeof axe }; // as: put there above
      const found = await run.run({ include: [document.documentElement], ...within }, asked);
      return found.violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary ?? ""}`),
      }));
    },
    [context, options] as const,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${look.name}, ${scheme}: ${id} at ${node}`));
}
