/** kubectl, unmodified, on the kubeconfig that the embedded cluster writes; the console shows what it does. */
import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import { kubeconfig } from "./embedded-cluster.ts";
import { kubectl } from "./kubectl.ts";
import { signIn } from "./sign-in.ts";

const manifest = `
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: from-kubectl, namespace: build-farm}
spec:
  runStrategy: Halted
  template:
    spec:
      domain:
        cpu: {cores: 1}
        memory: {guest: 64Mi}
        devices: {disks: [{name: root, disk: {bus: virtio}}]}
      volumes: [{name: root, containerDisk: {image: example.com/demo}}]
`;

test("applies, lists and deletes a machine that the console follows live", async ({ page }) => {
  test.skip(kubectl === undefined, "kubectl is not installed");
  const run = (args: string[], input = "") =>
    execFileSync(kubectl ?? "", ["--kubeconfig", kubeconfig, ...args], { input, encoding: "utf8" });
  await signIn(page, "bob");
  await page.goto("/projects/build-farm/vms?q=from-kubectl");
  expect(run(["apply", "-f", "-"], manifest)).toContain("virtualmachine.kubevirt.io/from-kubectl created");
  await expect(page.getByRole("row", { name: /from-kubectl/ }).getByText("Stopped")).toBeVisible();
  expect(run(["get", "vms", "-A"])).toMatch(/build-farm +from-kubectl +\S+ +Stopped +False/);
  expect(run(["get", "vm", "-n", "build-farm", "from-kubectl", "-o", "yaml"])).toContain(
    "runStrategy: Halted",
  );
  expect(run(["delete", "vm", "-n", "build-farm", "from-kubectl"])).toContain("deleted");
  await expect(page.getByRole("row", { name: /from-kubectl/ })).toHaveCount(0);
});
