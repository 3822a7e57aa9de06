/**
 * Machines, instances and launcher pods of any number, none of them held: each is made from its number and from which change
 * touched it last. What happened is kept as numbers too, so that a reader that comes back is told exactly what it missed.
 */
import {
  scaleInstance,
  scaleLauncher,
  type Scale,
  scaleVm,
  scaleVmPlace,
} from "@kubev/kube-sim/scenarios/scale-machine";

export const generatedKinds = ["VirtualMachine", "VirtualMachineInstance", "Pod"] as const;
export type GeneratedKind = (typeof generatedKinds)[number];

/** What an object is at one moment, but for its number. */
interface Moment {
  /** Of the change that touched it last; 0 before the first. */
  turn: number;
  /** How often it went and came back as another one of the same machine. */
  life: number;
  version: number;
}

export interface GeneratedChange extends Moment {
  type: "ADDED" | "MODIFIED" | "DELETED";
  kind: GeneratedKind;
  index: number;
}

/** What the console must show of a machine in the end. */
export interface GeneratedTruth {
  project: string;
  name: string;
  /** Its label `turn`; '' without one. */
  label: string;
  host: string;
  paused: boolean;
  pod: string;
  restarts: number;
}

/** Changes that a reader may have missed and still be told. */
const mostRemembered = 100_000;
/** Which of ten changes goes to what; the tenth takes instance and pod away and brings others. */
const vmTurns = 2;
const instanceTurns = 6;
const podTurns = 9;
/** Shares no divisor with any scale in use, so that every machine has its turn. */
const stride = 3571;

class KindState {
  readonly count: number;
  readonly turns: Uint32Array;
  readonly lives: Uint32Array;
  readonly versions: Uint32Array;

  constructor(count: number) {
    this.count = count;
    this.turns = new Uint32Array(count);
    this.lives = new Uint32Array(count);
    this.versions = new Uint32Array(count).fill(1);
  }

  at(index: number): Moment {
    return {
      turn: this.turns[index] ?? 0,
      life: this.lives[index] ?? 0,
      version: this.versions[index] ?? 1,
    };
  }
}

export class GeneratedMachines {
  readonly scale: Scale;
  readonly #states: Readonly<Record<GeneratedKind, KindState>>;
  readonly #remembered: GeneratedChange[] = [];
  #turn = 0;
  #version = 1;

  constructor(scale: Scale) {
    this.scale = scale;
    this.#states = {
      VirtualMachine: new KindState(scale.vms),
      VirtualMachineInstance: new KindState(scale.running),
      Pod: new KindState(scale.running),
    };
  }

  /** Of the newest change. */
  get version(): number {
    return this.#version;
  }

  count(kind: GeneratedKind): number {
    return this.#states[kind].count;
  }

  /** The object as JSON, as of now unless another moment is named. */
  text(kind: GeneratedKind, index: number, moment: Moment = this.#states[kind].at(index)): string {
    return JSON.stringify(this.#object(kind, index, moment));
  }

  #object(kind: GeneratedKind, index: number, { turn, life, version }: Moment): unknown {
    const versioned = (metadata: { uid?: string }) => ({
      ...metadata,
      resourceVersion: String(version),
      ...(life > 0 && { uid: `${(metadata.uid ?? "").slice(0, 28)}${life.toString(16).padStart(8, "0")}` }),
    });
    if (kind === "VirtualMachine") {
      const vm = scaleVm(index, this.scale);
      const metadata = versioned(vm.metadata);
      const labels = turn === 0 ? vm.metadata.labels : { ...vm.metadata.labels, turn: String(turn) };
      return { ...vm, metadata: { ...metadata, labels } };
    }
    if (kind === "VirtualMachineInstance") {
      const instance = scaleInstance(index, this.scale);
      const status = instance["status"] as { nodeName: string; conditions: unknown[] }; // as the scenario makes it
      const conditions = [
        ...status.conditions,
        { type: "Paused", status: isPaused(turn) ? "True" : "False" },
      ];
      return {
        ...instance,
        metadata: versioned(instance.metadata),
        status: { ...status, nodeName: this.#host(index, turn), conditions },
      };
    }
    const pod = scaleLauncher(index, this.scale);
    return {
      ...pod,
      metadata: { ...versioned(pod.metadata), name: podName(pod.metadata.name, life) },
      status: {
        ...(pod["status"] as object), // as the scenario makes it
        containerStatuses: [{ name: "compute", ready: true, restartCount: turn, state: { running: {} } }],
      },
    };
  }

  #host(index: number, turn: number): string {
    return `host-${String((index * 7 + turn) % this.scale.hosts).padStart(3, "0")}`;
  }

  /** Changes the next machine in turn. */
  change(): GeneratedChange[] {
    const { running } = this.scale;
    const part = (this.#turn + Math.floor(this.#turn / running)) % 10;
    const index = (this.#turn * stride) % running;
    this.#turn += 1;
    if (part < vmTurns) return [this.#touch("MODIFIED", "VirtualMachine", index)];
    if (part < instanceTurns) return [this.#touch("MODIFIED", "VirtualMachineInstance", index)];
    if (part < podTurns) return [this.#touch("MODIFIED", "Pod", index)];
    return [
      this.#touch("DELETED", "Pod", index),
      this.#touch("DELETED", "VirtualMachineInstance", index),
      this.#touch("ADDED", "VirtualMachineInstance", index),
      this.#touch("ADDED", "Pod", index),
    ];
  }

  #touch(type: GeneratedChange["type"], kind: GeneratedKind, index: number): GeneratedChange {
    const { turns, lives, versions } = this.#states[kind];
    this.#version += 1;
    versions[index] = this.#version;
    if (type !== "DELETED") turns[index] = this.#turn;
    if (type === "ADDED") lives[index] = (lives[index] ?? 0) + 1;
    const change = { type, kind, index, ...this.#states[kind].at(index) };
    this.#remembered.push(change);
    if (this.#remembered.length > 2 * mostRemembered) this.#remembered.splice(0, mostRemembered);
    return change;
  }

  /** @returns undefined where some of them are forgotten */
  changesAfter(version: number, kind: GeneratedKind): GeneratedChange[] | undefined {
    const missed = this.#version - version;
    if (missed < 0 || missed > this.#remembered.length) return undefined;
    return missed === 0 ? [] : this.#remembered.slice(-missed).filter((change) => change.kind === kind);
  }

  /** Of machines that run. */
  truth(index: number): GeneratedTruth {
    const { project, name } = scaleVmPlace(index, this.scale);
    const [vm, instance, pod] = generatedKinds.map((kind) => this.#states[kind].at(index));
    return {
      project,
      name,
      label: vm === undefined || vm.turn === 0 ? "" : String(vm.turn),
      host: this.#host(index, instance?.turn ?? 0),
      paused: isPaused(instance?.turn ?? 0),
      pod: podName(scaleLauncher(index, this.scale).metadata.name, pod?.life ?? 0),
      restarts: pod?.turn ?? 0,
    };
  }
}

const isPaused = (turn: number) => turn % 4 === 3;

const podName = (first: string | undefined, life: number) =>
  life === 0 ? (first ?? "") : `${first ?? ""}-${life}`;
