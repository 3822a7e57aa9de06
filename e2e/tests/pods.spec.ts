/** What containers write is followed live and as text alone; commands run in them, and say how they ended. */
import { expect, type Page, test } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { watch } from "./browser-watch.ts";
import { changeObject, makeAt, pathOf, readItems } from "./cluster-objects.ts";
import { painted } from "./open-page.ts";
import { signIn } from "./sign-in.ts";

const project = "web-shop";
const pods = `/api/v1/namespaces/${project}/pods`;

async function runPod(page: Page, name: string): Promise<string> {
  await makeAt(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: project },
    spec: {
      containers: [
        { name: "web", image: "x", resources: { requests: { cpu: "1m", memory: "1Mi" } } },
        { name: "beside", image: "x", resources: { requests: { cpu: "1m", memory: "1Mi" } } },
      ],
    },
  });
  await page.goto(`/projects/${project}/pods/${name}`);
  await expect(page.getByText("Running").first()).toBeVisible();
  const items = (await readItems(pods)) as { metadata: { name: string; uid: string } }[]; // pods of the API
  return items.find(({ metadata }) => metadata.name === name)?.metadata.uid ?? "";
}

async function look(page: Page, name: string): Promise<string[]> {
  const findings: string[] = [];
  for (const scheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["theme"])).toBe(scheme);
    await painted(page);
    findings.push(...(await seriousFindings(page, { name, scheme, withNavigation: false })));
  }
  return findings;
}

let said = 0;
async function write(name: string, uid: string, message: string): Promise<void> {
  said += 1;
  await makeAt(`/api/v1/namespaces/${project}/events`, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}-${said}`, namespace: project },
    involvedObject: { kind: "Pod", namespace: project, name, uid },
    reason: "Said",
    message,
    type: "Normal",
    lastTimestamp: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  });
}

test("a log is followed, held, searched and kept; what it holds stays text; its restart is said", async ({
  page,
}) => {
  const watched = watch(page);
  await signIn(page, "alice");
  const name = "writes-a-log";
  const uid = await runPod(page, name);
  await page.getByRole("link", { name: "Logs" }).click();
  const log = page.getByTestId("pod-log");
  await expect(log).toContainText("no program runs in container web");
  await expect(page.getByText("Following")).toBeVisible();

  await write(name, uid, "\u001b[31mred\u001b[0m <img src=x onerror=alert(1)> \u202eturned");
  await expect(log).toContainText("Said: red <img src=x onerror=alert(1)> ‹U+202E›turned");

  await page.getByRole("button", { name: "Pause" }).click();
  await write(name, uid, "while held");
  await page.getByRole("button", { name: "Go on (1 new line)" }).click();
  await expect(log).toContainText("Said: while held");

  await page.getByRole("searchbox", { name: "Search the log" }).fill("SAID");
  await expect(page.getByText("2 lines")).toBeVisible();
  await expect(log.locator("mark").first()).toHaveText("Said");
  expect(await look(page, "a log")).toEqual([]);
  await page.getByRole("button", { name: "Next match" }).click();

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  expect((await download).suggestedFilename()).toBe(`${name}-web.log`);

  const running = { name: "web", image: "x", imageID: "", ready: true, restartCount: 1 };
  await changeObject(`${pathOf("pod", project, name)}/status`, {
    status: {
      containerStatuses: [{ ...running, state: { running: { startedAt: "2026-11-22T10:00:00Z" } } }],
    },
  });
  await page.getByRole("button", { name: /^Go on/ }).click();
  await expect(log).toContainText("The container began again; this is restart 1.");
  expect(watched.broken).toEqual([]);
});

test("a shell takes what is typed and says its exit code; the activity has it", async ({ page }) => {
  const watched = watch(page);
  await signIn(page, "alice");
  const name = "runs-a-shell";
  await runPod(page, name);
  await page.getByRole("link", { name: "Shell", exact: true }).click();
  await page.getByLabel("Container").selectOption("web");
  await page.getByRole("button", { name: "Open a shell" }).click();
  await expect(page.getByText("Connected")).toBeVisible();
  const screen = page.getByTestId("shell-screen");
  await expect(screen).toContainText("#");
  await page.keyboard.type("echo seen-$\n".replace("$", "here"));
  await expect(screen).toContainText(/seen-here[\s\S]*seen-here/);
  await page.keyboard.type("exit 3\n");
  await expect(page.getByText("The shell ended with exit code 3.")).toBeVisible();
  expect(await look(page, "a shell")).toEqual([]);
  const parts = page.getByRole("navigation", { name: "Parts of this pod" });
  await parts.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByText(/opened a shell in/)).toBeVisible();
  expect(watched.broken).toEqual([]);
});

test("a machine's pod warns before a shell", async ({ page }) => {
  await signIn(page, "alice");
  // of a machine that no other journey stops meanwhile
  await page.goto(`/projects/${project}/pods?q=virt-launcher-shop-db-1%20status:running`);
  await page
    .getByRole("link", { name: /^virt-launcher-/ })
    .first()
    .click();
  await page.getByRole("link", { name: "Shell", exact: true }).click();
  await expect(page.getByText(/This pod carries the machine .+ can stop or damage it/)).toBeVisible();
  expect(await look(page, "the warning of a shell")).toEqual([]);
  const open = page.getByRole("button", { name: /Open a shell/ });
  await expect(open).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("checkbox", { name: "I know, and mean this pod" }).check();
  await open.click();
  await expect(page.getByText("Connected")).toBeVisible();
});
