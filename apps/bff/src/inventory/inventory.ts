/** The shared read model: one feed per kind, kept under the service's identity, and what is derived from several of them. */
import type { FeedHealth } from "@kubev/api-types/capabilities";
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { RecordBase } from "../domain/vm-records.ts";
import { KubeError } from "../kube/kube-error.ts";
import { kubePath, objectPath } from "../kube/kube-path.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { parseLossless } from "../kube/lossless-json.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import { Feed, type FeedContext, type FeedStatus } from "./feed.ts";
import type { FeedTable } from "./feed-table.ts";
import * as copies from "./project-copies.ts";
import * as machines from "./project-machines.ts";
import * as platform from "./project-platform.ts";
import * as storage from "./project-storage.ts";
import type { RawObject } from "./raw.ts";

function openFeeds(context: FeedContext) {
  return {
    vms: new Feed(types.virtualMachine, machines.projectVm, context),
    instances: new Feed(types.virtualMachineInstance, machines.projectInstance, context),
    pods: new Feed(types.pod, machines.projectPod, context),
    migrations: new Feed(types.migration, machines.projectMigration, context),
    vmSnapshots: new Feed(types.vmSnapshot, copies.projectVmSnapshot, context),
    vmRestores: new Feed(types.vmRestore, copies.projectVmRestore, context),
    vmClones: new Feed(types.vmClone, copies.projectVmClone, context),
    claims: new Feed(types.claim, storage.projectClaim, context),
    dataVolumes: new Feed(types.dataVolume, storage.projectDataVolume, context),
    images: new Feed(types.dataSource, storage.projectImage, context),
    storageClasses: new Feed(types.storageClass, storage.projectStorageClass, context),
    storageProfiles: new Feed(types.storageProfile, storage.projectStorageProfile, context),
    snapshotClasses: new Feed(types.volumeSnapshotClass, storage.projectSnapshotClass, context),
    volumeSnapshots: new Feed(types.volumeSnapshot, storage.projectVolumeSnapshot, context),
    projects: new Feed(types.namespace, platform.projectProject, context),
    hosts: new Feed(types.node, platform.projectHost, context),
    subnets: new Feed(types.subnet, platform.projectSubnet, context, parseLossless),
    vpcs: new Feed(types.vpc, platform.projectVpc, context),
    ips: new Feed(types.ip, platform.projectIp, context),
    quotas: new Feed(types.resourceQuota, platform.projectQuota, context),
    instanceTypes: new Feed(types.instanceType, platform.projectInstanceType, context),
    clusterInstanceTypes: new Feed(types.clusterInstanceType, platform.projectInstanceType, context),
    preferences: new Feed(types.preference, platform.projectPreference, context),
    clusterPreferences: new Feed(types.clusterPreference, platform.projectPreference, context),
    roleBindings: new Feed(types.roleBinding, platform.projectRoleBinding, context),
    clusterRoleBindings: new Feed(types.clusterRoleBinding, platform.projectRoleBinding, context),
    roles: new Feed(types.role, platform.projectRole, context),
    clusterRoles: new Feed(types.clusterRole, platform.projectRole, context),
  };
}

export type Feeds = ReturnType<typeof openFeeds>;

/** What the inventory does with a feed, whatever it holds. */
type Kept = Pick<
  Feed<never>,
  | keyof FeedStatus
  | "settled"
  | "start"
  | "stop"
  | "followProjects"
  | "confirmLive"
  | "markStale"
  | "addTable"
> & { readonly table: Pick<FeedTable<never>, "onState"> };

const projectProbeMs = 30_000;
const pingMs = 10_000;
const pingTimeoutMs = 10_000;

export class Inventory {
  readonly feeds: Feeds;
  /** Another one after every restart, so that clients know their sequence numbers ended. */
  readonly epoch = randomUUID();
  readonly #context: FeedContext;
  readonly #namedProjects: readonly string[];
  readonly #stop = new AbortController();
  readonly #tasks: Promise<void>[] = [];
  /** Of the fixed kinds and of the catalogued ones. */
  readonly #all: Kept[];

