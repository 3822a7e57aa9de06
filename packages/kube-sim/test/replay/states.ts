/**
 * The states that each object of a namespace went through, one track for each field of its state: two clusters agree
 * when the tracks do, whatever the pace.
 */
import { type Key, keyOf, type WatchStep } from "./recording.ts";

/** Names that a controller made up, without the part that is random. */
export const stemOf = (name: string): string =>
  (name.length === 63 && name.startsWith("virt-launcher-") ? `${name.slice(0, 58)}RANDOM` : name)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID")
    .replace(/^(virt-launcher-.*|hp-volume|kubevirt-.*|clone-.*)-[a-z0-9]{5}$/, "$1-RANDOM")
    .replace(/^(virt-launcher-)?rs[a-z0-9]{5}(-RANDOM)?$/, "$1rsRANDOM$2");

/** Fields whose order is compared. */
const fields = ["printableStatus", "phase", "complete", "readyToUse"] as const;

/** States that a busy controller or a watcher may jump over: what follows is reached all the same. */
const alwaysPassing = [
  "False/VMINotExists",
  "False/VMIConditionMissing",
  "False/GuestNotRunning",
  "False/PodNotExists",
  "False/PodTerminating",
  "False/ReadinessGatesNotReady",
  "Starting",
  "Stopping",
];

/** Whether the states are the same in the same order, but for passing ones that only one side shows. */
export function sameOrder(
  real: readonly string[],
  ours: readonly string[],
  mayPass: readonly string[] = [],
): boolean {
  const passing = new Set([...alwaysPassing, ...mayPass]);
  let at = 0;
  for (const state of ours) {
    let ahead = at;
    while (ahead < real.length && real[ahead] !== state && passing.has(real[ahead] ?? "")) ahead += 1;
    if (real[ahead] === state) at = ahead + 1;
    else if (!passing.has(state)) return false;
  }
  return real.slice(at).every((state) => passing.has(state));
}

export class States {
  /** `Kind name` of each object by its uid; the same name a second time has a number. */
  readonly #labels = new Map<string, string>();
  readonly #seen = new Map<string, number>();
  readonly #tracks = new Map<string, string[]>();
  readonly #now = new Map<string, Key>();
  #marks = new Map<string, number>();
  readonly #names = new Map<string, string>();
  /** How many changes came, of whatever kind. */
  changes = 0;

  add({ type, kind, name, uid, key = {} }: WatchStep): void {
    this.changes += 1;
    let label = this.#labels.get(uid);
    if (label === undefined) {
      const stem = `${kind} ${stemOf(name)}`;
      const count = (this.#seen.get(stem) ?? 0) + 1;
      this.#seen.set(stem, count);
      label = count === 1 ? stem : `${stem} (${count})`;
      this.#labels.set(uid, label);
      this.#names.set(label, name);
    }
    if (type === "DELETED") {
      this.#now.delete(label);
      this.#push(`${label} life`, "DELETED");
      return;
    }
    this.#now.set(label, key);
    for (const field of fields)
      if (key[field] !== undefined) this.#push(`${label} ${field}`, String(key[field]));
    const conditions = key.conditions ?? {};
    for (const [condition, value] of Object.entries(conditions)) this.#push(`${label} ${condition}`, value);
    for (const track of this.#tracks.keys()) {
      if (!track.startsWith(`${label} `)) continue;
      const condition = track.slice(label.length + 1);
      if (/^[A-Z]|^kubevirt|^migration/.test(condition) && conditions[condition] === undefined)
        this.#push(track, "absent");
    }
  }

  #push(track: string, state: string): void {
    const states = this.#tracks.get(track) ?? [];
    this.#tracks.set(track, states);
    if (states.at(-1) !== state) states.push(state);
  }

  /** What is there, by label. */
  get now(): ReadonlyMap<string, Key> {
    return this.#now;
  }

  /** The name behind a label, for requests that name what a controller made up. */
  nameOf(label: string): string | undefined {
    return this.#names.get(label);
  }

  labelOf(kind: string, name: string): string | undefined {
    return [...this.#names].find(([label, known]) => known === name && label.startsWith(`${kind} `))?.[0];
  }

  /** Names of all its tracks. */
  get tracks(): string[] {
    return [...this.#tracks.keys()];
  }

  /** How many states a field has gone through; how many times it was `state`. */
  steps(label: string, field: string, state?: string): number {
    const states = this.#tracks.get(`${label} ${field}`) ?? [];
    return state === undefined ? states.length : states.filter((one) => one === state).length;
  }

  /** From here on whatever happens may still go on when the recording ends. */
  mark(): void {
    this.#marks = new Map([...this.#tracks].map(([track, states]) => [track, states.length]));
  }

  /** Tracks in which `ours` went another way than this recording; it may go on where the recording ends. */
  unlike(ours: States, mayPass: (track: string) => readonly string[]): Map<string, string[]> {
    const found = new Map<string, string[]>();
    const show = (states: string[] | undefined) => states?.join(" → ") ?? "never seen";
    for (const track of new Set([...this.#tracks.keys(), ...ours.#tracks.keys()])) {
      const real = this.#tracks.get(track) ?? [];
      const shown = ours.#tracks.get(track) ?? [];
      const goesOn = shown.length > real.length && (ours.#marks.get(track) ?? 0) <= real.length;
      // Where ours goes on, the recording has to be how it began.
      const least = goesOn ? real.length : shown.length;
      const ends = Array.from({ length: shown.length - least + 1 }, (_end, more) => least + more);
      if (!ends.some((end) => sameOrder(real, shown.slice(0, end), mayPass(track))))
        found.set(track, [`real ${show(this.#tracks.get(track))}`, `sim  ${show(ours.#tracks.get(track))}`]);
    }
    return found;
  }
}

export function stepOf(
  type: WatchStep["type"],
  object: { kind: string; metadata: { name: string; uid: string }; status?: object },
): WatchStep {
  const { name, uid } = object.metadata;
  return { step: "watch", type, kind: object.kind, name, uid, key: keyOf(object) };
}
