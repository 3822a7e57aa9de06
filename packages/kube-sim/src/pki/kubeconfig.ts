/** Writes kubeconfig files. */
import { stringify } from "yaml";

export interface KubeconfigUser {
  name: string;
  credential: { token: string } | { certPem: string; keyPem: string };
}

const base64 = (pem: string): string => Buffer.from(pem).toString("base64");

export function kubeconfigText(server: string, caPem: string, user: KubeconfigUser): string {
  const { credential } = user;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kube-sim", cluster: { server, "certificate-authority-data": base64(caPem) } }],
    users: [
      {
        name: user.name,
        user:
          "token" in credential
            ? { token: credential.token }
            : {
                "client-certificate-data": base64(credential.certPem),
                "client-key-data": base64(credential.keyPem),
              },
      },
    ],
    contexts: [{ name: "kube-sim", context: { cluster: "kube-sim", user: user.name } }],
    "current-context": "kube-sim",
  });
}
