/** Unmodified kubectls at the platform's side: hosts that are cordoned, tainted and drained, and streams into pods. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CURRENT_MINOR } from "./kubectls.ts";
import { deployment, describeKubectls, machine } from "./kubectl-cluster.ts";

describeKubectls("hosts and streams", (subject, minor) => {
  test("cordon, taint, uncordon", async () => {
    const { kubectl } = subject();
    expect(await kubectl.ok("cordon host-5")).toContain("node/host-5 cordoned");
    expect(await kubectl.ok("get node host-5 --no-headers")).toContain("Ready,SchedulingDisabled");
    expect(await kubectl.ok("taint node host-5 maintenance=yes:NoSchedule")).toContain("node/host-5 tainted");
    expect(await kubectl.ok("get node host-5 -o jsonpath={.spec.taints[*].key}")).toContain("maintenance");
    expect(await kubectl.ok("taint node host-5 maintenance-")).toContain("node/host-5 untainted");
    expect(await kubectl.ok("uncordon host-5")).toContain("node/host-5 uncordoned");
    expect(await kubectl.ok("get node host-5 -o jsonpath={.spec.taints}")).toBe("");
  });

  test("drain evicts pods, and a live machine moves elsewhere first", { timeout: 60_000 }, async () => {
    const { kubectl } = subject();
    await kubectl.ok(
      "apply -f -",
      machine("moves", { runStrategy: "Always" }).replace(
        "    spec:\n      domain",
        "    spec:\n      evictionStrategy: LiveMigrate\n      domain",
      ),
    );
    await kubectl.ok("wait --for=condition=Ready vm/moves --timeout=20s");
    await kubectl.ok("create -f -", deployment("evicted"));
    await kubectl.ok("rollout status deployment evicted --timeout=20s");
    const hostOf = () => kubectl.ok("get vmi moves -o jsonpath={.status.nodeName}");
    const host = await hostOf();
    const only = "--pod-selector=kubevirt.io/created-by,vm.kubevirt.io/name=moves";
    const flag = minor < 20 ? "--delete-local-data" : "--delete-emptydir-data";
    const drained = await kubectl.ok(
      `drain ${host} --ignore-daemonsets ${flag} --force ${only} --timeout=35s`,
    );
    expect(drained).toMatch(/evicting pod \S*virt-launcher-moves-[^]*(drained|host-\d evicted)/);
    expect(await hostOf()).not.toBe(host);
    await kubectl.ok(`drain ${await hostOf()} --ignore-daemonsets --force --pod-selector=app=evicted`);
    await kubectl.ok(`uncordon ${host}`);
    await kubectl.ok(`uncordon ${await hostOf()}`);
    expect(await kubectl.ok("rollout status deployment evicted --timeout=20s")).toContain("successfully");
    await kubectl.ok("delete deployment evicted");
  });

  test.skipIf(minor < CURRENT_MINOR)("exec opens a shell by WebSocket", async () => {
    const { kubectl } = subject();
    const pod = await kubectl.ok(
      "get pod -l vm.kubevirt.io/name=moves --field-selector status.phase=Running -o jsonpath={.items[0].metadata.name}",
    );
    const shell = kubectl.follow(`exec -i ${pod} -- sh`);
    shell.type("echo from inside\n");
    await shell.until(/from inside/);
    shell.type("exit\n");
    expect(await shell.ended).toBe(0);
    expect(await kubectl.refused(`exec ${pod} -- ls /`)).toContain(
      'exec: "ls": executable file not found in $PATH',
    );
    writeFileSync(join(kubectl.home, "file.txt"), "content");
    // tar is what cp runs
    expect(await kubectl.refused(`cp ${join(kubectl.home, "file.txt")} ${pod}:/tmp/file.txt`)).toContain(
      'exec: "tar"',
    );
  });

  test.skipIf(minor >= CURRENT_MINOR)("lacks: exec without SPDY, which is refused in words", async () => {
    const { kubectl } = subject();
    const pod = await kubectl.ok(
      "get pod -l vm.kubevirt.io/name=moves --field-selector status.phase=Running -o jsonpath={.items[0].metadata.name}",
    );
    expect(await kubectl.refused(`exec ${pod} -- sh`)).toContain(
      "kube-sim does not implement pods/exec over SPDY/3.1",
    );
  });

  test("attach and port-forward are refused in words", async () => {
    const { kubectl } = subject();
    const pod = await kubectl.ok(
      "get pod -l vm.kubevirt.io/name=moves --field-selector status.phase=Running -o jsonpath={.items[0].metadata.name}",
    );
    expect(await kubectl.refused(`attach ${pod}`)).toContain("kube-sim does not implement pods/attach");
    const forwarding = kubectl.run(["port-forward", pod, ":80"]);
    expect((await forwarding).err).toContain("kube-sim does not implement pods/portforward");
  });
});
