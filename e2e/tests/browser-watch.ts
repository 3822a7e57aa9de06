/** What goes on beside a page while it is walked over: broken content policies, errors of scripts, credentials that reach the browser. */
import type { Page } from "@playwright/test";

const jwt = /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./;

export interface BrowserWatch {
  /** Violations of the content policy and errors no script caught, as lines. */
  broken: readonly string[];
  /** API answers that hold a token, every store that does, and every cookie that scripts can read. */
  credentials: () => Promise<string[]>;
  /** How many API answers were read. */
  answers: () => number;
}

/** Watches `page` from now on. */
export function watch(page: Page): BrowserWatch {
  const broken: string[] = [];
  const reading: Promise<string[]>[] = [];
  page.on("console", (message) => {
    if (/content security policy|trusted type/i.test(message.text()))
      broken.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => broken.push(`${page.url()}: ${error.message}`));
  page.on("response", (response) => {
    if (!new URL(response.url()).pathname.startsWith("/api/")) return;
    reading.push(
      response.text().then(
        (text) => (jwt.test(text) ? [`answer of ${response.url()}`] : []),
        () => [], // left before it came
      ),
    );
  });
  return {
    broken,
    answers: () => reading.length,
    credentials: async () => {
      const stores = await page.evaluate(() =>
        JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
      );
      const cookies = await page.context().cookies();
      return [
        ...(await Promise.all(reading)).flat(),
        ...(jwt.test(stores) ? [`a store of the browser: ${stores}`] : []),
        ...cookies
          .filter(({ domain, httpOnly }) => domain === "127.0.0.1" && !httpOnly)
          .map(({ name }) => `cookie ${name}, which scripts can read`),
      ];
    },
  };
}
