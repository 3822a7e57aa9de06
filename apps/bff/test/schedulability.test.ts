/** Whether a host could take a machine of a type, from nodes and types as the cluster has them. */
import { expect, test } from "vitest";
import { excessOf, fitOf, largestOf } from "../src/domain/schedulability.ts";
import { projectHost, projectInstanceType } from "../src/inventory/project-platform.ts";

const metadata = (name: string) => ({ name, uid: name, resourceVersion: "1" });
const host = (name: string, devices: Record<string, string>) => {
  const amounts = { cpu: "31", memory: "124Gi", ...devices };
  return {
    host: projectHost({ metadata: metadata(name), status: { capacity: amounts, allocatable: amounts } }),
    refusal: null,
    requested: { cpuCores: 0, memoryBytes: 0 },
  };
};
const type = (devices: { gpus?: { deviceName: string }[]; hostDevices?: { deviceName: string }[] }) =>
  projectInstanceType({
    metadata: metadata("gn1.xlarge"),
    spec: { cpu: { guest: 4 }, memory: { guest: "16Gi" }, ...devices },
  });
const pod = (memoryGibibytes: number, otherRequests: Record<string, number> = {}) => ({
  cpuCores: 1,
  memoryBytes: memoryGibibytes * 2 ** 30,
  otherRequests,
});
const a10 = { deviceName: "nvidia.com/GA102GL_A10" };

test("a device is looked for under its own name, however it is called", () => {
  const hosts = [host("plain", {}), host("with", { [a10.deviceName]: "2" })];
  expect(fitOf(type({ gpus: [a10] }), hosts)).toEqual({ result: "ok" });
  expect(fitOf(type({ hostDevices: [a10] }), hosts)).toEqual({ result: "ok" });
});

test("a device that no host has, or too few of, is named", () => {
  const hosts = [host("other", { "example.com/gpu": "8" }), host("with", { [a10.deviceName]: "2" })];
  const lacks = (feature: string) => ({
    result: "blocking",
    reason: { code: "no-host-with-feature", params: { feature } },
  });
  expect(fitOf(type({ gpus: [{ deviceName: "intel.com/qat" }] }), hosts)).toMatchObject(
    lacks("intel.com/qat"),
  );
  expect(fitOf(type({ gpus: [a10, a10, a10] }), hosts)).toMatchObject(lacks("3 × nvidia.com/GA102GL_A10"));
});

test("what asks for more than the largest host has is told from what only has to wait", () => {
  const hosts = [host("a", { memory: "60Gi" }), host("b", { memory: "444Gi", [a10.deviceName]: "2" })].map(
    (one) => one.host,
  );
  const largest = largestOf(hosts);
  expect(excessOf(pod(444), largest)).toBeNull();
  expect(excessOf(pod(900), largest)).toEqual({ resource: "memory", needed: 900 * 2 ** 30 });
  expect(excessOf(pod(1, { [a10.deviceName]: 2 }), largest)).toBeNull();
  expect(excessOf(pod(1, { [a10.deviceName]: 3 }), largest)).toEqual({ resource: a10.deviceName, needed: 3 });
  expect(excessOf(pod(900), largestOf([]))).toBeNull();
});
