/** Secrets as a project has them, and what uses them: each value holds the canary, which no answer may. */
export const project = "web-shop";
/** In every value; it may leave the server only where somebody asked to see it. */
export const canary = "canary-5f1d";
export const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");

/** A public key as ssh-keygen writes it. */
export function publicKey(comment: string): string {
  const type = "ssh-ed25519";
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([part(Buffer.from(type)), part(Buffer.alloc(32, 7))]);
  return `${type} ${blob.toString("base64")} ${comment}`;
}

const secret = (name: string, type: string, data: Record<string, string>, rest: object = {}) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: project, ...rest },
  type,
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});

const names = { env: [{ name: "CERT", valueFrom: { secretKeyRef: { name: "web-cert", key: "tls.crt" } } }] };
const podTemplate = {
  metadata: { labels: { app: "idle" } },
  spec: { containers: [{ name: "web", image: "registry.example.org/web:1", ...names }] },
};
const idle = (apiVersion: string, kind: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: { name: "idle", namespace: project },
  spec,
});
const matching = { selector: { matchLabels: { app: "idle" } }, template: podTemplate };

/** What uses a secret although no pod of it runs; a machine with values of its own among them. */
export const idleUsers = [
  idle("apps/v1", "Deployment", { replicas: 0, ...matching }),
  idle("apps/v1", "StatefulSet", { replicas: 0, serviceName: "idle", ...matching }),
  idle("apps/v1", "DaemonSet", {
    ...matching,
    template: { ...podTemplate, spec: { ...podTemplate.spec, nodeSelector: { "example.org/none": "here" } } },
  }),
  idle("batch/v1", "Job", {
    suspend: true,
    template: { ...podTemplate, spec: { ...podTemplate.spec, restartPolicy: "Never" } },
  }),
  idle("batch/v1", "CronJob", {
    schedule: "0 0 1 1 *",
    suspend: true,
    jobTemplate: {
      spec: { template: { ...podTemplate, spec: { ...podTemplate.spec, restartPolicy: "Never" } } },
    },
  }),
  idle("cdi.kubevirt.io/v1beta1", "DataImportCron", {
    schedule: "0 0 1 1 *",
    managedDataSource: "idle",
    template: {
      spec: {
        source: { registry: { url: "docker://registry.example.org/disk", secretRef: "web-cert" } },
        storage: {},
      },
    },
  }),
  idle("kubevirt.io/v1", "VirtualMachine", {
    runStrategy: "Halted",
    template: {
      spec: {
        domain: { devices: {}, memory: { guest: "128Mi" } },
        volumes: [
          { name: "answers", sysprep: { secret: { name: "web-cert" } } },
          { name: "init", cloudInitNoCloud: { userData: `#cloud-config\npassword: ${canary}\n` } },
        ],
      },
    },
  }),
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "told-live", namespace: project },
    data: { a: canary },
  },
];

export const secretObjects = [
  secret("team-keys", "Opaque", { ann: publicKey(`ann-${canary}`) }),
  secret("not-only-keys", "Opaque", { ann: publicKey("ann"), password: canary }),
  secret("first-boot", "Opaque", { userdata: `#cloud-config\npassword: ${canary}\n` }),
  secret("pull", "kubernetes.io/dockerconfigjson", { ".dockerconfigjson": `{"auths":{"${canary}":{}}}` }),
  secret("web-login", "kubernetes.io/basic-auth", { username: "ann", password: canary }),
  secret("web-cert", "kubernetes.io/tls", { "tls.crt": canary, "tls.key": canary }),
  secret(
    "robot",
    "kubernetes.io/service-account-token",
    { token: canary },
    {
      annotations: { "kubernetes.io/service-account.name": "robot" },
    },
  ),
  { ...secret("sealed", "Opaque", { a: canary }), immutable: true },
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "robot", namespace: project },
    imagePullSecrets: [{ name: "pull" }],
  },
  {
    apiVersion: "cdi.kubevirt.io/v1beta1",
    kind: "DataVolume",
    metadata: { name: "imported", namespace: project },
    spec: { source: { http: { url: "https://example.org/a.qcow2", secretRef: "web-login" } } },
  },
  {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name: "keyed", namespace: project },
    spec: {
      runStrategy: "Halted",
      template: {
        spec: {
          domain: { devices: {}, memory: { guest: "128Mi" } },
          accessCredentials: [
            {
              sshPublicKey: {
                source: { secret: { secretName: "team-keys" } },
                propagationMethod: { noCloud: {} },
              },
            },
          ],
          volumes: [{ name: "init", cloudInitNoCloud: { secretRef: { name: "first-boot" } } }],
        },
      },
    },
  },
];
