/** An operator's projects: one is made, found in its list and deleted with what is in it; and what they are to a passer-by. */
import { expect, test } from "@playwright/test";
import { makeAt, removeObject } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

test("a project is made, found and deleted", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "operator");
  await page.goto("/create-project");
  await page.getByLabel("Name", { exact: true }).fill("journey-project");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(/\/projects\/journey-project$/);
  await page.goto("/projects?q=name:journey-project");
  await page.getByRole("link", { name: "journey-project" }).click();
  await page
    .getByRole("main")
    .getByRole("button", { name: /^Delete/ })
    .click();
  const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  const verb = dialog.getByRole("button", { name: /^Delete project/ });
  await expect(verb).toBeDisabled();
  await dialog.getByRole("textbox").fill("journey-project");
  await verb.click();
  await page.goto("/projects?q=name:journey-project");
  await expect(page.getByText("Nothing matches this search")).toBeVisible();
});

test("who may only see that a project is there is not told that it has no machines and no quota", async ({
  page,
}) => {
  const name = "journey-passed-by";
  const rbac = "rbac.authorization.k8s.io";
  await makeAt("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const roles = `/apis/${rbac}/v1/namespaces/${name}`;
  const passerBy = { apiVersion: `${rbac}/v1`, metadata: { name: "passer-by", namespace: name } };
  await makeAt(`${roles}/roles`, {
    ...passerBy,
    kind: "Role",
    rules: [{ apiGroups: [""], resources: ["namespaces"], verbs: ["get"] }],
  });
  await makeAt(`${roles}/rolebindings`, {
    ...passerBy,
    kind: "RoleBinding",
    roleRef: { apiGroup: rbac, kind: "Role", name: "passer-by" },
    subjects: [{ kind: "User", apiGroup: rbac, name: "viewer" }],
  });
  await signIn(page, "viewer");
  const main = page.getByRole("main");
  await expect(async () => {
    await page.goto(`/projects/${name}`);
    await expect(main.getByRole("heading", { name, exact: true })).toBeVisible({ timeout: 3000 });
  }).toPass();
  await expect(main.getByText("You may not see the machines of this project.")).toBeVisible();
  await expect(main.getByText("You may not see the quota of this project.")).toBeVisible();
  await expect(main.getByText(/no machines yet|No quota is set/)).toHaveCount(0);
  await page.goto(`/projects?q=name:${name}`);
  // machines, running, in need of attention, nearest limit
  await expect(main.getByRole("row").filter({ hasText: name }).getByText("–", { exact: true })).toHaveCount(
    4,
  );
  await removeObject(`/api/v1/namespaces/${name}`);
});
