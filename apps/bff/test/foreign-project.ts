/** A console over the demo with a project full of things, one of every noun, in which bob and the rightless have nothing. */
import { type LiveServerMessage, liveFrame } from "@kubev/api-types/live";
import { objectCatalog, objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import { vi } from "vitest";
import { WebSocket } from "ws";
import { type ConsoleUnderTest, type Person, startConsole, until } from "./console-under-test.ts";
import { objectSamples, openToAll } from "./object-samples.ts";

/** Alice is admin here; bob and the rightless have nothing here. */
export const secret = "isolated-project";
/** In the name of everything in it. */
export const marker = "isolated-machine";
/** The name of one object of each noun that KubeVirt opens to everybody. */
export const common = "common-to-everybody";

/** An object in the foreign project, to be seeded. */
export const foreignObject = (
  kind: string,
  apiVersion: string,
  name: string,
  rest: Record<string, unknown>,
) => ({ apiVersion, kind, metadata: { name, namespace: secret }, ...rest });

/** Seeds all of it and waits until the inventory has it. */
export async function startForeignProject(env: Record<string, string> = {}): Promise<ConsoleUnderTest> {
  const cut = await startConsole({ scenario: "demo", env });
  cut.sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: secret }, status: { phase: "Active" } },
    foreignObject("VirtualMachine", "kubevirt.io/v1", marker, {
      spec: {
        runStrategy: "Halted",
        template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
      },
      status: { printableStatus: "Stopped" },
    }),
    foreignObject("PersistentVolumeClaim", "v1", marker, {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      status: { phase: "Bound" },
    }),
    foreignObject("Secret", "v1", marker, { type: "Opaque", data: { a: btoa(`${marker}-value`) } }),
    foreignObject("DataSource", "cdi.kubevirt.io/v1beta1", marker, {
      spec: { source: { pvc: { name: marker, namespace: secret } } },
    }),
  ]);
  for (const object of [
    { kind: "Vpc", metadata: { name: `${marker}-vpc` }, spec: { namespaces: [secret] } },
    {
      kind: "Subnet",
      metadata: { name: `${marker}-net` },
      spec: { vpc: `${marker}-vpc`, cidrBlock: "10.78.0.0/24", gateway: "10.78.0.1", namespaces: [secret] },
    },
  ])
    cut.sim.seed([{ apiVersion: "kubeovn.io/v1", ...object }]);
  cut.sim.seed([
    { apiVersion: "v1", kind: "Node", metadata: { name: `${marker}-host` }, spec: {}, status: {} },
  ]);
  await until(() => cut.app.services.inventory.feeds.hosts.table.get("", `${marker}-host`) !== undefined);
  // the marker must never be seen by strangers, so what is open to all bears another name
  // (a class's name is its storage profile's too)
  const nameOf = (noun: ObjectNoun) => (openToAll.has(noun) || noun === "storage-class" ? common : marker);
  for (const noun of objectNouns) {
    const { group, version, kind, namespaced } = objectCatalog[noun];
    cut.sim.seed([
      {
        apiVersion: group === "" ? version : `${group}/${version}`,
        kind,
        metadata: { name: nameOf(noun), ...(namespaced ? { namespace: secret } : {}) },
        ...objectSamples[noun].object,
      },
    ]);
  }
  const { nouns } = cut.app.services;
  await vi.waitFor(
    () => {
      const missing = objectNouns.filter(
        (noun) => ![...nouns[noun].index.values()].some(({ key }) => key.endsWith(`/${nameOf(noun)}`)),
      );
      if (missing.length > 0) throw new Error(`Not in the inventory yet: ${missing.join(", ")}`);
    },
    { timeout: 20_000 },
  );
  await until(() => cut.app.services.inventory.feeds.subnets.table.get("", `${marker}-net`) !== undefined);
  await until(() => cut.app.services.inventory.feeds.vms.table.get(secret, marker) !== undefined);
  await until(() => cut.app.services.inventory.feeds.images.table.get(secret, marker) !== undefined);
  return cut;
}

/** A live socket that has said hello, and what it was told. */
export async function openLive(
  cut: ConsoleUnderTest,
  person: Person,
): Promise<{ socket: WebSocket; messages: LiveServerMessage[] }> {
  const socket = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: person.cookie, origin: cut.url },
  });
  const messages: LiveServerMessage[] = [];
  socket.on("message", (data) =>
    messages.push(...liveFrame.parse(JSON.parse((data as Buffer).toString("utf8")))),
  );
  socket.on("error", () => {});
  await until(() => messages.some((message) => message.type === "hello"));
  return { socket, messages };
}
