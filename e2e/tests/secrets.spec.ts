/** SSH keys of a project from their making to a machine that names them, and a value that is shown only where it was asked for. */
import { expect, test } from "@playwright/test";
import { watch } from "./browser-watch.ts";
import { readItems } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

const project = "web-shop";
/** As ssh-keygen writes it; of no private key. */
const key = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from("ssh-ed25519"),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 9),
]).toString("base64")} ann@journey`;

test("a key is made, given to a machine, shown when asked for, and deleted with its use in view", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const { broken } = watch(page);
  await signIn(page, "alice");

  await page.goto(`/projects/${project}/secrets`);
  await page.getByRole("link", { name: "Create a secret" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("journey-keys");
  const keys = page.getByRole("textbox", { name: "Public keys" });
  await keys.fill("-----BEGIN OPENSSH PRIVATE KEY-----");
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(page.getByText(/private key/i).first()).toBeVisible();
  await keys.fill(key);
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(page.getByRole("heading", { name: "journey-keys" })).toBeVisible();

  // the value is in the page only after it was asked for, and not after it was hidden
  const value = page.getByText(key.split(" ")[1] ?? "");
  await expect(page.getByText(/SHA256:/).first()).toBeVisible();
  await expect(value).toHaveCount(0);
  await page.getByRole("button", { name: "Show journey-keys" }).click();
  await expect(value.first()).toBeVisible();
  await page.getByRole("button", { name: "Hide journey-keys" }).click();
  await expect(value).toHaveCount(0);

  await page.goto(`/projects/${project}/create-vm`);
  await page.getByLabel("Name", { exact: true }).fill("journey-keyed");
  await page.getByRole("combobox", { name: "Image" }).fill("kubev-demo");
  await page
    .getByRole("option", { name: /kubev-demo/ })
    .first()
    .click();
  await page.getByText("Your own size").click();
  await page.getByRole("textbox", { name: "vCPUs" }).fill("1");
  await page.getByRole("textbox", { name: "Memory" }).fill("1");
  await page.getByText("User and keys").click();
  await page.getByRole("checkbox", { name: /journey-keys/ }).check();
  await expect(page.getByText("It can be created", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Create VM" }).click();
  await expect(page.getByRole("heading", { name: "journey-keyed" })).toBeVisible();
  const machines = await readItems(`/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines`);
  const made = machines.find((one) => JSON.stringify(one).includes('"journey-keyed"'));
  expect(JSON.stringify(made)).toContain('"secretName":"journey-keys"');
  expect(JSON.stringify(made)).not.toContain(key.split(" ")[1]);

  await page.goto(`/projects/${project}/secrets/journey-keys`);
  await expect(page.getByRole("link", { name: "journey-keyed" })).toBeVisible();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  await expect(dialog.getByText(/used by machine journey-keyed/)).toBeVisible();
  await dialog.getByRole("button", { name: "Delete secret" }).click();
  await expect(page).toHaveURL(new RegExp(`/projects/${project}/secrets$`));
  await expect(page.getByRole("link", { name: "journey-keys" })).toHaveCount(0);
  expect(broken).toEqual([]);
});
