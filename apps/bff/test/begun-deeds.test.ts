/** Deeds of several steps whose second one the cluster refuses: what was done stands, so the error does not say that nothing was. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person, RequestParts } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "begun";
const mib = 2 ** 20;
const cdi = "cdi.kubevirt.io/v1beta1";

let cut: ConsoleUnderTest;
let operator: Person;

const claim = (name: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace: project, labels: { "console.kubev.io/image": name } },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  status: { phase: "Bound" },
});

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  cut.sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: project }, status: { phase: "Active" } },
    claim("a-picture"),
    {
      apiVersion: cdi,
      kind: "DataSource",
      metadata: { name: "a-picture", namespace: project },
      spec: { source: { pvc: { name: "a-picture", namespace: project } } },
    },
    {
      apiVersion: cdi,
      kind: "DataVolume",
      metadata: { name: "a-disk", namespace: project },
      spec: { source: { blank: {} }, storage: { resources: { requests: { storage: "1Gi" } } } },
    },
    {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: "a-machine", namespace: project },
      spec: {
        runStrategy: "Halted",
        template: {
          spec: {
            domain: { devices: {}, memory: { guest: "128Mi" } },
            volumes: [{ name: "root", dataVolume: { name: "its-root" } }],
          },
        },
        dataVolumeTemplates: [
          {
            metadata: { name: "its-root" },
            spec: { source: { blank: {} }, storage: { resources: { requests: { storage: "1Gi" } } } },
          },
        ],
      },
    },
  ]);
  operator = await cut.signIn("operator");
  const { feeds } = cut.app.services.inventory;
  await until(() => feeds.images.table.get(project, "a-picture"));
  await until(() => feeds.claims.table.get(project, "a-disk"));
  await until(() => feeds.claims.table.get(project, "its-root"));
}, 60_000);
afterAll(async () => cut.close());
afterEach(() => cut.sim.faults.clear());

/** Known as one: nothing of it was done. */
function refuse(method: string, urlContains: string, everyNth = 1): void {
  const message = "the second step is not done";
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", code: 403, reason: "Forbidden" };
  const text = JSON.stringify({ ...status, message });
  cut.sim.faults.add({ method, urlContains, everyNth, effect: { kind: "answer", code: 403, text } });
}

const inProject = { project };
const named = (name: string) => ({ project, name });
const at = (plural: string) => `/${project}/${plural}`;

interface Deed {
  name: OperationName;
  parts: () => RequestParts | Promise<RequestParts>;
  spoil: () => void;
}

const newImage = (name: string) => ({
  params: inProject,
  body: { name, media: "disk", fileSizeBytes: mib, diskSizeBytes: 16 * mib },
});
const newMachine = (name: string) => ({
  params: inProject,
  body: {
    name,
    source: { kind: "blank" },
    diskSizeBytes: 64 * mib,
    sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * mib },
    cloudInit: { kind: "form", userName: "admin", password: "not to be lost" },
  },
});

const deeds: Deed[] = [
  {
    name: "createImage",
    parts: () => newImage("half-made"),
    spoil: () => {
      refuse("POST", at("datavolumes"));
      refuse("DELETE", at("datasources"));
    },
  },
  {
    name: "deleteImage",
    parts: () => ({ params: named("a-picture") }),
    spoil: () => refuse("DELETE", at("persistentvolumeclaims")),
  },
  {
    name: "deleteDisk",
    parts: () => ({ params: named("a-disk") }),
    spoil: () => refuse("DELETE", at("persistentvolumeclaims")),
  },
  {
    name: "deleteVm",
    parts: async () => {
      const { uid } = await operator.call("getVmDeletionPlan", { params: named("a-machine") });
      return { params: named("a-machine"), body: { uid, deleteDisks: [] } };
    },
    spoil: () => refuse("DELETE", at("virtualmachines"), 2), // after the dry run
  },
  {
    name: "createVm",
    parts: () => newMachine("half-made"),
    spoil: () => {
      refuse("POST", at("virtualmachines"), 2); // after the dry run
      refuse("DELETE", at("secrets"));
    },
  },
  {
    name: "markStorageClass",
    parts: () => ({ params: { name: "archive" }, body: { machines: true, containers: true } }),
    spoil: () => refuse("PATCH", "/storageclasses/", 2),
  },
  {
    name: "grantImageAccess",
    parts: () => ({ params: inProject, body: { kind: "User", name: "bob" } }),
    spoil: () => refuse("POST", at("rolebindings")),
  },
];

test.each(deeds)("$name says that it was begun, and so does the trail", async ({ name, parts, spoil }) => {
  const asked = await parts();
  spoil();
  const { headers, body } = await operator.refused(name, asked);
  expect(body.error).toMatchObject({ code: "forbidden", outcomeUnknown: true });
  expect(body.error.upstream?.message).toContain("second step");
  const row = await cut.app.services.database
    .selectFrom("audit")
    .selectAll()
    .where("request_id", "=", headers.get("x-request-id") ?? "")
    .executeTakeFirstOrThrow();
  expect(row.outcome).toBe("failed");
});

test.each<Deed>([
  {
    name: "createImage",
    parts: () => newImage("taken-back"),
    spoil: () => refuse("POST", at("datavolumes")),
  },
  {
    name: "createVm",
    parts: () => newMachine("taken-back"),
    spoil: () => refuse("POST", at("virtualmachines"), 2), // after the dry run
  },
  {
    name: "markStorageClass",
    parts: () => ({ params: { name: "archive" }, body: { machines: true, containers: true } }),
    spoil: () => refuse("PATCH", "/storageclasses/"),
  },
])("$name whose first step fails, or is taken back, was not done", async ({ name, parts, spoil }) => {
  const asked = await parts();
  spoil();
  const { body } = await operator.refused(name, asked);
  expect(body.error).toMatchObject({ code: "forbidden" });
  expect(body.error).not.toHaveProperty("outcomeUnknown");
});
