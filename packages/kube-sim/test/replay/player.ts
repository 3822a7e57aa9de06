/** Sends a recorded scenario's requests to a cluster, each when that is in the state the real one was in. */
import type { TestCluster } from "../cluster.ts";
import type { HttpStep } from "../oracles.ts";
import { comparable, differences } from "./answers.ts";
import type { Follower } from "./follower.ts";
import type { Json, Key, Recording } from "./recording.ts";
import { States } from "./states.ts";

export interface Outcome {
  /** Requests that were sent. */
  answers: number;
  /** What differs, by the label of the request or the name of the track. */
  different: Map<string, string[]>;
  /** Whatever could differ: labels of requests, and tracks of either side. */
  names: Set<string>;
}

/** How fast guests and this player are: on a busy machine both take longer, so that recorded order holds. */
export interface Pace {
  /** What every simulated duration is multiplied by; 1 on an idle machine. */
  slowdown: number;
  /** How long a state may take beside what it took the real cluster; what never comes shows in the order of states. */
  patienceMs: number;
  /** How many quiet turns prove that what is waited for will not come: few where it is known to differ. */
  quietTurns: (token: string) => number;
  /** States of a track that either side may jump over. */
  mayPass: (track: string) => readonly string[];
}

/** A turn of waiting on an idle machine: longer than any simulated duration but the pause after a crash. */
const turnMs = 3_000;

const durationsAt = (slowdown: number): Readonly<Record<string, string>> => ({
  "kubesim.kubev.io/boot-ms": String(Math.round(800 * slowdown)),
  "kubesim.kubev.io/agent-ms": String(Math.round(1500 * slowdown)),
  "kubesim.kubev.io/shutdown-ms": String(Math.round(1500 * slowdown)),
  "kubesim.kubev.io/migration-seconds": String(2 * slowdown),
});

/** What its agents said of every guest. */
const guestOs =
  "fedora;Fedora Linux;42 (Cloud Edition);6.14.0-63.fc42.x86_64;#1 SMP PREEMPT_DYNAMIC Mon Mar 24 19:53:37 UTC 2025";

/** The recorder's hosts gave every guest a boot, an agent and a shutdown that take their time, unless told otherwise. */
function withKnobs(metadata: Json | undefined, slowdown: number): Json {
  const given = (metadata?.["annotations"] ?? {}) as Record<string, string>; // as recorded
  const { "fake-node.io/migrate-ms": migrateMs, "fake-node.io/poweroff-after-ms": offMs } = given;
  const annotations = {
    ...durationsAt(slowdown),
    ...(given["fake-node.io/no-agent"] !== "true" && {
      "kubesim.kubev.io/guest-agent": "true",
      "kubesim.kubev.io/guest-os": guestOs,
    }),
    ...(given["fake-node.io/crash-at-boot"] === "true" && { "kubesim.kubev.io/crash-at-boot": "true" }),
    ...(given["fake-node.io/fail-migration"] === "true" && { "kubesim.kubev.io/migration-fails": "true" }),
    ...(offMs !== undefined && { "kubesim.kubev.io/poweroff-after-ms": String(Number(offMs) * slowdown) }),
    ...(migrateMs !== undefined && {
      "kubesim.kubev.io/migration-seconds": String((Number(migrateMs) / 1000) * slowdown),
    }),
    ...given,
  };
  return { ...metadata, annotations };
}

/** Disks whose content would come from the internet are empty here. */
function blank(vm: Json): Json {
  const spec = vm["spec"] as { dataVolumeTemplates?: { spec?: { source?: Json } }[] } | undefined; // as recorded
  const templates = spec?.dataVolumeTemplates?.map((template) =>
    template.spec?.source?.["http"] || template.spec?.source?.["registry"]
      ? { ...template, spec: { ...template.spec, source: { blank: {} } } }
      : template,
  );
  return templates === undefined ? vm : { ...vm, spec: { ...spec, dataVolumeTemplates: templates } };
}

