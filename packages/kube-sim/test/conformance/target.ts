/** What the conformance suite is run against: kube-sim, and a real API server where `KUBEBUILDER_ASSETS` names one. */
import type { ApiAccess, ApiCaller } from "../api-caller.ts";
import { connect, startCluster } from "../cluster.ts";
import { startRealApiServer } from "./real-api-server.ts";
import { apiCaller } from "../api-caller.ts";

export interface Target extends ApiCaller {
  access: ApiAccess;
  /** Of `/version`: 36 for 1.36. */
  minor: number;
  /** Whether controllers run: garbage collection, the end of namespaces, the count of quotas. */
  hasControllers: boolean;
  /** Forgets every moment before now, as a compaction does: pages begun earlier have expired. */
  forget: () => Promise<void>;
  /** Whether `forget` reaches what watches are told of the past as well. */
  forgetsChanges: boolean;
}

export interface TargetStarter {
  name: string;
  start: () => Promise<Target>;
}

type Reached = Omit<Target, keyof ApiCaller | "minor"> & { close: () => Promise<void> };

async function reached({ access, close, ...rest }: Reached): Promise<Target> {
  const caller = apiCaller(access);
  const version = await caller.call("/version");
  return {
    access,
    minor: Number.parseInt(String(version.body?.minor), 10),
    ...rest,
    call: caller.call,
    close: async () => {
      await caller.close();
      await close();
    },
  };
}

const kubeSim: TargetStarter = {
  name: "kube-sim",
  start: async () => {
    const cluster = await startCluster();
    const { sim, tls } = connect(cluster.sim);
    return reached({
      access: { url: sim.url, ...tls },
      close: () => cluster.close(),
      hasControllers: true,
      forget: async () => sim.faults.expireVersions(),
      forgetsChanges: true,
    });
  },
};

const assets = process.env["KUBEBUILDER_ASSETS"];

const real: TargetStarter[] =
  assets === undefined
    ? []
    : [
        {
          name: "a real kube-apiserver",
          start: async () => {
            const server = await startRealApiServer(assets);
            return reached({ ...server, forgetsChanges: false });
          },
        },
      ];

export const targets: readonly TargetStarter[] = [kubeSim, ...real];
