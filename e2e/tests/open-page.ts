/** Going to a page as the app itself goes, and knowing when it is all there. */
import type { Page } from "@playwright/test";
import type { PageState } from "./pages.ts";

/** A first visit loads the page's own scripts too, on a machine that runs two browsers and a cluster. */
const settledWithinMs = 30_000;

interface Router {
  history: { push: (path: string) => void; location: { href: string } };
  state: { status: "pending" | "idle"; resolvedLocation?: { href: string } };
}

type Global = { __TSR_ROUTER__: Router };

/**
 * Goes to `path` within the open app, a tenth of the time of loading the document anew; returns once the page there has
 * replaced the last one.
 */
export async function visit(page: Page, path: string): Promise<void> {
  // as, here and below: TanStack Router leaves itself there for its own tools
  await page.evaluate((to) => (globalThis as unknown as Global)["__TSR_ROUTER__"].history.push(to), path);
  await page.waitForFunction(() => {
    const { state, history } = (globalThis as unknown as Global)["__TSR_ROUTER__"];
    return state.status === "idle" && state.resolvedLocation?.href === history.location.href;
  });
}

/** Waits until the open page is done: what marks it is there, and nothing of it still loads. */
export async function settled(page: Page, { done }: Pick<PageState, "done">): Promise<void> {
  const marker = page.getByRole("main").getByText(done).filter({ visible: true });
  await marker.first().waitFor({ state: "visible", timeout: settledWithinMs });
  await page
    .getByRole("status", { name: /^Loading/ })
    .first()
    .waitFor({ state: "detached", timeout: settledWithinMs });
}

/**
 * Waits until what was changed last is painted: colours of a new scheme reach deep trees a frame later than the root, and buttons change
 * theirs within a tenth of a second, by way of greys.
 */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
    });
    const changes = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(changes.map(async ({ finished }) => finished));
  });
}

/** Loads the document anew at the page and waits until it is done. */
export async function open(page: Page, state: PageState): Promise<void> {
  await page.goto(state.path);
  await settled(page, state);
}
