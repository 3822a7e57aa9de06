/** The console's server is killed under open pages and started again: they go on by themselves, and nobody signs in anew. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { freePort } from "../../apps/bff/test/free-port.ts";
import { type ServerProcess, startServerProcess } from "../../apps/bff/test/server-process.ts";
import { makeAt, removeObject } from "./cluster-objects.ts";
import { consoleKubeconfig, tokenOf } from "./embedded-cluster.ts";

const project = "web-shop";
const machine = "under-the-kill";
const machines = `/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines`;
const disk = "after-the-kill";
const claims = `/api/v1/namespaces/${project}/persistentvolumeclaims`;

const indicator = (page: Page, word: string) => page.getByRole("button", { name: new RegExp(`^${word}\\.`) });
const connected = (page: Page) => page.getByText("Connected", { exact: true });

/** How many consoles a page has opened so far of which something came. */
function opened(page: Page): () => number {
  let count = 0;
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).pathname === "/api/console")
      socket.once("framereceived", () => {
        count += 1;
      });
  });
  return () => count;
}

const dataDir = mkdtempSync(join(tmpdir(), "kubev-e2e-killed-"));
let server: ServerProcess | null = null;
test.afterAll(async () => {
  await server?.kill();
  await removeObject(`${machines}/${machine}`);
  await removeObject(`${claims}/${disk}`);
  rmSync(dataDir, { recursive: true, force: true });
});

test("killed and started again: an open list, a screen and a serial port go on by themselves", async ({
  page: list,
  context,
}) => {
  test.slow(); // the server starts twice
  await makeAt(machines, {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name: machine, namespace: project },
    spec: {
      runStrategy: "Always",
      template: { spec: { domain: { devices: {}, memory: { guest: "64Mi" } }, volumes: [] } },
    },
  });
  const env = {
    KUBECONFIG_FILE: consoleKubeconfig,
    DATA_DIR: dataDir,
    WEB_DIR: join(import.meta.dirname, "../../apps/web/dist"),
    SIGN_IN_MODES: "token",
    LOG_LEVEL: "info",
    PORT: String(await freePort()),
  };
  const bundle = join(import.meta.dirname, "../../apps/bff/dist/server.js");
  server = await startServerProcess(env, bundle);
  const { url } = server;
  const ready = async () => expect(async () => expect((await fetch(`${url}/readyz`)).ok).toBe(true)).toPass();
  await ready();
  await list.goto(url);
  await list.getByLabel("Token").fill(tokenOf("alice"));
  await list.getByRole("button", { name: "Sign in with the token" }).click();
  await expect(list.getByRole("navigation").first()).toBeVisible();
  await list.goto(`${url}/projects/${project}/disks?q=name:${disk}`);
  await expect(indicator(list, "Live")).toBeVisible();

  const consoles: { page: Page; count: () => number }[] = [];
  for (const kind of ["serial", "console"]) {
    const page = await context.newPage();
    const count = opened(page);
    await page.goto(`${url}/projects/${project}/vms/${machine}/${kind}`);
    await expect(connected(page)).toBeVisible({ timeout: 30_000 });
    consoles.push({ page, count });
  }
  const pages = [list, ...consoles.map(({ page }) => page)];
  const places = pages.map((page) => page.url());
  const visited: string[] = [];
  for (const page of pages) page.on("framenavigated", (frame) => visited.push(new URL(frame.url()).pathname));
  const before = consoles.map(({ count }) => count());

  await server.kill();
  await expect(indicator(list, "Not live")).toBeVisible();
  for (const { page } of consoles) await expect(connected(page)).toBeHidden();
  await makeAt(claims, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: disk, namespace: project },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "64Mi" } } },
  });
  server = await startServerProcess(env, bundle);
  await expect(list.getByRole("row", { name: new RegExp(disk) })).toBeVisible({ timeout: 30_000 });
  await expect(indicator(list, "Live")).toBeVisible();
  for (const [at, { page, count }] of consoles.entries()) {
    await expect(connected(page)).toBeVisible({ timeout: 30_000 });
    // a serial port may have nothing to say; a screen always has
    if (at === 1) await expect.poll(count).toBeGreaterThan(before[at] ?? 0);
  }
  expect(pages.map((page) => page.url())).toEqual(places);
  expect(visited).not.toContain("/sign-in");
});
