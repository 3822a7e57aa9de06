/** Differences of the API machinery that a request shows. */
import { request as httpsRequest } from "node:https";
import { connect as connectTls } from "node:tls";
import type { TestCluster } from "../cluster.ts";
import { absent, type Difference, unimplemented } from "./difference.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** A definition with one rule, or another way to convert. */
const definition = (plural: string, rule?: string, conversion?: object): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.differences.example.com` },
  spec: {
    group: "differences.example.com",
    scope: "Namespaced",
    names: { plural, kind: plural },
    ...(conversion === undefined ? {} : { conversion }),
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  text: { type: "string" },
                  list: { type: "array", items: { type: "array", items: { type: "string" } } },
                },
                ...(rule === undefined ? {} : { "x-kubernetes-validations": [{ rule, message: "no" }] }),
              },
            },
          },
        },
      },
    ],
  },
});

const pod = async (cluster: TestCluster, name: string): Promise<string> => {
  const pods = "/api/v1/namespaces/default/pods";
  await cluster.call(pods, {
    body: { metadata: { name }, spec: { containers: [{ name: "c", image: "c:1" }] } },
  });
  return `${pods}/${name}`;
};

/** The status code of an upgrade to SPDY. */
const spdy = (cluster: TestCluster, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const question = httpsRequest(new URL(path, cluster.sim.url), {
      ...cluster.tls,
      method: "POST",
      headers: {
        connection: "Upgrade",
        upgrade: "SPDY/3.1",
        "x-stream-protocol-version": "v4.channel.k8s.io",
      },
    });
    question.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    question.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    question.on("error", reject);
    question.end();
  });

export const apiMachinery: readonly Difference[] = [
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
    id: "no-http2",
    // Of what a client offers by ALPN, best first, a real server takes h2.
    stillDiffers: async (cluster) => {
      const chosen = (protocols: string[]) =>
        new Promise<string | false | null>((resolve, reject) => {
          const { hostname, port } = new URL(cluster.sim.url);
          const socket = connectTls({
            host: hostname,
            port: Number(port),
            ...cluster.tls,
            ALPNProtocols: protocols,
          });
          socket.once("secureConnect", () => {
            resolve(socket.alpnProtocol);
            socket.destroy();
          });
          socket.once("error", reject);
        });
      return (await chosen(["h2", "http/1.1"])) === "http/1.1";
    },
  },
  {
    id: "no-descriptions",
    stillDiffers: async (cluster) => {
      const { body } = await cluster.call("/openapi/v2");
      return body.definitions["io.k8s.api.core.v1.PodSpec"].description === undefined;
    },
  },
  {
    id: "cel-unknown-libraries",
    stillDiffers: async (cluster) => {
      const rule = "url(self.text).getHost() != ''";
      return (await cluster.call(DEFINITIONS, { body: definition("urls", rule) })).code === 422;
    },
  },
  {
    id: "cel-no-cost-limits",
    stillDiffers: async (cluster) => {
      // a list without a bound in a list without one: a real server refuses what could cost so much
      const rule = "self.list.all(a, self.list.all(b, a.all(x, b.all(y, x != y + 'z'))))";
      return (await cluster.call(DEFINITIONS, { body: definition("costs", rule) })).code === 201;
    },
  },
  {
    id: "no-conversion-webhooks",
    stillDiffers: async (cluster) => {
      const conversion = {
        strategy: "Webhook",
        webhook: { conversionReviewVersions: ["v1"], clientConfig: { url: "https://127.0.0.1:9/convert" } },
      };
      await cluster.call(DEFINITIONS, { body: definition("hooked", undefined, conversion) });
      const { code } = await cluster.call("/apis/differences.example.com/v1/namespaces/default/hooked");
      return code === 200;
    },
  },
  {
    id: "installed-definitions-open",
    stillDiffers: async (cluster) => {
      const { body } = await cluster.call(`${DEFINITIONS}/virtualmachines.kubevirt.io`);
      return body.spec.versions[0].schema.openAPIV3Schema.properties === undefined;
    },
  },
  {
    id: "installed-definitions-inert",
    stillDiffers: async (cluster) => {
      await cluster.call(`${DEFINITIONS}/vpc-dnses.kubeovn.io`, { method: "DELETE" });
      return (await cluster.call("/apis/kubeovn.io/v1/vpc-dnses")).code === 200;
    },
  },
  { id: "no-autoscaling", stillDiffers: absent("/apis/autoscaling/v2/horizontalpodautoscalers") },
  { id: "no-ingress", stillDiffers: absent("/apis/networking.k8s.io/v1/ingresses") },
  {
    id: "no-admission-webhooks",
    stillDiffers: absent("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"),
  },
  {
    id: "no-certificate-requests",
    stillDiffers: absent("/apis/certificates.k8s.io/v1/certificatesigningrequests"),
  },
  { id: "no-flow-control", stillDiffers: absent("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas") },
  {
    id: "no-pod-attach",
    stillDiffers: async (cluster) =>
      unimplemented(`${await pod(cluster, "attached")}/attach`, { method: "POST", body: {} })(cluster),
  },
  {
    id: "no-pod-portforward",
    stillDiffers: async (cluster) =>
      unimplemented(`${await pod(cluster, "forwarded")}/portforward`, { method: "POST", body: {} })(cluster),
  },
  { id: "no-proxies", stillDiffers: unimplemented("/api/v1/namespaces/default/services/x/proxy") },
  {
    id: "no-binding",
    stillDiffers: async (cluster) =>
      unimplemented(`${await pod(cluster, "bound")}/binding`, { method: "POST", body: {} })(cluster),
  },
  {
    id: "no-resize",
    stillDiffers: async (cluster) => unimplemented(`${await pod(cluster, "resized")}/resize`)(cluster),
  },
  {
    id: "no-spdy",
    stillDiffers: async (cluster) => {
      const path = await pod(cluster, "spdy");
      return (await spdy(cluster, `${path}/exec?command=sh&container=c&stdout=true`)) === 501;
    },
  },
  {
    id: "rules-not-merged",
    stillDiffers: async (cluster) => {
      const roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
      for (const verb of ["get", "list"]) {
        await cluster.call(`${roles}/roles`, {
          body: {
            metadata: { name: verb },
            rules: [{ apiGroups: [""], resources: ["pods"], verbs: [verb] }],
          },
        });
        await cluster.call(`${roles}/rolebindings`, {
          body: {
            metadata: { name: verb },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: verb },
            subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "merged" }],
          },
        });
      }
      const { body } = await cluster.call("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
        as: "merged",
        body: { spec: { namespace: "default" } },
      });
      const ofPods = body.status.resourceRules.filter(({ resources }: { resources: string[] }) =>
        resources.includes("pods"),
      );
      return ofPods.length === 2;
    },
  },
  {
    id: "no-system-roles",
    stillDiffers: absent("/apis/rbac.authorization.k8s.io/v1/clusterroles/system:kube-scheduler"),
  },
  {
    id: "registry-secret-words",
    stillDiffers: async (cluster) => {
      const { code, body } = await cluster.call("/api/v1/namespaces/default/secrets", {
        body: {
          metadata: { name: "registry" },
          type: "kubernetes.io/dockerconfigjson",
          stringData: { ".dockerconfigjson": "{x" },
        },
      });
      const value = 'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ';
      return (
        code === 422 && body.message === `Secret "registry" is invalid: ${value}invalid character in JSON`
      );
    },
  },
];
