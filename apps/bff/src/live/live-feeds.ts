/**
 * Feeds say only that something changed; the client fetches it again. Who may see it is asked before he is told, and whether
 * he still may at every recheck.
 */
import { objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { Noun } from "@kubev/api-types/resource-ref";
import { mapLimited } from "../domain/mapped-limit.ts";
import { sees } from "../access/scope.ts";
import { activityScope } from "../inventory/activity-scope.ts";
import type { WriteListener } from "../inventory/write-sink.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { isVisible } from "../inventory/list-query.ts";
import type { Services } from "../services.ts";
import type { LiveClient, Subscription } from "./live-client.ts";
import { type ClientMessage, problemBody } from "./live-messages.ts";

const feedEveryMs = 500;
const recheckedAtOnce = 20;

/** Feeds of which `tell` alone says that they changed. */
const toldFeeds: readonly string[] = ["session", "capabilities"];
/** Longer than a page takes from its own requests to its first subscriptions; a tab that was refused or cut off fetches by itself. */
const pageLoadsWithinMs = 120_000;

/** Feeds of one thing, with the list in which only those see it who may follow it. */
const listOfFeed = { vm: "vms", disk: "disks", image: "images" } as const;
const hasList = (feed: string): feed is keyof typeof listOfFeed => Object.hasOwn(listOfFeed, feed);

/** Where something happened: seen by those whose scope of the noun holds the project, and by the person who did it. */
interface SeenChange {
  noun: Noun;
  project: string;
  /** Of what lies in no project but is used by some. */
  openTo?: ListEntry["openTo"];
  userName?: string;
}

const networkNouns = [
  "address",
  "vpc-nat-gateway",
  "vpc-egress-gateway",
  "iptables-eip",
  "ovn-eip",
  "ovn-fip",
  "ovn-snat",
  "ovn-dnat",
] as const;
/** What the pictures and pages of networks show: an address is a machine on a subnet, the rest are ways out of a VPC. */
const networkLists = [
  ["vpcs", "vpc"],
  ["subnets", "subnet"],
  ...networkNouns.map((noun) => [noun, noun] as const),
] as const;

interface FeedFollower {
  client: LiveClient;
  subscription: Subscription;
  feed: string;
  project: string;
  name: string;
  noun: ObjectNoun | undefined;
  /** `gone` once the object went; null while nothing happened. `unchanged` only says that it is followed. */
  pending: { gone: boolean; unchanged?: true } | null;
  /** Changes that count only if this person may see them. */
  perhaps: SeenChange[];
}

/** `object`: undefined is any. */
const isAbout = (
  { project, name }: Pick<FeedFollower, "project" | "name">,
  object: Parameters<WriteListener>[0],
): boolean => object === undefined || (object.namespace === project && object.name === name);

export class LiveFeeds {
  readonly #services: Services;
  readonly #followers = new Set<FeedFollower>();
  readonly #timer: NodeJS.Timeout;
  /** Monotonic milliseconds. */
  readonly #toldAtMs = new Map<string, number>();
  readonly #startedMs: number;

  constructor(services: Services) {
    this.#services = services;
    this.#startedMs = services.clock.monotonicMs();
    const { nouns, audit } = services;
    for (const noun of objectNouns) {
      for (const feed of nouns[noun].feeds)
        feed.onWrite((object) =>
          this.#feedChanged("object", (one) => one.noun === noun && isAbout(one, object), false),
        );
      nouns[noun].index.onChange((before, after) => {
        const record = (after ?? before)?.record;
        this.#feedChanged(
          "object",
          (one) => one.noun === noun && one.name === record?.name && one.project === record.namespace,
          after === undefined,
        );
      });
    }
    for (const [feed, list] of Object.entries(listOfFeed)) {
      // a page shows more than the entry of its list holds
      for (const written of nouns[list].feeds)
        written.onWrite((object) => this.#feedChanged(feed, (one) => isAbout(one, object), false));
      nouns[list].index.onChange((before: ListEntry | undefined, after: ListEntry | undefined) => {
        const key = (after ?? before)?.key;
        this.#feedChanged(feed, (one) => `${one.project}/${one.name}` === key, after === undefined);
      });
    }
    for (const [list, noun] of networkLists)
      nouns[list].index.onChange((before: ListEntry | undefined, after: ListEntry | undefined) => {
        for (const { project, openTo } of [before, after].filter((entry) => entry !== undefined))
          this.#perhapsChanged("networks", { noun, project, openTo });
      });
    for (const [list, noun] of [
      ["vms", "virtual-machine"],
      ["images", "image"],
      ["disks", "disk"],
    ] as const)
      nouns[list].index.onChange(
        (before: { project: string } | undefined, after: { project: string } | undefined) =>
          this.#perhapsChanged("tasks", { noun, project: (after ?? before)?.project ?? "" }),
      );
    // with every machine that starts or stops a project changes too, but only its deletion is a task
    nouns.projects.index.onChange((before, after) => {
      const entry = after ?? before;
      if (entry !== undefined && entry.record.deletion !== null)
        this.#perhapsChanged("tasks", { noun: "project", project: entry.project });
    });
    audit.onRow((row) =>
      this.#perhapsChanged("activity", {
        noun: row.noun,
        project: row.project ?? "",
        userName: row.user,
      }),
    );
    this.#timer = setInterval(() => void this.#send(), feedEveryMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Everybody who follows `feed` fetches again. */
  tell(feed: string): void {
    this.#toldAtMs.set(feed, this.#services.clock.monotonicMs());
    this.#feedChanged(feed, () => true, false);
  }

  async follow(
    client: LiveClient,
    message: Extract<ClientMessage, { type: "subscribe-feed" }>,
  ): Promise<void> {
    const project = message.project ?? "";
    const subscription: Subscription = {
      id: message.id,
      seq: 0,
      stop: () => {
        stopListening();
        this.#followers.delete(follower);
      },
    };
    // a decision that was renewed in the background counts at once, and not with the next look
    const stopListening = client.caller.rights.onChange(() => {
      if (this.#followers.has(follower)) void this.#recheckOne(follower);
    });
    const follower: FeedFollower = {
      client,
      subscription,
      feed: message.feed,
      project,
      name: message.name ?? "",
      noun: message.noun,
      pending: null,
      perhaps: [],
    };
    client.subscriptions.set(message.id, subscription);
    if (!(await this.#mayFollow(follower))) {
      stopListening();
      if (client.subscriptions.get(message.id) === subscription) client.subscriptions.delete(message.id);
      client.send({ type: "refused", id: message.id, error: problemBody("not-found") });
      client.flush();
      return;
    }
    if (client.subscriptions.get(message.id) !== subscription) return; // it was stopped
    // What changed between the page's own request and this moment was told to nobody: have it fetched once more.
    follower.pending = this.#isQuiet(follower.feed) ? { gone: false, unchanged: true } : { gone: false };
    this.#followers.add(follower);
  }

  /** Whether nothing was told of it since any page that subscribes now was asked for. */
  #isQuiet(feed: string): boolean {
    // what another process told before this one was there is not known here
    const toldAtMs = this.#toldAtMs.get(feed) ?? this.#startedMs;
    return toldFeeds.includes(feed) && this.#services.clock.monotonicMs() - toldAtMs > pageLoadsWithinMs;
  }

  /** The feed of one thing tells when it changes: only those may follow it who may see it in its list. */
  async #mayFollow({ feed, client, project, name, noun }: FeedFollower): Promise<boolean> {
    const own = hasList(feed) ? listOfFeed[feed] : undefined;
    if (own === undefined && feed !== "object") return true;
    const list = own ?? noun;
    if (list === undefined || (own !== undefined && project === "")) return false;
    return sees(await this.#services.nouns[list].scope(client.caller.rights), project, name);
  }

  #feedChanged(feed: string, fits: (follower: FeedFollower) => boolean, gone: boolean): void {
    for (const follower of this.#followers)
      if (follower.feed === feed && fits(follower)) follower.pending = { gone };
  }

  #perhapsChanged(feed: string, change: SeenChange): void {
    for (const follower of this.#followers) {
      if (follower.feed !== feed || follower.pending !== null) continue;
      if (follower.project !== "" && follower.project !== change.project) continue;
      const known = follower.perhaps.some(
        (one) =>
          one.noun === change.noun &&
          one.project === change.project &&
          one.openTo === change.openTo &&
          one.userName === change.userName,
      );
      if (!known) follower.perhaps.push(change);
    }
  }

  async #sees(client: LiveClient, changes: readonly SeenChange[]): Promise<boolean> {
    const { person } = client.caller.session;
    if (changes.some((change) => change.userName === person.userName)) return true;
    for (const noun of new Set(changes.map((change) => change.noun))) {
      const scope = await activityScope(this.#services.nouns, noun, client.caller.rights);
      const seen = ({ project, openTo }: SeenChange) =>
        isVisible({ key: "", uid: "", project, ...(openTo === undefined ? {} : { openTo }) }, scope);
      if (changes.some((change) => change.noun === noun && seen(change))) return true;
    }
    return false;
  }

  async #send(): Promise<void> {
    await Promise.all(
      [...this.#followers].map(async (follower) => {
        const { perhaps } = follower;
        if (perhaps.length === 0) return;
        follower.perhaps = [];
        if (await this.#sees(follower.client, perhaps)) follower.pending ??= { gone: false };
      }),
    );
    for (const follower of this.#followers) {
      if (follower.pending === null) continue;
      const { pending } = follower;
      follower.pending = null;
      follower.subscription.seq += 1;
      follower.client.send({
        type: "invalidate",
        id: follower.subscription.id,
        seq: follower.subscription.seq,
        ...pending,
      });
    }
  }

  /** Ends the feeds of those who may no longer see what they follow. */
  async recheck(): Promise<void> {
    await mapLimited([...this.#followers], recheckedAtOnce, async (follower) => this.#recheckOne(follower));
  }

  async #recheckOne(follower: FeedFollower): Promise<void> {
    if ((await this.#mayFollow(follower)) || !this.#followers.has(follower)) return;
    follower.subscription.stop();
    follower.client.send({
      type: "refused",
      id: follower.subscription.id,
      error: problemBody("not-found"),
    });
  }
}
