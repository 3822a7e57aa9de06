/** What the cluster has installed, asked at most once a minute. A missing part is a fact to show, never a failure. */
import type { CapabilitiesReply, Component, FeedHealth } from "@kubev/api-types/capabilities";
import type { ReasonCode } from "@kubev/api-types/reason-codes";
import type { Rights } from "../access/rights.ts";
import { type Scope, inScope } from "../access/scope.ts";
import type { Config } from "../config.ts";
import { reasonOf } from "../domain/reasons.ts";
import { beside } from "../kube/beside.ts";
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, kubePath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { FeedStatus } from "./feed.ts";
import type { Inventory } from "./inventory.ts";
import type { RawObject } from "./raw.ts";

const refreshMs = 60_000;

interface RawKubeVirt {
  spec?: {
    configuration?: { developerConfiguration?: { featureGates?: string[] } };
  };
  status?: { phase?: string; observedKubeVirtVersion?: string };
}

interface Known {
  kubernetes: Component;
  kubevirt: Component & { featureGates: string[] };
  cdi: Component;
  metrics: Component;
  uploadProxyUrl: string;
  uploadProxyCa: string;
}

const missing = (
  state: "absent" | "forbidden" | "failing",
  name: string,
  upstreamText?: string,
): Component => ({
  state,
  reason: reasonOf(`component-${state}` satisfies ReasonCode, { component: name }, upstreamText),
});

function componentOfError(error: unknown, name: string): Component {
  if (error instanceof KubeError && error.status === 404) return missing("absent", name);
  if (error instanceof KubeError && error.status === 403) return missing("forbidden", name, error.message);
  return missing("failing", name, error instanceof Error ? error.message : undefined);
}

export class Capabilities {
  readonly #service: KubeClient;
  readonly #inventory: Inventory;
  readonly #config: Config;
  readonly #clock: Clock;
  #known: Promise<Known> | null = null;
  #knownAtMs = 0;

  constructor(service: KubeClient, inventory: Inventory, config: Config, clock: Clock) {
    this.#service = service;
    this.#inventory = inventory;
    this.#config = config;
    this.#clock = clock;
  }

