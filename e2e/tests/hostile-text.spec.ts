/** Names, labels, annotations, events and what a guest says of itself that try to be script, a link or a page: text wherever they show. */
import { expect, type Page, test } from "@playwright/test";
import { watch } from "./browser-watch.ts";
import { makeAt } from "./cluster-objects.ts";
import { visit } from "./open-page.ts";
import { signIn } from "./sign-in.ts";

const project = "hostile-text";
/** Closes whatever it may stand in, then tries each way to run. */
const polyglot =
  "jaVasCript:alert(1)//'\"></title></textarea></script><img src=x onerror=alert(2)><svg onload=alert(3)><a href='javascript:alert(4)'>press</a>{{4*4}}${alert(5)}";
const link = "javascript:alert(document.cookie)";
const pieces = ["onerror=alert(2)", "javascript:alert"];

const texts = { "console.kubev.io/display-name": polyglot, "console.kubev.io/description": polyglot };
const meta = (name: string, more: object = {}) => ({ name, namespace: project, annotations: texts, ...more });

async function seed(): Promise<void> {
  await makeAt("/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: project,
      labels: { "console.kubev.io/project": "true" },
      annotations: { ...texts, "openshift.io/display-name": polyglot, "field.cattle.io/link": link },
    },
  });
  const core = `/api/v1/namespaces/${project}`;
  await makeAt(`${core}/configmaps`, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: meta("texts"),
    data: { "index.html": polyglot, link },
  });
  await makeAt(`/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines`, {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: meta("texts", { annotations: { ...texts, "link.argocd.argoproj.io/external-link": link } }),
    spec: {
      runStrategy: "Halted",
      template: {
        metadata: { annotations: texts },
        spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] },
      },
    },
  });
  await makeAt(`${core}/events`, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "texts", namespace: project },
    involvedObject: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      name: "texts",
      namespace: project,
    },
    type: "Warning",
    reason: "<img/src=x>",
    message: polyglot,
    source: { component: polyglot.slice(0, 60) },
    firstTimestamp: new Date().toISOString(),
    lastTimestamp: new Date().toISOString(),
    count: 1,
  });
}

const at = `/projects/${project}`;
/** Whether the texts show there. */
const pages: [path: string, shows: boolean][] = [
  ["/projects", true],
  [at, true],
  [`${at}/vms`, false],
  [`${at}/vms/texts`, true],
  [`${at}/vms/texts/events`, true],
  [`${at}/vms/texts/yaml`, true],
  [`${at}/vms/texts/settings`, true],
  [`${at}/config-maps/texts`, true],
  [`${at}/edit`, true],
];
/** Not within the open app. */
const doors: [path: string, shows: boolean][] = [
  [`${at}/vms?q=${encodeURIComponent(polyglot)}`, true],
  [`/sign-in?refused=${encodeURIComponent(polyglot)}&returnTo=${encodeURIComponent(link)}`, false],
  [`/no-such-page/${encodeURIComponent("<img src=x onerror=alert(1)>")}`, false],
];

/** What the page says, in its fields too. */
async function saidOn(page: Page): Promise<string> {
  return page.evaluate(() =>
    [
      document.body.textContent,
      ...[...document.querySelectorAll("input, textarea")].map((one) => (one as HTMLInputElement).value), // as: the selector's
    ].join("\n"),
  );
}

/** Elements and addresses on the page that only the texts could have made. */
async function made(page: Page): Promise<string[]> {
  return page.evaluate(() => [
    ...[...document.querySelectorAll("[onerror], [onload], script:not([src])")].map((one) => one.outerHTML),
    ...[...document.querySelectorAll("[href], [src], [action]")]
      .map((one) => one.getAttribute("href") ?? one.getAttribute("src") ?? one.getAttribute("action") ?? "")
      .filter((address) => !/^(?:https?:|\/|#|\.|blob:|data:image\/|\?)/.test(address) && address !== ""),
  ]);
}

test("hostile texts are text on every page that shows them (CVE-2024-28175, CVE-2025-47933, CVE-2026-45738)", async ({
  page,
}) => {
  test.setTimeout(90_000);
  const { broken } = watch(page);
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await seed();
  await signIn(page, "operator");
  for (const [index, [path, shows]] of [...pages, ...doors].entries()) {
    if (index === 0 || index >= pages.length) await page.goto(path);
    else await visit(page, path);
    await expect(page.getByRole("heading").first()).toBeVisible();
    if (shows)
      await expect
        .poll(
          async () => {
            const said = await saidOn(page);
            return pieces.some((piece) => said.includes(piece));
          },
          { message: path },
        )
        .toBe(true);
    expect([path, await made(page)]).toEqual([path, []]);
  }
  expect(dialogs).toEqual([]);
  expect(broken).toEqual([]);
});