  constructor(context: Omit<FeedContext, "projects">, namedProjects: readonly string[]) {
    this.#context = {
      ...context,
      projects: () => {
        const known = [...this.feeds.projects.table.values()].map((project) => project.name);
        return known.length > 0 ? known : namedProjects;
      },
    };
    this.feeds = openFeeds(this.#context);
    this.#all = Object.values(this.feeds);
    this.feeds.projects.table.onState(() => this.#followProjects());
    this.feeds.projects.table.onChange((before, after) => {
      if (before === undefined || after === undefined) this.#followProjects();
    });
    this.#namedProjects = namedProjects;
  }

  /** One more table, of a kind that is kept already or is kept from `start` on: no kind is watched twice. */
  addTable<R extends RecordBase>(
    type: ResourceType,
    project: (raw: never) => R,
  ): { feed: FeedStatus; table: FeedTable<R> } {
    const kept = this.#all.find((feed) => isDeepStrictEqual(feed.type, type));
    if (kept !== undefined) return { feed: kept, table: kept.addTable(project) };
    const feed = new Feed(type, project, this.#context);
    this.#all.push(feed);
    return { feed, table: feed.table };
  }

  #followProjects(): void {
    for (const feed of this.#all) feed.followProjects();
  }

  /** True once no kind is read for the first time any more. */
  get isWhole(): boolean {
    return this.#all.every((feed) => feed.settled);
  }

  start(): void {
    for (const feed of this.#all) feed.start();
    this.#tasks.push(this.#probeProjects(), this.#ping());
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#all.map(async (feed) => feed.stop()), ...this.#tasks]);
  }

  /**
   * True once machines, instances and projects are known, or known to be out of reach. A part of the cluster that fails keeps
   * nobody from the rest; where what every cluster has cannot be read, it is the cluster that fails.
   */
  get ready(): boolean {
    const { vms, instances, projects, roleBindings } = this.feeds;
    return (
      [vms, instances, projects, roleBindings].every((feed) => feed.settled) &&
      [projects, roleBindings].every((feed) => feed.state !== "failing")
    );
  }

  get health(): FeedHealth[] {
    return this.#all.map((feed) => feed.health);
  }

  /** Tells when any feed's health changes. */
  onHealth(listener: () => void): void {
    for (const feed of this.#all) feed.table.onState(listener);
  }

  rbacVersion(): number {
    const { roles, roleBindings, clusterRoles, clusterRoleBindings } = this.feeds;
    return (
      roles.table.version +
      roleBindings.table.version +
      clusterRoles.table.version +
      clusterRoleBindings.table.version
    );
  }

  /** Who may not list namespaces may still read the ones that were named to us, one by one. */
  async #probeProjects(): Promise<void> {
    const { client, clock } = this.#context;
    const sink = this.feeds.projects.table.sink();
    while (!this.#stop.signal.aborted) {
      if (this.feeds.projects.state === "forbidden")
        for (const name of this.#namedProjects) {
          try {
            sink.upsert(
              await client.json<RawObject>(objectPath(types.namespace, name), { signal: this.#stop.signal }),
            );
          } catch (error) {
            if (error instanceof KubeError && (error.status === 404 || error.status === 403))
              sink.remove("", name, "");
          }
        }
      await clock.sleep(this.feeds.projects.settled ? projectProbeMs : 250, this.#stop.signal);
    }
  }

  /** Watches are silent when nothing changes; this tells silence from a cluster that is gone. */
  async #ping(): Promise<void> {
    const { client, clock } = this.#context;
    let lastAnswerMs = clock.nowMs();
    while (!this.#stop.signal.aborted) {
      await clock.sleep(pingMs, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      try {
        const answer = await client.send(kubePath("version"), {
          timeoutMs: pingTimeoutMs,
          signal: this.#stop.signal,
        });
        answer.body.resume();
        lastAnswerMs = clock.nowMs();
        for (const feed of this.#all) feed.confirmLive();
      } catch {
        for (const feed of this.#all) feed.markStale(lastAnswerMs);
      }
    }
  }
}
