/** A row of docs/sim-differences.md, and what shows that kube-sim still differs so. */
import type { TestCluster } from "../cluster.ts";

export interface Difference {
  /** The row's mark in the document: `- \`no-http2\`: …`. */
  id: string;
  /** Whether kube-sim still differs as the row says; a row that no longer holds fails the suite. */
  stillDiffers: (cluster: TestCluster) => Promise<boolean>;
}

/** A path that kube-sim answers with 501, by what is asked of it. */
export const unimplemented =
  (path: string, call: Parameters<TestCluster["call"]>[1] = {}): Difference["stillDiffers"] =>
  async (cluster) =>
    (await cluster.call(path, call)).code === 501;

/** A group or kind that is not there. */
export const absent =
  (path: string): Difference["stillDiffers"] =>
  async (cluster) =>
    (await cluster.call(path)).code === 404;
