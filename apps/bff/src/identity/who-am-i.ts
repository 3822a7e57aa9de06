/** Asks the cluster who a credential belongs to. Its answer is the only source of names and groups for tokens. */
import type { ActingIdentity } from "../kube/acting-identity.ts";
import type { ClusterEndpoint } from "../kube/cluster-endpoint.ts";
import { KubeClient } from "../kube/kube-client.ts";
import { kubePath } from "../kube/kube-path.ts";
import type { Person } from "./session.ts";

interface SelfSubjectReview {
  status?: {
    userInfo?: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
  };
}

/** @throws KubeError 401 when the cluster does not accept it */
export async function whoAmI(
  endpoint: ClusterEndpoint,
  identity: ActingIdentity,
  timeoutMs = 10_000,
): Promise<Person> {
  const client = new KubeClient(endpoint, () => identity);
  const review = await client.json<SelfSubjectReview>(
    kubePath("apis", "authentication.k8s.io", "v1", "selfsubjectreviews"),
    {
      method: "POST",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
      timeoutMs,
      asks: true,
    },
  );
  const user = review.status?.userInfo;
  const userName = user?.username ?? "";
  return {
    userName,
    displayName: userName,
    groups: user?.groups ?? [],
    uid: user?.uid,
    extra: user?.extra,
  };
}
