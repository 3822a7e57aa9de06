/** A machine with more disks and interfaces from the start, and with security groups that are changed afterwards. */
import { expect, test } from "@playwright/test";
import { makeObject } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

test("a machine is made with an empty disk, a second interface and a group, and gets another group", async ({
  page,
}) => {
  for (const name of ["let-web-in", "let-ssh-in"])
    await makeObject("security-group", "", name, { spec: { ingressRules: [], egressRules: [] } });
  await signIn(page, "operator");
  await page.goto("/projects/web-shop/create-vm");
  await page.getByLabel(/^Name/).fill("networked");
  await page.getByRole("radio", { name: /^Empty disk/ }).check();
  await page.getByLabel(/^Disk size/).fill("1");
  await page.getByRole("button", { name: "Add an empty disk" }).click();
  await page.getByLabel(/^Size of empty disk 1/).fill("2");
  await page.getByRole("button", { name: "Add an interface" }).click();
  const attachment = page.getByRole("combobox", { name: "Network attachment" });
  await attachment.fill("back");
  await page.getByRole("option", { name: "backup" }).click();
  await page.getByRole("button", { name: "Add a security group" }).click();
  const groups = page.getByRole("combobox", { name: "Security group" });
  await groups.fill("no-such");
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: "Start the machine at once" }).uncheck();
  await page.getByRole("button", { name: "Create VM" }).click();
  // refused at its field, and nothing else that was entered is lost
  await expect(page.locator('[data-field="nic.securityGroups"]')).toContainText("no-such");
  await expect(attachment).toHaveValue("backup");
  await groups.fill("let-web");
  await page.getByRole("option", { name: "let-web-in" }).click();
  await page.getByRole("button", { name: "Create VM" }).click();
  await expect(page).toHaveURL(/\/vms\/networked/);

  await page.goto("/projects/web-shop/vms/networked/network");
  await expect(page.getByRole("row").filter({ hasText: "backup" })).toBeVisible();
  await page.goto("/projects/web-shop/vms/networked/disks");
  await expect(page.getByText("networked-data-1").first()).toBeVisible();

  await page.goto("/projects/web-shop/vms/networked/settings");
  await page.getByRole("button", { name: "Add a security group" }).click();
  await page.getByRole("combobox", { name: "Security group" }).last().fill("let-ssh-in");
  await page.keyboard.press("Escape");
  await expect(page.getByText("let-web-in, let-ssh-in").first()).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(/Saved/).first()).toBeVisible();
  await page.goto("/platform/security-groups/let-ssh-in");
  await page.getByRole("link", { name: "networked" }).click();
  await expect(page).toHaveURL(/\/projects\/web-shop\/vms\/networked/);
});
