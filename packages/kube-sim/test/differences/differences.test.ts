/**
 * docs/sim-differences.md against kube-sim: every row that a request can show is shown, and a row that no longer holds, or
 * that has no proof, fails. Rows below "What no request shows" need none.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCluster, type TestCluster } from "../cluster.ts";
import { apiMachinery } from "./api-machinery.ts";
import { identity } from "./identity.ts";
import { kubeOvn } from "./kube-ovn.ts";
import { kubeVirt } from "./kubevirt.ts";
import { storage } from "./storage.ts";
import { workloads } from "./workloads.ts";

const document = readFileSync(join(import.meta.dirname, "../../../../docs/sim-differences.md"), "utf8");
const [shown = "", unseen = ""] = document.split("\n## What no request shows\n");
const rowsOf = (text: string): string[] =>
  [...text.matchAll(/^- `([a-z0-9-]+)`: /gm)].map(([, id = ""]) => id);
const differences = [...apiMachinery, ...workloads, ...kubeVirt, ...kubeOvn, ...storage, ...identity];

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

describe("docs/sim-differences.md", () => {
  test("every row has its proof, and every proof its row", () => {
    expect(rowsOf(shown).toSorted()).toEqual(differences.map(({ id }) => id).toSorted());
  });

  test("marks each row, once", () => {
    const all = rowsOf(document);
    expect(all).toEqual([...new Set(all)]);
    expect(rowsOf(unseen).length).toBeGreaterThan(0);
    const parts = document.slice(document.indexOf("\n## API machinery\n"));
    expect(parts.match(/^- (?!`[a-z0-9-]+`: )/gm) ?? []).toEqual([]);
  });

  test.each(differences)("$id still differs", async ({ stillDiffers }) => {
    expect(await stillDiffers(cluster)).toBe(true);
  });
});
