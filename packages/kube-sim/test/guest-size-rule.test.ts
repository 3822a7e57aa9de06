/** A machine that could never start is warned of when it is made. */
import { expect, test } from "vitest";
import { GuestSizeRule } from "../src/admission/vm/guest-size-rule.ts";

const gib = 1024 ** 3;

test.each([
  [{ cores: 32 }, "1Gi", []],
  [
    { cores: 33 },
    "1Gi",
    ["It will not start: The computer below runs QEMU's guests of at most 32 vCPUs; this machine wants 33."],
  ],
  [{ cores: 4, sockets: 4, threads: 4 }, "1Gi", [expect.stringContaining("this machine wants 64")]],
  [{ cores: 1 }, "16Gi", [expect.stringContaining("this machine wants 16.0 GiB")]],
])("%j and %s on two cores and 8 GiB", (cpu, guest, warnings) => {
  const rule = new GuestSizeRule({ cores: 2, memoryBytes: 8 * gib });
  const said: string[] = [];
  const vm = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name: "wide", namespace: "p", uid: "u", resourceVersion: "1" },
    spec: { template: { spec: { domain: { cpu, memory: { guest }, devices: {} } } } },
  };
  const request = {
    operation: "CREATE",
    kind: { group: "kubevirt.io", resource: "virtualmachines" },
    subresource: "",
  };
  rule.admit(vm as never, { ...request, warn: (text: string) => said.push(text) } as never); // what the rule reads of both
  expect(said).toEqual(warnings);
});
