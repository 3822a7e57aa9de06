/** A deterministic script of changes and faults: the same seed gives the same objects and the same trouble. */
import type { TestCluster } from "../cluster.ts";

/** Mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Script {
  seed: number;
  changes: number;
  /** So many go on side by side, each with names of its own. */
  lanes: number;
  /** Called after every change with how many there were. */
  after(done: number): void;
}

const LIVING = 40;

/** Makes, changes and deletes config maps and preferences; a change in five flips the label that an informer selects by. */
export async function runChanges(cluster: TestCluster, script: Script): Promise<void> {
  let done = 0;
  const each = Math.ceil(script.changes / script.lanes);
  const lane = async (index: number): Promise<void> => {
    const random = randomFrom(script.seed + index);
    const living = new Set<string>();
    for (let step = 0; step < each; step += 1) {
      const custom = random() < 0.4;
      const base = custom
        ? "/apis/instancetype.kubevirt.io/v1beta1/namespaces/default/virtualmachinepreferences"
        : "/api/v1/namespaces/default/configmaps";
      const name = `lane-${index}-${Math.floor(random() * LIVING)}`;
      const path = `${base}/${name}`;
      const labels = { side: random() < 0.8 ? "seen" : "hidden" };
      // letters of several bytes may be cut in the middle
      const text = `étape ${step} → ✓ ${"x".repeat(Math.floor(random() * 200))}`;
      const content = custom
        ? { apiVersion: "instancetype.kubevirt.io/v1beta1", kind: "VirtualMachinePreference", spec: {} }
        : { data: { text } };
      const body = { ...content, metadata: { name, labels, annotations: { text } } };
      const exists = living.has(path);
      const removes = exists && random() < 0.2;
      const answer = removes
        ? await cluster.call(path, { method: "DELETE" })
        : exists
          ? await cluster.call(path, {
              method: "PATCH",
              headers: { "content-type": "application/merge-patch+json" },
              body: { metadata: body.metadata, ...(custom ? {} : { data: { text } }) },
            })
          : await cluster.call(base, { body });
      if (answer.code >= 300) throw new Error(`${path}: ${answer.code} ${answer.text}`);
      if (removes) living.delete(path);
      else living.add(path);
      done += 1;
      script.after(done);
    }
  };
  await Promise.all(Array.from({ length: script.lanes }, (_, index) => lane(index)));
}

/** What may go wrong for whoever reads; writers are left alone. */
const TROUBLE: ((cluster: TestCluster, random: () => number) => void)[] = [
  ({ sim }) => sim.faults.dropWatches("end"),
  ({ sim }) => sim.faults.dropWatches("reset"),
  ({ sim }) => {
    // who watches on from what he knows hears 410
    sim.faults.dropWatches("reset");
    sim.faults.expireVersions();
  },
  ...([429, 500, 503] as const).map((code) => ({ sim }: TestCluster, random: () => number) => {
    sim.faults.add({ method: "GET", effect: { kind: "status", code }, times: 1 + Math.floor(random() * 3) });
    sim.faults.dropWatches("end");
  }),
  ({ sim }, random) => {
    sim.faults.add({ method: "GET", effect: { kind: "delay", delayMs: 20 + random() * 200 }, times: 2 });
    sim.faults.dropWatches("reset");
  },
  ({ sim }, random) => {
    const pieceBytes = 1 + Math.floor(random() * 97);
    sim.faults.add({
      method: "GET",
      urlContains: "watch=true",
      effect: { kind: "split", pieceBytes },
      times: 2,
    });
    sim.faults.dropWatches("reset");
  },
  ({ sim }, random) => {
    // lists that break off
    sim.faults.expireVersions();
    sim.faults.add({
      method: "GET",
      effect: { kind: "cut", afterBytes: Math.floor(random() * 5000) },
      times: 2,
    });
    sim.faults.add({ method: "GET", effect: { kind: "hang-up" }, times: 1 });
    sim.faults.dropWatches("end");
  },
  ({ sim }) => {
    sim.faults.add({ method: "GET", urlContains: "watch=true", effect: { kind: "silence" }, times: 1 });
    sim.faults.dropWatches("end");
  },
];

export const KINDS_OF_TROUBLE = TROUBLE.length;

/** The next trouble in turn, so that each kind comes. */
export function makeTrouble(cluster: TestCluster, turn: number, random: () => number): void {
  TROUBLE[turn % TROUBLE.length]?.(cluster, random);
}
