/** What reaches the cluster in somebody's name and would change something: a test can say of each request what came of it. */
import type { KubeSim } from "@kubev/kube-sim/start";

export interface DeedsSeen {
  readonly all: number;
  /** Those to whose path this belongs. */
  of(part: string): number;
}

/** What is asked by POST, of rights and of who somebody is, changes nothing. */
const asksOnly = /^\/apis\/(authentication|authorization)\.k8s\.io\//;

export function watchDeeds(sim: KubeSim, userName: string): DeedsSeen {
  const urls: string[] = [];
  sim.onRequest(({ method, url, user }) => {
    if (user !== userName || method === "GET" || asksOnly.test(url) || url.includes("dryRun=")) return;
    urls.push(url);
  });
  return {
    get all() {
      return urls.length;
    },
    of: (part) => urls.filter((url) => url.includes(part)).length,
  };
}
