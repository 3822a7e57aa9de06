/**
 * Pages whose reads fail or whose part of the cluster is not installed. The console's answer is exchanged on its way to the
 * browser: the embedded cluster has every part, and a picture needs no more than what the page is told.
 */
import type { Page, Route } from "@playwright/test";
import type { PageState } from "../tests/pages.ts";

interface BrokenState extends PageState {
  /** Part of the address of what is answered otherwise. */
  api: RegExp;
  answer: (route: Route) => Promise<void>;
}

const refused = (status: number, error: object) => async (route: Route) =>
  route.fulfill({ status, json: { error: { requestId: "0b2f6f0e-6a51-4c0e-9d2b-5b7d9b1f2c11", ...error } } });

const failing = refused(502, {
  code: "upstream-error",
  upstream: {
    status: 500,
    message: "Internal error occurred: etcdserver: request timed out, possibly due to connection lost",
  },
});
const forbidden = refused(403, { code: "forbidden" });

/** The list as it is when the kind's API is not served. */
const absent = (resource: string) => async (route: Route) => {
  const reply = (await (await route.fetch()).json()) as object; // as: any list's reply
  await route.fulfill({
    json: {
      ...reply,
      rows: [],
      total: 0,
      totalUnfiltered: 0,
      facets: {},
      warnings: [{ reason: { code: "feed-absent", params: { resource } } }],
    },
  });
};

const user = "operator";
export const brokenPages: readonly BrokenState[] = [
  {
    name: "failed-vms",
    user,
    path: "/platform/vms",
    done: /could not be loaded/,
    api: /\/api\/vms(\?|$)/,
    answer: failing,
  },
  {
    name: "failed-vm",
    user,
    path: "/projects/web-shop/vms/shop-db-1",
    done: /could not be loaded/,
    api: /\/api\/.*shop-db-1/,
    answer: failing,
  },
  {
    name: "failed-overview",
    user,
    path: "/platform/overview",
    done: /could not/,
    api: /\/api\/.*(overview|capacity)/,
    answer: failing,
  },
  {
    name: "failed-project",
    user,
    path: "/projects/web-shop",
    done: /could not/,
    api: /\/api\/projects\/web-shop$/,
    answer: failing,
  },
  {
    name: "forbidden-hosts",
    user,
    path: "/platform/hosts",
    done: /could not be loaded|may not/,
    api: /\/api\/hosts(\?|$)/,
    answer: forbidden,
  },
  {
    name: "absent-disks",
    user,
    path: "/platform/disks",
    done: /does not serve/,
    api: /\/api\/disks(\?|$)/,
    answer: absent("datavolumes.cdi.kubevirt.io"),
  },
  {
    name: "absent-subnets",
    user,
    path: "/platform/subnets",
    done: /does not serve/,
    api: /\/api\/(subnets|objects\/subnet)(\?|$)/,
    answer: absent("subnets.kubeovn.io"),
  },
];

/**
 * Runs `look` on `page`, or for a broken state on a page of its own whose answers are exchanged; its live feed stays silent,
 * because it would bring the whole list again.
 */
export async function whileBroken(
  page: Page,
  state: PageState,
  look: (page: Page, broken: boolean) => Promise<void>,
): Promise<void> {
  const broken = brokenPages.find(({ name }) => name === state.name);
  if (broken === undefined) return look(page, false);
  const other = await page.context().newPage();
  await other.routeWebSocket("**/api/live", () => undefined);
  await other.route(broken.api, broken.answer);
  try {
    await look(other, true);
  } finally {
    await other.close();
  }
}
