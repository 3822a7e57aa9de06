/** Watches a whole cluster, one connection for each kind, and keeps the states of every namespace. */
import { createInterface } from "node:readline";
import { Agent, request } from "undici";
import type { TestCluster } from "../cluster.ts";
import type { WatchStep } from "./recording.ts";
import { States, stepOf } from "./states.ts";

const watched = [
  "/apis/kubevirt.io/v1/virtualmachines",
  "/apis/kubevirt.io/v1/virtualmachineinstances",
  "/apis/kubevirt.io/v1/virtualmachineinstancemigrations",
  "/apis/kubevirt.io/v1/virtualmachineinstancereplicasets",
  "/apis/pool.kubevirt.io/v1beta1/virtualmachinepools",
  "/apis/snapshot.kubevirt.io/v1beta1/virtualmachinesnapshots",
  "/apis/snapshot.kubevirt.io/v1beta1/virtualmachinesnapshotcontents",
  "/apis/snapshot.kubevirt.io/v1beta1/virtualmachinerestores",
  "/apis/clone.kubevirt.io/v1beta1/virtualmachineclones",
  "/apis/cdi.kubevirt.io/v1beta1/datavolumes",
  "/apis/snapshot.storage.k8s.io/v1/volumesnapshots",
  "/apis/apps/v1/controllerrevisions",
  "/api/v1/pods",
  "/api/v1/persistentvolumeclaims",
];

interface Line {
  type: WatchStep["type"];
  object: { kind: string; metadata: { name: string; uid: string; namespace?: string }; status?: object };
}

export class Follower {
  readonly #states = new Map<string, States>();
  readonly #waiting = new Set<() => void>();
  readonly #ends: (() => Promise<void>)[] = [];

  statesOf(namespace: string): States {
    const states = this.#states.get(namespace) ?? new States();
    this.#states.set(namespace, states);
    return states;
  }

  async follow(cluster: TestCluster): Promise<void> {
    for (const path of watched) {
      const agent = new Agent({ connect: cluster.tls, bodyTimeout: 0 });
      const { body, statusCode } = await request(new URL(`${path}?watch=1`, cluster.sim.url), {
        dispatcher: agent,
      });
      if (statusCode !== 200) throw new Error(`${path} is not watched: ${statusCode}`);
      const reading = (async () => {
        for await (const line of createInterface({ input: body })) this.#take(JSON.parse(line) as Line); // what a watch sends
      })().catch(() => undefined); // ended below
      this.#ends.push(async () => {
        await agent.destroy();
        await reading;
      });
    }
  }

  #take({ type, object }: Line): void {
    this.statesOf(object.metadata.namespace ?? "").add(stepOf(type, object));
    for (const wake of this.#waiting) wake();
  }

  /** True as soon as `check` holds, false when it did not within the time. */
  async until(check: () => boolean, timeoutMs: number): Promise<boolean> {
    if (check()) return true;
    return new Promise((resolve) => {
      const done = (reached: boolean) => {
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(reached);
      };
      const look = () => {
        if (check()) done(true);
      };
      const timer = setTimeout(() => done(check()), timeoutMs);
      this.#waiting.add(look);
    });
  }

  async close(): Promise<void> {
    for (const end of this.#ends) await end();
  }
}