/** Puts the knobs into whatever a created object makes machines of. */
function inSimWords(body: unknown, slowdown: number): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const object = body as Json; // just checked
  if (object["kind"] === "VirtualMachineInstance")
    return { ...object, metadata: withKnobs(object["metadata"] as Json, slowdown) }; // as recorded
  const knobbed = (holder: Json): Json => {
    const spec = holder["spec"] as Json | undefined; // as recorded
    const inner = spec?.["virtualMachineTemplate"] as Json | undefined; // a pool's
    if (inner !== undefined) return { ...holder, spec: { ...spec, virtualMachineTemplate: knobbed(inner) } };
    const template = spec?.["template"] as Json | undefined; // as recorded
    if (template === undefined) return holder;
    return {
      ...holder,
      spec: {
        ...spec,
        template: { ...template, metadata: withKnobs(template["metadata"] as Json | undefined, slowdown) },
      },
    };
  };
  const known = typeof object["kind"] === "string" && object["kind"].startsWith("VirtualMachine");
  return known ? knobbed(blank(object)) : object;
}

/** Fields that must agree before the next request is sent. */
const awaited = ["printableStatus", "phase", "created", "complete", "readyToUse", "readyReplicas"] as const;

/** Fields that come back to the same state: it counts how often they did. */
const repeated = ["printableStatus", "phase", "AgentConnected"] as const;

function disagreement(wanted: Key, shown: Key | undefined): string | undefined {
  if (shown === undefined) return "absent";
  const field = awaited.find((name) => wanted[name] !== shown[name]);
  if (field !== undefined) return field;
  return Object.keys(wanted.conditions ?? {}).find(
    (type) => wanted.conditions?.[type] !== shown.conditions?.[type],
  );
}

export class Player {
  readonly #cluster: TestCluster;
  readonly #follower: Follower;
  readonly #recording: Recording;
  readonly #pace: Pace;
  readonly #real = new States();
  readonly #given = new Set<string>();

  constructor(cluster: TestCluster, follower: Follower, recording: Recording, pace: Pace) {
    this.#cluster = cluster;
    this.#follower = follower;
    this.#recording = recording;
    this.#pace = pace;
  }

