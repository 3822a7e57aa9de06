/** Forms and what is typed in them: nothing is lost to others' changes, to leaving the page, or to a line that is removed. */
import { expect, type Page, test } from "@playwright/test";
import { changeObject, makeObject, pathOf, removeObject } from "./cluster-objects.ts";
import { signIn } from "./sign-in.ts";

/** Leaves for another page and comes back, as a person does: by links, without loading the page anew. */
async function awayAndBack(page: Page): Promise<void> {
  const { pathname } = new URL(page.url());
  await page.getByRole("navigation").first().getByRole("link", { name: "Images" }).first().click();
  await expect(page).not.toHaveURL(new RegExp(`${pathname}$`));
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(pathname));
}

const machine = "/apis/kubevirt.io/v1/namespaces/web-shop/virtualmachines/shop-staging";
const settings = "/projects/web-shop/vms/shop-staging/settings";

test("labels of a machine are typed, survive leaving, and are stored over what others wrote", async ({
  page,
}) => {
  await signIn(page, "alice");
  await page.goto(settings);
  const labels = page.locator('[data-field="labels"]');
  await labels.getByRole("button", { name: "Add a label" }).click();
  await labels.getByLabel("Label", { exact: true }).last().pressSequentially("tier");
  await labels.getByLabel("Value").last().pressSequentially("front");
  await expect(labels.getByLabel("Label", { exact: true }).last()).toHaveValue("tier");
  await awayAndBack(page);
  await expect(labels.getByLabel("Value").last()).toHaveValue("front");
  await changeObject(machine, { metadata: { annotations: { "example.com/touched": "by a controller" } } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(/Saved/).first()).toBeVisible();
  await page.reload();
  await expect(labels.getByLabel("Label", { exact: true }).last()).toHaveValue("tier");
  await expect(page.getByRole("button", { name: "Discard changes" })).toHaveAccessibleDescription(
    /Nothing was changed/,
  );
});

test("a setting that two people change is told with both values, and the person chooses", async ({
  page,
}) => {
  await signIn(page, "alice");
  await page.goto(settings);
  await page.getByLabel(/^Host name/).fill("mine");
  await changeObject(machine, { spec: { template: { spec: { hostname: "theirs" } } } });
  await page.getByLabel(/^Description/).fill("also mine");
  const told = page.getByRole("alert").filter({ hasText: "Somebody else changed the same" });
  await expect(told).toContainText("theirs");
  await expect(told).toContainText("mine");
  await told.getByRole("button", { name: "Keep mine: Host name" }).click();
  await expect(told).toBeHidden();
  await expect(page.getByLabel(/^Host name/)).toHaveValue("mine");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(/Saved/).first()).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(/^Host name/)).toHaveValue("mine");
  await expect(page.getByLabel(/^Description/)).toHaveValue("also mine");
});

test("what another person wrote is taken over, and a setting typed back is no change", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto(settings);
  const host = page.getByLabel(/^Host name/);
  const discard = page.getByRole("button", { name: "Discard changes" });
  const before = await host.inputValue();
  await host.fill("typed");
  await expect(discard).toHaveAccessibleDescription("");
  await host.fill(before);
  await expect(discard).toHaveAccessibleDescription(/Nothing was changed/);
  await host.fill("mine-again");
  await changeObject(machine, { spec: { template: { spec: { hostname: "theirs-again" } } } });
  const told = page.getByRole("alert").filter({ hasText: "Somebody else changed the same" });
  await page.getByLabel(/^Description/).fill("asks once more");
  await expect(told).toContainText("theirs-again");
  await told.getByRole("button", { name: "Take what is stored: Host name" }).click();
  await expect(told).toBeHidden();
  await expect(host).toHaveValue("theirs-again");
  await discard.click();
  await expect(discard).toHaveAccessibleDescription(/Nothing was changed/);
});

