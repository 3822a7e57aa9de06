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

/** Whatever runs of it is seen: dialogs, what the content policy stops, and errors. */
function watchAll(page: Page): { dialogs: readonly string[]; broken: readonly string[] } {
  const { broken } = watch(page);
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  return { dialogs, broken };
}

/** The open page shows the texts where it should, as nothing but text. */
async function isText(page: Page, path: string, shows: boolean): Promise<void> {
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

test("hostile texts are text on every page that shows them (CVE-2024-28175, CVE-2025-47933, CVE-2026-45738)", async ({
  page,
}) => {
  test.setTimeout(90_000);
  const { broken, dialogs } = watchAll(page);
  await seed();
  await signIn(page, "operator");
  for (const [index, [path, shows]] of [...pages, ...doors].entries()) {
    if (index === 0 || index >= pages.length) await page.goto(path);
    else await visit(page, path);
    await isText(page, path, shows);
  }
  expect(dialogs).toEqual([]);
  expect(broken).toEqual([]);
});

const guestProject = "hostile-guest";
/** With what turns the writing, steers a terminal or ends a line. */
const guestWord = `${polyglot}\u202e\u2066\u0007\u001b[31m\u0085\u2028end`;
/** Every kind of character that a label's name and value may have, at its ends too. */
const labels = {
  "a.b-c.example.org/x-Y_z.1": "A-b_c.9",
  "0": "",
  hasOwnProperty: "valueOf",
  constructor: "0",
  "x.y/toString": "true",
  ["k".repeat(63)]: `V${"_".repeat(61)}v`,
};

async function seedGuest(): Promise<void> {
  const at = `/namespaces/${guestProject}`;
  const metadata = { name: "says", namespace: guestProject, annotations: texts, labels };
  await makeAt("/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: guestProject, labels: { "console.kubev.io/project": "true" }, annotations: texts },
  });
  await makeAt(`/apis/kubevirt.io/v1${at}/virtualmachines`, {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata,
    spec: {
      runStrategy: "Always",
      template: {
        // what its agent says: id, which is its user too, name, version and kernel
        metadata: {
          labels,
          annotations: {
            ...texts,
            "kubesim.kubev.io/guest-os": [guestWord, guestWord, "1", guestWord].join(";"),
          },
        },
        spec: {
          domain: {
            devices: { interfaces: [{ name: "default", masquerade: {} }] },
            memory: { guest: "64Mi" },
          },
          networks: [{ name: "default", pod: {} }],
          volumes: [],
        },
      },
    },
  });
  await makeAt(`/api/v1${at}/persistentvolumeclaims`, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata,
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
  });
  await makeAt(`/apis/cdi.kubevirt.io/v1beta1${at}/datasources`, {
    apiVersion: "cdi.kubevirt.io/v1beta1",
    kind: "DataSource",
    metadata,
    spec: { source: { pvc: { name: "says", namespace: guestProject } } },
  });
}

/** What guests and hosts say of themselves beyond what the embedded cluster has them say: put into the answers. */
async function sayMore(page: Page): Promise<void> {
  const free = new Set([
    "hostname",
    "timezone",
    "mountPoint",
    "os",
    "kernel",
    "kubelet",
    "hardware",
    "hostModel",
    "cpuVendor",
    "runtime",
  ]);
  await page.route(/\/api\/(hosts|projects\/[^/]+\/vms\/says\/guest$)/, async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const response = await route.fetch();
    const told: unknown = JSON.parse(await response.text(), (key, value: unknown) => {
      if (key === "fileSystems")
        return [{ mountPoint: guestWord, type: guestWord, usedBytes: 1, totalBytes: 0 }];
      return free.has(key) && typeof value === "string" ? guestWord : value;
    });
    return route.fulfill({ response, json: told });
  });
}

test("what a running guest, hosts, images and disks say of themselves is text wherever it shows", async ({
  page,
}) => {
  test.setTimeout(150_000);
  const { broken, dialogs } = watchAll(page);
  await seedGuest();
  await sayMore(page);
  await signIn(page, "operator");
  const inProject = `/projects/${guestProject}`;
  await page.goto(`${inProject}/vms/says`);
  await expect(page.getByText("Agent: connected")).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText("Signed in")).toBeVisible();
  // whole, and not only as far as the first tag
  for (const heading of ["System", "Kernel", "Signed in"])
    await expect(page.getByText(heading, { exact: true }).locator("..")).toContainText("${alert(5)}");
  for (const [name, value] of Object.entries(labels))
    await expect(page.getByRole("main")).toContainText(value === "" ? name : value);
  // a change that the trail tells
  await page.getByRole("navigation").first().waitFor();
  const edited = await page.evaluate(
    async ({ path, was }) => {
      const answer = await fetch(path, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          displayName: "<img src=x onerror=alert(2)>",
          description: "<svg onload=alert(3)>javascript:alert(1)",
          was: { displayName: was, description: was },
        }),
      });
      return [answer.status, await answer.text()];
    },
    { path: `/api${inProject}`, was: polyglot },
  );
  expect(edited[0], String(edited[1])).toBe(200);
  const walked: [path: string, shows: boolean][] = [
    [`${inProject}/vms`, false],
    ["/platform/vms?q=says", false],
    [`${inProject}/vms/says/network`, false],
    [`${inProject}/vms/says/usage`, false],
    [`${inProject}/vms/says/dependencies`, false],
    [`${inProject}/activity`, true],
    ["/platform/activity", true],
    [`${inProject}/disks`, false],
    [`${inProject}/disks/says`, false],
    [`${inProject}/images`, true],
    [`${inProject}/images/says`, true],
    ["/platform/images", true],
    ["/platform/hosts", false],
    ["/platform/hosts/host-3", true],
    [`${inProject}/topology`, false],
  ];
  for (const [path, shows] of walked) {
    await visit(page, path);
    await isText(page, path, shows);
  }
  // the search over everything
  await page.keyboard.press("Control+k");
  await page.keyboard.type("says");
  await expect(page.getByRole("option").first()).toBeVisible();
  await isText(page, "search", false);
  expect(dialogs).toEqual([]);
  expect(broken).toEqual([]);
});