  async play(): Promise<Outcome> {
    const { namespace, steps, durationMs } = this.#recording;
    await this.#cluster.call("/api/v1/namespaces", { body: { metadata: { name: namespace } } });
    const different = new Map<string, string[]>();
    const used = new Map<string, number>();
    let answers = 0;
    let lastMs = 0;
    const ours = this.#follower.statesOf(namespace);
    for (const step of steps) {
      if (step.step === "watch") this.#real.add(step);
      if (step.step !== "http") continue;
      const count = (used.get(step.label) ?? 0) + 1;
      used.set(step.label, count);
      if (!/immediately|right after/.test(step.label)) await this.#settle(step.t - lastMs);
      lastMs = step.t;
      ours.mark();
      const found = await this.#ask(step);
      answers += 1;
      if (found.length > 0) different.set(count === 1 ? step.label : `${step.label} (${count})`, found);
    }
    await this.#settle(durationMs - lastMs);
    const unlike = () => this.#real.unlike(ours, this.#pace.mayPass);
    await this.#until(() => [...unlike().keys()], this.#pace.patienceMs);
    for (const [track, both] of unlike()) different.set(track, both);
    const names = new Set([...used.keys(), ...this.#real.tracks, ...ours.tracks]);
    return { answers, different, names };
  }

  /** Waits until everything is as it was; a state that was passed already, or never comes, is not waited for twice. */
  async #settle(tookMs: number): Promise<void> {
    const ours = this.#follower.statesOf(this.#recording.namespace);
    const open = () => {
      const missing: string[] = [];
      for (const [label, wanted] of this.#real.now) {
        const why =
          disagreement(wanted, ours.now.get(label)) ??
          repeated.find((field) => {
            const state = field === "AgentConnected" ? wanted.conditions?.[field] : wanted[field];
            return (
              state !== undefined && ours.steps(label, field, state) < this.#real.steps(label, field, state)
            );
          });
        if (why === undefined) continue;
        const value = wanted[why as "phase"] ?? wanted.conditions?.[why] ?? ""; // one of the fields above, or a condition
        const token = `${label} ${why} ${value} ${this.#real.steps(label, why)}`;
        if (this.#given.has(token) || ours.steps(label, why) > this.#real.steps(label, why)) continue;
        missing.push(token);
      }
      for (const label of ours.now.keys()) {
        const token = `${label} still there`;
        if (!this.#real.now.has(label) && this.#real.steps(label, "life") > 0 && !this.#given.has(token))
          missing.push(token);
      }
      return missing;
    };
    await this.#until(open, tookMs * this.#pace.slowdown + this.#pace.patienceMs);
    for (const token of open()) this.#given.add(token);
  }

  /** Waits until nothing is open, or only what is known to stay so where nothing happens any more. */
  async #until(open: () => string[], patienceMs: number): Promise<void> {
    const ours = this.#follower.statesOf(this.#recording.namespace);
    const deadline = Date.now() + patienceMs;
    let changes = ours.changes;
    let quiet = 0;
    for (let left = patienceMs; left > 0; left = deadline - Date.now()) {
      if (await this.#follower.until(() => open().length === 0, Math.min(left, turnMs * this.#pace.slowdown)))
        return;
      quiet = ours.changes === changes ? quiet + 1 : 0;
      changes = ours.changes;
      if (open().every((token) => quiet >= this.#pace.quietTurns(token))) return;
    }
  }

  /** The recorded path, with the names that this cluster made up. */
  #pathOf(path: string): string {
    const ours = this.#follower.statesOf(this.#recording.namespace);
    return path.replace(
      /(pods|virtualmachineinstancemigrations|virtualmachineinstances)\/([^/?]+)/,
      (whole, resource: string, name: string) => {
        const kind =
          resource === "pods"
            ? "Pod"
            : resource.includes("migrations")
              ? "VirtualMachineInstanceMigration"
              : "VirtualMachineInstance";
        const label = this.#real.labelOf(kind, name);
        const mine = label === undefined ? undefined : ours.nameOf(label);
        return mine === undefined ? whole : `${resource}/${mine}`;
      },
    );
  }

  async #ask({ label, request, response }: HttpStep): Promise<string[]> {
    const { method, path, user, body, headers, contentType } = request;
    const answer = await this.#cluster.call(this.#pathOf(path), {
      method,
      ...(body === undefined
        ? {}
        : { body: method === "POST" ? inSimWords(body, this.#pace.slowdown) : body }),
      ...(label === "bad token" ? { token: "wrong" } : {}),
      headers: {
        accept: "*/*",
        ...Object.fromEntries(
          Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        ...(contentType === undefined ? {} : { "content-type": contentType }),
        ...(user === undefined || user === "admin" ? {} : { "Impersonate-User": user }),
      },
    });
    const found: string[] = [];
    if (answer.code !== response.code) found.push(`code: real ${response.code}, sim ${answer.code}`);
    const [realType, ourType] = [response.contentType, answer.headers["content-type"]];
    if ((realType ?? "") !== (ourType ?? ""))
      found.push(`content type: real ${realType ?? "none"}, sim ${String(ourType ?? "none")}`);
    if ((response.warning ?? "") !== (answer.headers["warning"] ?? ""))
      found.push(
        `warning: real ${response.warning ?? "none"}, sim ${String(answer.headers["warning"] ?? "none")}`,
      );
    // Of a picture the recorder kept the number of bytes only.
    if (realType === "image/png") return found;
    return [...found, ...differences(comparable(response.body), comparable(answer.body ?? answer.text))];
  }
}