test("an object's page changes by itself, and its form keeps what both sides changed", async ({ page }) => {
  await makeObject("subnet", "", "forms-net", {
    spec: { protocol: "IPv4", cidrBlock: "10.93.0.0/24", gateway: "10.93.0.1", gatewayType: "distributed" },
  });
  const subnet = pathOf("subnet", "", "forms-net");
  await signIn(page, "operator");
  await page.goto("/platform/subnets/forms-net");
  await expect(page.getByRole("heading", { level: 1, name: "forms-net" })).toBeVisible();
  await expect(page.getByText("10.93.0.77")).toHaveCount(0);
  await changeObject(subnet, { spec: { excludeIps: ["10.93.0.1", "10.93.0.77"] } });
  await expect(page.getByText("10.93.0.77").first()).toBeVisible();

  await page.goto("/platform/subnets/forms-net/edit");
  const excluded = page.getByLabel(/^Excluded addresses/);
  await excluded.fill("10.93.0.77\n10.93.0.78");
  await changeObject(subnet, { spec: { excludeIps: ["10.93.0.1", "10.93.0.99"], private: true } });
  await page.getByRole("button", { name: "Save changes" }).click();
  const told = page.getByRole("alert").filter({ hasText: "Somebody else changed the same" });
  await expect(told).toContainText("10.93.0.99");
  await expect(told).toContainText("10.93.0.77, 10.93.0.78");
  await expect(excluded).toHaveValue("10.93.0.77\n10.93.0.78");
  await told.getByRole("button", { name: /^Take what is stored/ }).click();
  await expect(excluded).toHaveValue("10.93.0.99");
  await excluded.fill("10.93.0.99\n10.93.0.78");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page).toHaveURL(/\/platform\/subnets\/forms-net$/);
  await expect(page.getByText("10.93.0.78").first()).toBeVisible();
  await page.goto("/platform/subnets/forms-net/edit");
  await expect(page.getByRole("checkbox", { name: /^Private/ })).toBeChecked();
  await removeObject(subnet);
});

test("an image that two people name is told with both names, in its dialog", async ({ page }) => {
  const image = "/apis/cdi.kubevirt.io/v1beta1/namespaces/shared-images/datasources/rescue";
  const preference = "instancetype.kubevirt.io/default-preference";
  const name = "console.kubev.io/display-name";
  await signIn(page, "operator");
  await page.goto("/projects/shared-images/images");
  await page.getByRole("button", { name: "Actions for rescue" }).click();
  await page.getByRole("menuitem", { name: /^Edit/ }).click();
  const dialog = page.getByRole("dialog", { name: "Edit rescue" });
  const shownAs = dialog.getByLabel(/^Shown as/);
  const before = await shownAs.inputValue();
  await shownAs.fill("Mine");
  await changeObject(image, {
    metadata: { annotations: { [name]: "Theirs" }, labels: { [preference]: "linux" } },
  });
  await dialog.getByRole("button", { name: "Save image" }).click();
  const told = dialog.getByRole("alert").filter({ hasText: "Somebody else changed the same" });
  await expect(told).toContainText("Theirs");
  await expect(told).toContainText("Mine");
  await told.getByRole("button", { name: "Keep mine: Shown as" }).click();
  await expect(told).toBeHidden();
  await dialog.getByRole("button", { name: "Save image" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Mine", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Actions for rescue" }).click();
  await page.getByRole("menuitem", { name: /^Edit/ }).click();
  await expect(dialog.getByRole("combobox", { name: /^Preference/ })).toHaveValue("Linux");
  await changeObject(image, {
    metadata: { annotations: { [name]: before || null }, labels: { [preference]: null } },
  });
});

test("a removed line takes its own text with it, and the focus goes on", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/projects/web-shop/create/egress-gateways");
  const subnets = page.getByLabel(/^Subnets/);
  await subnets.first().fill("net-a");
  await page.getByRole("button", { name: "Add a rule" }).click();
  await subnets.last().fill("net-b");
  await page.getByRole("button", { name: "Remove rule net-a" }).click();
  await expect(subnets).toHaveCount(1);
  await expect(subnets).toHaveValue("net-b");
  await expect(page.getByRole("button", { name: "Remove rule net-b" })).toBeFocused();
  await subnets.press("End");
  await subnets.pressSequentially("2");
  await expect(page.getByRole("button", { name: "Remove rule net-b2" })).toBeVisible();
  await page.getByRole("button", { name: "Remove rule net-b2" }).click();
  await expect(page.getByRole("button", { name: "Add a rule" })).toBeFocused();
});

