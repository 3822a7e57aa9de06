/** Differences of the API machinery that a request shows. */
import { connect as connectHttp2 } from "node:http2";
import { absent, type Difference, unimplemented } from "./difference.ts";

const maps = "/api/v1/namespaces/default/configmaps";

export const apiMachinery: readonly Difference[] = [
  {
    id: "no-http2",
    stillDiffers: (cluster) =>
      new Promise((resolve) => {
        const session = connectHttp2(cluster.sim.url, cluster.tls);
        session.once("connect", () => {
          session.destroy();
          resolve(false);
        });
        session.once("error", () => resolve(true));
      }),
  },
  {
    id: "json-answers-only",
    stillDiffers: async (cluster) => {
      const accept = "application/vnd.kubernetes.protobuf,application/json";
      const { headers } = await cluster.call(maps, { headers: { accept } });
      return String(headers["content-type"]).startsWith("application/json");
    },
  },
  {
    id: "no-cbor",
    stillDiffers: async (cluster) =>
      (await cluster.call(maps, { headers: { accept: "application/cbor" } })).code === 406,
  },
  {
    id: "no-descriptions",
    stillDiffers: async (cluster) => {
      const { body } = await cluster.call("/openapi/v2");
      return body.definitions["io.k8s.api.core.v1.PodSpec"].description === undefined;
    },
  },
  {
    id: "no-webhooks",
    stillDiffers: absent("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"),
  },
  {
    id: "no-certificate-requests",
    stillDiffers: absent("/apis/certificates.k8s.io/v1/certificatesigningrequests"),
  },
  { id: "no-flow-control", stillDiffers: absent("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas") },
  { id: "no-pod-attach", stillDiffers: unimplemented("/api/v1/namespaces/default/pods/x/attach") },
  { id: "no-pod-portforward", stillDiffers: unimplemented("/api/v1/namespaces/default/pods/x/portforward") },
  { id: "no-proxies", stillDiffers: unimplemented("/api/v1/namespaces/default/services/x/proxy") },
  {
    id: "no-binding",
    stillDiffers: unimplemented("/api/v1/namespaces/default/pods/x/binding", { method: "POST", body: {} }),
  },
];
