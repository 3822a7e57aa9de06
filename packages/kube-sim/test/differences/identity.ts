/** Differences of identities and tokens that a request shows. */
import type { TestCluster } from "../cluster.ts";
import type { Difference } from "./difference.ts";

const accounts = "/api/v1/namespaces/default/serviceaccounts";

async function tokenStatus(cluster: TestCluster, expirationSeconds: number) {
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } };
  await cluster.call(accounts, { body: account });
  const { body } = await cluster.call(`${accounts}/robot/token`, {
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds } },
  });
  return body.status;
}

export const identity: readonly Difference[] = [
  {
    id: "tokens-es256",
    stillDiffers: async (cluster) => {
      const { token } = await tokenStatus(cluster, 3600);
      const [header = ""] = token.split(".");
      return JSON.parse(Buffer.from(header, "base64url").toString()).alg === "ES256";
    },
  },
  {
    id: "tokens-two-days",
    stillDiffers: async (cluster) => {
      const { expirationTimestamp } = await tokenStatus(cluster, 10 * 24 * 3600);
      return Date.parse(expirationTimestamp) - Date.now() <= 48 * 3600 * 1000;
    },
  },
];