test("YAML and new things that are being written survive leaving the page", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/vms/shop-staging/yaml");
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("# mine\n");
  await awayAndBack(page);
  await expect(page.locator(".cm-content")).toContainText("# mine");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect(page.locator(".cm-content")).not.toContainText("# mine");
  await page.goto("/projects/web-shop/create-disk");
  await page.getByLabel("Name", { exact: true }).fill("half-typed");
  await awayAndBack(page);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("half-typed");
  await page.getByRole("button", { name: "Discard what was entered" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("");
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("");
});

test("the preview's tabs go by arrow keys and name their panel", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/create-disk");
  await page.getByRole("tab", { name: "Summary" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "YAML" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("tabpanel", { name: "YAML" })).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tabpanel", { name: "Commands" })).toBeVisible();
  await test.step("a field that is left tells what is wrong in it, one that is empty does not", async () => {
    await page.goto("/projects/web-shop/create-vm");
    await page.getByRole("textbox", { name: "Name", exact: true }).focus();
    const labels = page.getByRole("textbox", { name: /^Labels/ });
    await labels.fill("not a label");
    await expect(labels).not.toHaveAttribute("aria-invalid", "true");
    await labels.blur();
    await expect(page.getByText("Write each label as key=value.")).toBeVisible();
    await expect(labels).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByText("Give the machine a name.", { exact: true })).toBeHidden();
  });
});

test("the filter by person follows Back", async ({ page }) => {
  await signIn(page, "alice");
  await page.goto("/projects/web-shop/activity?user=alice");
  const by = page.getByLabel("By");
  await by.fill("somebody");
  await expect(page).toHaveURL(/user=somebody/);
  await page.evaluate(() => history.replaceState(history.state, "", "?user=bob"));
  await page.evaluate(() => dispatchEvent(new PopStateEvent("popstate")));
  await expect(by).toHaveValue("bob");
  await by.fill("carol");
  await expect(page).toHaveURL(/user=carol/);
});

test("what is typed before the palette is there stands in its field, and goes to no guest", async ({
  page,
}) => {
  await signIn(page, "operator");
  const machine = "/projects/web-shop/vms/shop-web-1";
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route(/\/Palette-[\w-]+\.js$/, async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto(machine);
  await expect(page.getByRole("heading", { name: "shop-web-1" })).toBeVisible();
  const asked = page.waitForRequest(/\/Palette-/);
  await page.keyboard.press("Control+k");
  await asked;
  await page.keyboard.type("gives this up");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("hosts", { delay: 60 });
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(machine);
  arrive();
  const field = page.getByRole("combobox", { name: /^Search everything/ });
  await expect(field).toHaveValue("host");
  await expect(field).toBeFocused();
  await page.keyboard.type("-3");
  await expect(field).toHaveValue("host-3");
  await page.keyboard.press("Escape");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/serial$/);
});

test("a search and a count that fail say so", async ({ page }) => {
  await signIn(page, "operator");
  await page.route(/\/api\/search/, async (route) => route.fulfill({ status: 500, body: "" }));
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /^Search everything/ }).fill("zzzz-nothing");
  await expect(page.getByText(/^The search failed/)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.route(/\/deletion$/, async (route) => route.fulfill({ status: 500, body: "" }));
  await page.goto("/projects/web-shop");
  await page
    .getByRole("main")
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(
    page
      .getByRole("alertdialog")
      .or(page.getByRole("dialog"))
      .getByText("What goes with it could not be counted.")
      .first(),
  ).toBeVisible();
});

test("keys pressed alone can be turned off, and stay off", async ({ page }) => {
  await signIn(page, "bob");
  await expect(page).toHaveURL(/\/projects\/./); // the home page has led on
  await page.getByRole("main").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /your menu$/ }).click();
  const kept = page.waitForResponse((response) => response.request().method() === "PUT" && response.ok());
  await page.getByRole("menuitemradio", { name: "Do nothing" }).click();
  await kept;
  await page.reload();
  await expect(page.getByRole("navigation").first()).toBeVisible();
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: /^Search everything/ })).toBeVisible();
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toHaveCount(0);
});
