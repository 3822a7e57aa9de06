/**
 * A process that watches: opens so many watches of a path, counts the events and bytes of each, and says how late the
 * events came. Reads from its arguments: URL with query, kubeconfig, number of watches, events that each is to see.
 */
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { parse } from "yaml";

const [, , url = "", kubeconfig = "", watches = "1", wanted = "1"] = process.argv;

interface Kubeconfig {
  clusters: { cluster: { "certificate-authority-data": string } }[];
  users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

const config = parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig; // written by kube-sim
const decoded = (text: string | undefined): string => Buffer.from(text ?? "", "base64").toString();
const tls = {
  ca: decoded(config.clusters[0]?.cluster["certificate-authority-data"]),
  cert: decoded(config.users[0]?.user["client-certificate-data"]),
  key: decoded(config.users[0]?.user["client-key-data"]),
};

const lagsMs: number[] = [];
let bytes = 0;

/** Resolves when the watch has seen what it is to see. */
const watch = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = get(url, tls, (response) => {
      let seen = 0;
      let rest = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        bytes += Buffer.byteLength(text);
        const now = Date.now();
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          const sentAt = /"sentAt":"(\d+)"/.exec(line)?.[1];
          if (sentAt === undefined) continue;
          seen += 1;
          lagsMs.push(now - Number(sentAt));
        }
        if (seen < Number(wanted)) return;
        request.destroy();
        resolve();
      });
      response.on("error", reject);
    });
    request.on("error", reject);
    request.on("response", () => process.stdout.write("open\n"));
  });

await Promise.all(Array.from({ length: Number(watches) }, watch));
lagsMs.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    events: lagsMs.length,
    bytes,
    p50LagMs: lagsMs[Math.floor(lagsMs.length * 0.5)],
    p99LagMs: lagsMs[Math.floor(lagsMs.length * 0.99)],
    worstLagMs: lagsMs.at(-1),
  })}\n`,
);
