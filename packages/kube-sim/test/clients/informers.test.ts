/** Informers of @kubernetes/client-node stay in step with a cluster that changes and fails under them. */
import {
  CoreV1Api,
  CustomObjectsApi,
  type KubernetesListObject,
  type KubernetesObject,
  KubeConfig,
  ListWatch,
  Watch,
} from "@kubernetes/client-node";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "../cluster.ts";
import { KINDS_OF_TROUBLE, makeTrouble, randomFrom, runChanges } from "./scripted-changes.ts";

/** `SOAK=1` makes the full length. */
const CHANGES = process.env["SOAK"] === "1" ? 100_000 : 6_000;
const SEED = 20_261_123;

let cluster: TestCluster;
let config: KubeConfig;
beforeAll(async () => {
  cluster = await startCluster();
  config = new KubeConfig();
  config.loadFromFile(cluster.sim.kubeconfigPath);
});
afterAll(async () => cluster.close());

/** Typed lists have dates where watches have text, and no kinds: what both say, by name. */
function comparable(objects: readonly KubernetesObject[]): Map<string, unknown> {
  const plain = (object: KubernetesObject): unknown => {
    const { apiVersion: _version, kind: _kind, ...rest } = object;
    return JSON.parse(JSON.stringify(rest), (_key, value: unknown) =>
      typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : value,
    );
  };
  return new Map(
    objects
      .map((object): [string, unknown] => [
        `${object.metadata?.namespace ?? ""}/${object.metadata?.name ?? ""}`,
        plain(object),
      ])
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
}

interface Followed {
  cache(): Map<string, unknown>;
  /** What the events alone add up to. */
  mirror(): Map<string, unknown>;
  cluster(): Promise<Map<string, unknown>>;
  events: number;
  errors: number;
  stop(): Promise<void>;
}

/** As its documentation says: whoever hears an error starts the informer again. */
async function follow(
  path: string,
  query: string,
  list: () => Promise<KubernetesListObject<KubernetesObject>>,
  labelSelector?: string,
): Promise<Followed> {
  const watch = new Watch(config);
  // an answer that never comes is given up after half a minute where nobody says otherwise
  Object.assign(watch, { requestTimeoutMs: 1500 });
  const informer = new ListWatch(path, watch, list, false, labelSelector, undefined, {
    delayFn: () => new Promise((resolve) => setTimeout(resolve, 5)),
  });
  const mirror = new Map<string, KubernetesObject>();
  const keyOf = ({ metadata }: KubernetesObject) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
  let stopped = false;
  const followed: Followed = {
    cache: () => comparable(informer.list()),
    mirror: () => comparable([...mirror.values()]),
    cluster: async () => comparable((await cluster.call(`${path}${query}`)).body.items),
    events: 0,
    errors: 0,
    stop: async () => {
      stopped = true;
      await informer.stop();
    },
  };
  for (const verb of ["add", "update"] as const)
    informer.on(verb, (object: KubernetesObject) => {
      followed.events += 1;
      mirror.set(keyOf(object), object);
    });
  informer.on("delete", (object: KubernetesObject) => {
    followed.events += 1;
    mirror.delete(keyOf(object));
  });
  informer.on("error", () => {
    followed.errors += 1;
    if (!stopped) setTimeout(() => void informer.start(), 5);
  });
  await informer.start();
  return followed;
}

test(`stay in step through ${CHANGES} changes with faults`, { timeout: 15 * 60_000 }, async () => {
  const core = config.makeApiClient(CoreV1Api);
  const custom = config.makeApiClient(CustomObjectsApi);
  const preferences = {
    group: "instancetype.kubevirt.io",
    version: "v1beta1",
    plural: "virtualmachinepreferences",
  };
  const informers = [
    await follow("/api/v1/configmaps", "", () => core.listConfigMapForAllNamespaces()),
    await follow(
      "/api/v1/namespaces/default/configmaps",
      "?labelSelector=side%3Dseen",
      () => core.listNamespacedConfigMap({ namespace: "default", labelSelector: "side=seen" }),
      "side=seen",
    ),
    await follow(
      "/apis/instancetype.kubevirt.io/v1beta1/virtualmachinepreferences",
      "?labelSelector=side%21%3Dhidden",
      // its type says object
      () =>
        custom.listClusterCustomObject({ ...preferences, labelSelector: "side!=hidden" }) as Promise<
          KubernetesListObject<KubernetesObject>
        >,
      "side!=hidden",
    ),
  ];
  const random = randomFrom(SEED);
  const every = Math.floor(CHANGES / (KINDS_OF_TROUBLE * Math.max(3, CHANGES / 5_000)));
  let turns = 0;
  const startedMs = Date.now();
  await runChanges(cluster, {
    seed: SEED,
    changes: CHANGES,
    lanes: 8,
    after: (done) => {
      if (done % every === 0) makeTrouble(cluster, turns++, random);
    },
  });
  const seconds = (Date.now() - startedMs) / 1000;
  cluster.sim.faults.clear();
  for (const informer of informers) {
    const wanted = await informer.cluster();
    // where it never comes, what differs is shown below
    await eventually(async () => isDeepStrictEqual(informer.cache(), wanted)).catch(() => {});
    expect(informer.cache()).toEqual(wanted);
    expect(informer.mirror()).toEqual(wanted);
    expect(wanted.size).toBeGreaterThan(50);
    expect(informer.errors).toBeGreaterThan(0);
    await informer.stop();
  }
  expect(turns).toBeGreaterThanOrEqual(2 * KINDS_OF_TROUBLE);
  process.stderr.write(
    `informers: ${CHANGES} changes in ${seconds.toFixed(1)} s (${Math.round(CHANGES / seconds)}/s), ${turns} faults; ` +
      `events ${informers.map(({ events }) => events).join(", ")}; errors ${informers.map(({ errors }) => errors).join(", ")}\n`,
  );
});
