/** All controllers on a store in memory, with stand-in machines or, where asked, QEMU: what a test does to objects, they answer. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/clock.ts";
import type { Kind } from "../src/controllers/kinds.ts";
import { vmiKind, vmKind } from "../src/controllers/kinds.ts";
import type { VirtualMachine, VirtualMachineInstance, VmiSpec } from "../src/controllers/kubevirt-shapes.ts";
import { startControllers } from "../src/controllers/start-controllers.ts";
import { TypedStore } from "../src/controllers/typed-store.ts";
import type { Machine, MachineHost } from "../src/machines/machine.ts";
import { openDiskImages } from "../src/machines/open-disk-images.ts";
import { openMachineHost } from "../src/machines/open-machine-host.ts";
import { hostKinds, hostObjects } from "../src/scenarios/hosts.ts";
import { platformObjects } from "../src/scenarios/platform.ts";
import { GarbageCollector } from "../src/store/garbage-collector.ts";
import type { KubeObject, NewObject } from "../src/store/kube-object.ts";
import { KubeStore } from "../src/store/kube-store.ts";

export const project = "project";

export interface Controlled {
  store: KubeStore;
  kinds: TypedStore;
  machines: MachineHost;
  images: Awaited<ReturnType<typeof openDiskImages>>;
  /** Settles when `check` gives a value, looked at after every change of the store. */
  until<T>(what: string, check: () => T | undefined | false): Promise<T>;
  /** Every value that `read` comes to have for objects of this kind from now on, in order, without repeats. */
  trail<Shape extends KubeObject>(kind: Kind<Shape>, read: (object: Shape) => string): string[];
  vm(name: string): VirtualMachine;
  vmi(name: string): VirtualMachineInstance;
  running(name: string): Promise<Machine>;
  close(): Promise<void>;
}

export async function startControlled(
  seed: NewObject[] = [],
  mode: "stand-in" | "qemu" = "stand-in",
  log: (message: string, fields?: Record<string, unknown>) => void = () => {},
): Promise<Controlled> {
  const folder = mkdtempSync(join(tmpdir(), "kube-sim-controlled-"));
  const errors: unknown[] = [];
  const store = new KubeStore({
    durable: null,
    now: () => Date.now(),
    random: Math.random,
    onListenerError: (error) => errors.push(error),
  });
  const hosts = ["host-1", "host-2"].map((name) => ({ name, kind: hostKinds.general, zone: "rack-a" }));
  const namespace: NewObject = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: project },
    status: { phase: "Active" },
  };
  store.seed([...platformObjects(), ...hostObjects(hosts, store.timestamp()), namespace, ...seed]);
  const images = await openDiskImages({ dir: join(folder, "disks"), log });
  const machines = await openMachineHost({
    mode,
    runDir: join(folder, "run"),
    guestInternet: false,
    log,
  });
  const garbage = new GarbageCollector(store);
  const controllers = startControllers({
    store,
    machines,
    images,
    clock: systemClock((error) => errors.push(error)),
    random: Math.random,
    log,
    seedDir: join(folder, "seeds"),
    uploadProxyUrl: "",
    uploadProxyCa: "",
    exportDoor: { host: "", caPem: "" },
    admit: (object) => object,
  });
  const kinds = new TypedStore(store, "test");
  const until: Controlled["until"] = (what, check) =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        clearInterval(poll);
        stop();
        settle();
      };
      const look = () => {
        const value = check();
        if (value !== undefined && value !== false) finish(() => resolve(value));
      };
      const stop = store.onChange(look);
      // Machines and files are no objects; what depends on them is looked at now and then.
      const poll = setInterval(look, 20);
      const timer = setTimeout(() => finish(() => reject(new Error(`${what}: this never came`))), 15_000);
      look();
    });
  const missing = (name: string): never => {
    throw new Error(`${name} does not exist`);
  };
  return {
    store,
    kinds,
    machines,
    images,
    until,
    trail: (kind, read) => {
      const values: string[] = [];
      store.onChange((change) => {
        if (change.kind.resource !== kind.resource || change.kind.group !== kind.group) return;
        const of = (object: KubeObject) => read(object as Parameters<typeof read>[0]); // of this kind
        const value = change.type === "DELETED" ? "DELETED" : of(change.object);
        const before = change.previous === undefined ? undefined : of(change.previous);
        if (value !== before && values.at(-1) !== value) values.push(value);
      });
      return values;
    },
    vm: (name) => kinds.get(vmKind, project, name) ?? missing(name),
    vmi: (name) => kinds.get(vmiKind, project, name) ?? missing(name),
    running: (name) =>
      until(`${name} runs`, () => {
        const vmi = kinds.get(vmiKind, project, name);
        return vmi?.status?.phase === "Running" && machines.get(vmi.metadata.uid);
      }),
    close: async () => {
      await controllers.close();
      await machines.close(0);
      garbage.close();
      rmSync(folder, { recursive: true, force: true });
      if (errors.length > 0) throw errors[0];
    },
  };
}

export interface VmFacts {
  runStrategy?: string;
  annotations?: Record<string, string>;
  memory?: string;
  template?: Partial<VmiSpec>;
  dataVolumeTemplates?: NonNullable<VirtualMachine["spec"]["dataVolumeTemplates"]>;
}

export function vmObject(name: string, facts: VmFacts = {}): NewObject {
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: project },
    spec: {
      runStrategy: facts.runStrategy ?? "Always",
      ...(facts.dataVolumeTemplates && { dataVolumeTemplates: facts.dataVolumeTemplates }),
      template: {
        metadata: { annotations: facts.annotations ?? {} },
        spec: {
          domain: {
            memory: { guest: facts.memory ?? "128Mi" },
            devices: { interfaces: [{ name: "default", masquerade: {} }] },
          },
          networks: [{ name: "default", pod: {} }],
          ...facts.template,
        },
      },
    },
  };
}
