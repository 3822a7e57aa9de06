/** A live update reaches a real guest: vCPUs and memory by the migration that brings them, as QEMU itself counts them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrationKind, vmiKind, vmKind } from "../src/controllers/kinds.ts";
import type { VmiSpec } from "../src/controllers/kubevirt-shapes.ts";
import type { Machine } from "../src/machines/machine.ts";
import { type Controlled, project, startControlled, vmObject } from "./controlled.ts";
import { qemuInstalled } from "./qemu-guest.ts";

const gibibyte = 1024 ** 3;

describe.skipIf(!qemuInstalled)("more vCPUs and memory for a running QEMU guest", { timeout: 60_000 }, () => {
  let cluster: Controlled;
  let machine: Machine;
  beforeAll(async () => {
    cluster = await startControlled([], "qemu");
    cluster.store.create(vmObject("vm", { memory: "1Gi", template: { terminationGracePeriodSeconds: 0 } }), {
      fieldManager: "test",
    });
    machine = await cluster.running("vm");
  }, 60_000);
  afterAll(() => cluster.close());

  function change(domain: (running: VmiSpec["domain"]) => VmiSpec["domain"]): void {
    cluster.kinds.modify(vmKind, project, "vm", (vm) => {
      const { template } = vm.spec;
      const spec = { ...template.spec, domain: domain(template.spec.domain) };
      return { ...vm, spec: { ...vm.spec, template: { ...template, spec } } };
    });
  }
  const restartRequired = () =>
    cluster.vm("vm").status?.conditions?.find(({ type }) => type === "RestartRequired")?.message;

  it("arrives with the migration that it asks for, and is told when it is there", async () => {
    expect(await machine.size()).toEqual({ cpuCores: 1, memoryBytes: gibibyte });
    const conditions = cluster.trail(vmiKind, (vmi) =>
      ["HotVCPUChange", "HotMemoryChange"]
        .filter((type) => vmi.status?.conditions?.some((one) => one.type === type && one.status === "True"))
        .join(),
    );
    change((domain) => ({ ...domain, cpu: { ...domain.cpu, sockets: 3 }, memory: { guest: "1536Mi" } }));
    await cluster.until(
      "grown",
      () =>
        (cluster.vmi("vm").status?.["memory"] as { guestCurrent?: string } | undefined)?.guestCurrent ===
        "1536Mi",
    );
    expect(conditions.filter((value, at) => at > 0 || value !== "")).toEqual([
      "HotVCPUChange,HotMemoryChange",
      "",
    ]);
    expect(cluster.vmi("vm").status?.["currentCPUTopology"]).toEqual({ cores: 1, sockets: 3, threads: 1 });
    expect(await machine.size()).toEqual({ cpuCores: 3, memoryBytes: 1.5 * gibibyte });
    expect(cluster.kinds.list(migrationKind, project).map(({ status }) => status?.phase)).toEqual([
      "Succeeded",
    ]);
    expect(restartRequired()).toBeUndefined();
  });

  it("is kept by the next migration; what QEMU refuses waits for a restart", async () => {
    change((domain) => ({ ...domain, memory: { guest: "1280Mi" } }));
    await cluster.until("refused", restartRequired);
    expect(restartRequired()).toMatch(/^memory updated in template spec. Memory-hotplug failed/);
    expect(await machine.size()).toEqual({ cpuCores: 3, memoryBytes: 1.5 * gibibyte });
    const failed = cluster.vmi("vm").status?.conditions?.find(({ type }) => type === "HotMemoryChange");
    expect(failed).toMatchObject({ status: "False", reason: "Memory Hotplug Failed" });
    expect(cluster.kinds.list(migrationKind, project)).toHaveLength(2);
  });
});