  async #ask(): Promise<Known> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#known === null || nowMs - this.#knownAtMs > refreshMs) {
      this.#knownAtMs = nowMs;
      this.#known = this.#look();
    }
    return this.#known;
  }

  async #look(): Promise<Known> {
    const [kubernetes, kubevirt, cdi, upload, metrics] = await Promise.all([
      this.#kubernetes(),
      this.#kubevirt(),
      this.#cdi(),
      this.#uploadProxy(),
      this.#metrics(),
    ]);
    return { kubernetes, kubevirt, cdi, metrics, ...upload };
  }

  async #kubernetes(): Promise<Component> {
    try {
      const version = await this.#service.json<{ gitVersion?: string }>(kubePath("version"), {
        timeoutMs: 5000,
      });
      return {
        state: "present",
        ...(version.gitVersion === undefined ? {} : { version: version.gitVersion }),
      };
    } catch (error) {
      return componentOfError(error, "Kubernetes");
    }
  }

  async #kubevirt(): Promise<Component & { featureGates: string[] }> {
    try {
      const list = await this.#service.json<{ items?: RawKubeVirt[] }>(collectionPath(types.kubeVirt), {
        ...beside,
      });
      const found = list.items?.[0];
      if (found === undefined) return { ...missing("absent", "KubeVirt"), featureGates: [] };
      const version = found.status?.observedKubeVirtVersion;
      const featureGates = found.spec?.configuration?.developerConfiguration?.featureGates ?? [];
      const phase = found.status?.phase ?? "Deployed";
      return {
        ...(phase === "Deployed" ? { state: "present" as const } : missing("failing", "KubeVirt", phase)),
        ...(version === undefined ? {} : { version }),
        featureGates,
      };
    } catch (error) {
      return { ...componentOfError(error, "KubeVirt"), featureGates: [] };
    }
  }

  async #cdi(): Promise<Component> {
    try {
      const list = await this.#service.json<{
        items?: RawObject<never, { observedVersion: string; phase: string }>[];
      }>(collectionPath(types.cdi), beside);
      const version = list.items?.[0]?.status?.observedVersion;
      return { state: "present", ...(version === undefined ? {} : { version }) };
    } catch (error) {
      return componentOfError(error, "CDI");
    }
  }

  async #uploadProxy(): Promise<{ uploadProxyUrl: string; uploadProxyCa: string }> {
    if (this.#config.uploadProxy !== null)
      return { uploadProxyUrl: this.#config.uploadProxy.url, uploadProxyCa: this.#config.uploadProxy.caPem };
    try {
      const found = await this.#service.json<
        RawObject<never, { uploadProxyURL: string; uploadProxyCA: string }>
      >(objectPath(types.cdiConfig, "config"), beside);
      const url = found.status?.uploadProxyURL ?? "";
      return {
        uploadProxyUrl: url === "" || /^https?:/.test(url) ? url : `https://${url}`,
        uploadProxyCa: found.status?.uploadProxyCA ?? "",
      };
    } catch {
      return { uploadProxyUrl: "", uploadProxyCa: "" }; // shown as `upload-service-unknown` when an upload is tried
    }
  }

  /** Asked for what it measures: an aggregated group is told of by the API server also while nobody answers behind it. */
  async #metrics(): Promise<Component> {
    try {
      await this.#service.json(collectionPath(types.nodeMetrics), { query: { limit: "1" }, ...beside });
      return { state: "present" };
    } catch (error) {
      return componentOfError(error, "metrics");
    }
  }

  #ofFeed(feed: FeedStatus, name: string): Component {
    return feed.state === "absent" || feed.state === "forbidden" || feed.state === "failing"
      ? missing(feed.state, name, feed.failure)
      : { state: "present" };
  }

  /** Where uploads go, and how that server is recognised; '' where it is not known. */
  async uploadProxy(): Promise<{ url: string; caPem: string }> {
    const known = await this.#ask();
    if (known.uploadProxyUrl === "") this.#known = null;
    return { url: known.uploadProxyUrl, caPem: known.uploadProxyCa };
  }

  /** How a feed is. How many objects it has goes only to who may list them all: a count tells of what he may not know. */
  async #feedOf(feed: FeedStatus, rights: Rights, scope: Scope): Promise<FeedHealth> {
    const { health } = feed;
    const { group, plural } = feed.type;
    const mayCount = await rights.can({ verb: "list", group, resource: plural, subresource: "" }, "");
    return {
      ...health,
      objects: mayCount ? health.objects : 0,
      scope:
        health.scope === "cluster" ? health.scope : health.scope.filter((project) => inScope(scope, project)),
    };
  }

  /** What a platform may have or not. */
  async optionalParts(): Promise<{ name: string; component: Component }[]> {
    const { metrics } = await this.#ask();
    return [
      {
        name: "Volume snapshots",
        component: this.#ofFeed(this.#inventory.feeds.volumeSnapshots, "volume snapshots"),
      },
      { name: "Metrics", component: metrics },
    ];
  }

  /** KubeVirt's version as it says it, and the gates that are set by hand. */
  async kubevirt(): Promise<Component & { featureGates: string[] }> {
    return (await this.#ask()).kubevirt;
  }

  /** Of the cluster. Feeds with projects in their scope show only those the caller sees. */
  async reply(rights: Rights, scope: Scope): Promise<Omit<CapabilitiesReply, "database">> {
    const known = await this.#ask();
    const { subnets, volumeSnapshots } = this.#inventory.feeds;
    return {
      kubernetes: known.kubernetes,
      kubevirt: known.kubevirt,
      kubeOvn: this.#ofFeed(subnets, "Kube-OVN"),
      cdi: known.cdi,
      snapshots: this.#ofFeed(volumeSnapshots, "volume snapshots"),
      metrics: known.metrics,
      prometheus: this.#config.prometheus === null ? missing("absent", "Prometheus") : { state: "present" },
      machines: this.#config.machines,
      ...(this.#config.sharedImagesProject === ""
        ? {}
        : { sharedImagesProject: this.#config.sharedImagesProject }),
      maxUploadBytes: this.#config.maxUploadBytes,
      feeds: await Promise.all(
        Object.values(this.#inventory.feeds).map(async (feed) => this.#feedOf(feed, rights, scope)),
      ),
    };
  }
}
