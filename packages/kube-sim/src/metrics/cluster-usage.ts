/** What every machine, pod and host of the store uses now. */
import type { Node, Pod } from "../controllers/core-shapes.ts";
import type { VirtualMachineInstance } from "../controllers/kubevirt-shapes.ts";
import { isPodOver, podRequests } from "../controllers/node-requests.ts";
import { parseQuantity } from "../controllers/quantity.ts";
import { guestMemoryBytes, vcpus } from "../controllers/vmi-builder.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { machineWaves, type MachineWaves, rateAt, waveOf } from "./usage-model.ts";

const pods = { group: "", resource: "pods" };
const nodes = { group: "", resource: "nodes" };
const instances = { group: "kubevirt.io", resource: "virtualmachineinstances" };

/** libvirt, QEMU and the launcher besides the guest. */
const launcherBytes = 210 * 1024 ** 2;
const launcherCores = 0.01;
/** The kubelet, the container runtime and the kernel. */
const hostCores = 0.35;
const hostBytes = 1.6 * 1024 ** 3;

export interface Usage {
  cpuCores: number;
  memoryBytes: number;
}

export interface RunningMachine {
  instance: VirtualMachineInstance;
  node: string;
  vcpus: number;
  guestBytes: number;
  waves: MachineWaves;
  startedSeconds: number;
  paused: boolean;
}

/** `instance` has a host and runs; the waves are its own for as long as it lives. */
function machineOf(instance: VirtualMachineInstance): RunningMachine | null {
  const { nodeName, phase, conditions } = instance.status ?? {};
  if (phase !== "Running" || nodeName === undefined) return null;
  const cores = vcpus(instance.spec);
  const guestBytes = guestMemoryBytes(instance.spec);
  return {
    instance,
    node: nodeName,
    vcpus: cores,
    guestBytes,
    waves: machineWaves(instance.metadata.uid, cores, guestBytes),
    startedSeconds: Date.parse(instance.metadata.creationTimestamp ?? "") / 1000,
    paused: conditions?.some(({ type, status }) => type === "Paused" && status === "True") === true,
  };
}

export class ClusterUsage {
  readonly #store: ObjectStore;
  readonly #nowMs: () => number;

  constructor(store: ObjectStore, nowMs: () => number) {
    this.#store = store;
    this.#nowMs = nowMs;
  }

  get nowSeconds(): number {
    return this.#nowMs() / 1000;
  }

  machines(): RunningMachine[] {
    return this.#store
      .list(instances)
      .map((object) => machineOf(object as VirtualMachineInstance)) // stored under virtualmachineinstances
      .filter((machine) => machine !== null);
  }

  /** Pods that run, with what they use. */
  pods(namespace?: string): { pod: Pod; usage: Usage }[] {
    return this.#store
      .list(pods, namespace)
      .map((object) => object as Pod) // stored under pods
      .filter((pod) => pod.status?.phase === "Running" && pod.spec.nodeName !== undefined && !isPodOver(pod))
      .map((pod) => ({ pod, usage: this.#podUsage(pod) }));
  }

  /** Hosts that answer, with what everything on them uses. */
  nodes(): { node: Node; usage: Usage }[] {
    const sums = new Map<string, Usage>();
    for (const { pod, usage } of this.pods()) {
      const sum = sums.get(pod.spec.nodeName ?? "") ?? { cpuCores: 0, memoryBytes: 0 };
      sum.cpuCores += usage.cpuCores;
      sum.memoryBytes += usage.memoryBytes;
      sums.set(pod.spec.nodeName ?? "", sum);
    }
    return this.#store
      .list(nodes)
      .map((object) => object as Node) // stored under nodes
      .filter((node) =>
        node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
      )
      .map((node) => {
        const { uid, name } = node.metadata;
        const sum = sums.get(name) ?? { cpuCores: 0, memoryBytes: 0 };
        const own = rateAt(waveOf(`${uid}/host`, hostCores), this.nowSeconds);
        return {
          node,
          usage: {
            cpuCores: Math.min(parseQuantity(node.status.capacity["cpu"]), sum.cpuCores + own),
            memoryBytes: Math.min(parseQuantity(node.status.capacity["memory"]), sum.memoryBytes + hostBytes),
          },
        };
      });
  }

  #podUsage(pod: Pod): Usage {
    const at = this.nowSeconds;
    const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === "VirtualMachineInstance");
    const { namespace } = pod.metadata;
    const found =
      owner &&
      this.#store.get({
        ...instances,
        ...(namespace !== undefined && { namespace }),
        name: owner.name,
      });
    const machine = found && machineOf(found as VirtualMachineInstance); // stored under virtualmachineinstances
    if (machine && machine.node === pod.spec.nodeName)
      return {
        cpuCores: launcherCores + (machine.paused ? 0 : rateAt(machine.waves.cpuCores, at)),
        memoryBytes: launcherBytes + rateAt(machine.waves.memoryBytes, at),
      };
    const requests = podRequests(pod);
    const { uid } = pod.metadata;
    return {
      cpuCores: rateAt(waveOf(`${uid}/cpu`, 0.002 + (requests.get("cpu") ?? 0) * 0.4), at),
      memoryBytes: rateAt(
        { ...waveOf(uid, 16 * 1024 ** 2 + (requests.get("memory") ?? 0) * 0.5), swings: [] },
        at,
      ),
    };
  }
}
