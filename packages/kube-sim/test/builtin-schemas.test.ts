/** Built-in kinds know their fields: decoding, field validation, OpenAPI, merging by the types' own rules. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "./api-caller.ts";
import { startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ scenario: "demo" });
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "fields" } } });
});
afterAll(() => cluster.close());

const DEPLOYMENTS = "/apis/apps/v1/namespaces/fields/deployments";
const CONFIG_MAPS = "/api/v1/namespaces/fields/configmaps";

interface Changes {
  spec?: object;
  container?: object;
  template?: object;
}

const deployment = (name: string, { spec, container, template }: Changes = {}): Record<string, unknown> => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "web:1", ...container }], ...template },
    },
    ...spec,
  },
});

const create = (name: string, changes: Changes, query = ""): Promise<Answer> =>
  cluster.call(`${DEPLOYMENTS}${query}`, { body: deployment(name, changes) });

const apply = (path: string, body: unknown, manager = "m"): Promise<Answer> =>
  cluster.call(`${path}?fieldManager=${manager}`, {
    method: "PATCH",
    body,
    headers: { "content-type": "application/apply-patch+yaml" },
  });

const patch = (path: string, body: unknown, type = "strategic-merge-patch"): Promise<Answer> =>
  cluster.call(path, { method: "PATCH", body, headers: { "content-type": `application/${type}+json` } });

describe("unknown fields", () => {
  test("are dropped with a warning each", async () => {
    const answer = await create("warned", { spec: { repliccas: 2 }, container: { imagee: "x" } });
    expect(answer.code).toBe(201);
    expect(answer.body.spec.repliccas).toBeUndefined();
    expect(answer.body.spec.template.spec.containers[0].imagee).toBeUndefined();
    expect(String(answer.headers["warning"])).toContain(
      '299 - "unknown field \\"spec.template.spec.containers[0].imagee\\""',
    );
    expect(String(answer.headers["warning"])).toContain('unknown field \\"spec.repliccas\\"');
  });

  test("are refused where the client is strict, all in one sentence", async () => {
    const changes = { container: { imagee: "x" }, spec: { repliccas: 2 } };
    const answer = await create("strict", changes, "?fieldValidation=Strict");
    expect(answer.body).toMatchObject({
      code: 400,
      reason: "BadRequest",
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.template.spec.containers[0].imagee", unknown field "spec.repliccas"',
    });
  });

  test("that are given twice count once, and the client hears of it", async () => {
    const text = JSON.stringify(deployment("twin")).replace('"replicas":0', '"replicas":1,"replicas":0');
    const warned = await cluster.call(`${DEPLOYMENTS}?dryRun=All`, { body: text });
    expect(warned.body.spec.replicas).toBe(0);
    expect(warned.headers["warning"]).toBe('299 - "duplicate field \\"spec.replicas\\""');
    const refused = await cluster.call(`${DEPLOYMENTS}?fieldValidation=Strict`, { body: text });
    expect(refused.body.message).toBe(
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: duplicate field "spec.replicas"',
    );
    const nested = JSON.stringify(deployment("twin", { container: { env: [{ name: "A" }, { name: "B" }] } }));
    const inList = await cluster.call(`${DEPLOYMENTS}?fieldValidation=Strict`, {
      body: nested.replace('{"name":"B"}', '{"name":"C", "name" : "B"}'),
    });
    expect(inList.body.message).toContain('duplicate field "spec.template.spec.containers[0].env[1].name"');
  });

  test("go silently where the client asks for that", async () => {
    const answer = await create("silent", { spec: { repliccas: 2 } }, "?fieldValidation=Ignore");
    expect(answer.code).toBe(201);
    expect(answer.headers["warning"]).toBeUndefined();
    expect(answer.body.spec.repliccas).toBeUndefined();
  });

  test("of an applied object are no part of its type, whatever validation is asked for", async () => {
    const answer = await apply(
      `${DEPLOYMENTS}/applied`,
      deployment("applied", { container: { imagee: "x" } }),
    );
    expect(answer.body).toMatchObject({
      code: 500,
      message:
        'failed to create typed patch object (fields/applied; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="web"].imagee: field not declared in schema',
    });
    const custom = await apply("/apis/kubevirt.io/v1/namespaces/fields/virtualmachines/typed", {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: "typed" },
      spec: { runStrateggy: "Halted", template: { spec: { domain: { devices: {} } } } },
    });
    expect(custom.body.message).toBe(
      "failed to create typed patch object (fields/typed; kubevirt.io/v1, Kind=VirtualMachine): .spec.runStrateggy: field not declared in schema",
    );
  });
});

describe("values of a wrong type", () => {
  test.each([
    [
      { spec: { replicas: "two" } },
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      { spec: { replicas: 1.5 } },
      "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      { container: { env: [{ name: "A", value: 1 }] } },
      "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string",
    ],
    [
      { container: { imagePullPolicy: true } },
      "json: cannot unmarshal bool into Go struct field Container.spec.template.spec.containers.imagePullPolicy of type v1.PullPolicy",
    ],
    [
      { template: { nodeSelector: { zone: 1 } } },
      "json: cannot unmarshal number into Go struct field PodSpec.spec.template.spec.nodeSelector of type string",
    ],
    [
      { template: { containers: {} } },
      "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
    ],
    [
      { container: { resources: { limits: { cpu: "many" } } } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      { container: { livenessProbe: { httpGet: { port: [] } } } },
      "json: cannot unmarshal array into Go value of type int32",
    ],
  ])("%j", async (changes, message) => {
    const answer = await create("typed", changes);
    expect(answer.body).toMatchObject({
      code: 400,
      reason: "BadRequest",
      message: `Deployment in version "v1" cannot be handled as a Deployment: ${message}`,
    });
  });

  test("are told of as the patch's when a patch brings them", async () => {
    await create("patched", {});
    const answer = await patch(`${DEPLOYMENTS}/patched`, { spec: { replicas: "two" } }, "merge-patch");
    expect(answer.code).toBe(422);
    expect(answer.body.message).toMatch(
      /^ "" is invalid: patch: Invalid value: "\{.*\}": json: cannot unmarshal/,
    );
    expect(answer.body.details.causes[0].field).toBe("patch");
  });
});

describe("merging follows the types", () => {
  const ports = [
    { containerPort: 53, protocol: "TCP" },
    { containerPort: 53, protocol: "UDP" },
  ];
  const portsOf = (answer: Answer): unknown => answer.body.spec.template.spec.containers[0].ports;

  test("applied ports are known by number and protocol", async () => {
    const path = `${DEPLOYMENTS}/dns`;
    const first = await apply(path, deployment("dns", { container: { ports } }));
    expect(first.code).toBe(201);
    const fields = JSON.stringify(first.body.metadata.managedFields[0].fieldsV1);
    expect(fields).toContain(JSON.stringify('k:{"containerPort":53,"protocol":"UDP"}'));
    const second = await apply(path, deployment("dns", { container: { ports: [ports[1]] } }), "other");
    expect(portsOf(second)).toHaveLength(2);
    expect(portsOf(second)).toEqual(ports);
    const third = await apply(path, deployment("dns", { container: { ports: [ports[0]] } }));
    expect(portsOf(third)).toEqual(ports); // the other still owns the second
    // a port without a protocol is the TCP one
    const fourth = await apply(
      path,
      deployment("dns", { container: { ports: [{ containerPort: 53, name: "dns" }] } }),
    );
    expect(portsOf(fourth)).toEqual([
      { containerPort: 53, protocol: "TCP", name: "dns" },
      { containerPort: 53, protocol: "UDP" },
    ]);
  });

  test("a selector has one owner as a whole", async () => {
    const made = await apply(`${DEPLOYMENTS}/atomic`, deployment("atomic"));
    const { fieldsV1 } = made.body.metadata.managedFields[0];
    expect(fieldsV1["f:spec"]["f:selector"]).toEqual({});
    expect(fieldsV1["f:spec"]["f:template"]["f:metadata"]["f:labels"]).toEqual({ "f:app": {} });
  });

  test("entries of a keyed list are applied once and with their keys", async () => {
    const env = [{ name: "A" }, { name: "A" }];
    const twice = await apply(`${DEPLOYMENTS}/twice`, deployment("twice", { container: { env } }));
    expect(twice.body.message).toContain(
      '.spec.template.spec.containers[name="web"].env: duplicate entries for key [name="A"]',
    );
    const nameless = await apply(`${DEPLOYMENTS}/twice`, deployment("twice", { container: { env: [{}] } }));
    expect(nameless.body.message).toContain(
      'element 0: associative list with keys has an element that omits key field "name"',
    );
  });

  test("strategic patches merge, replace and keep as the tags say", async () => {
    const path = `${DEPLOYMENTS}/strategic`;
    await create("strategic", { container: { env: [{ name: "A", value: "1" }], args: ["a"] } });
    const changed = await patch(path, {
      spec: {
        template: {
          spec: {
            containers: [{ name: "web", env: [{ name: "B", value: "2" }], args: ["b"] }],
            volumes: [{ name: "v", emptyDir: {} }],
          },
        },
      },
    });
    const { containers } = changed.body.spec.template.spec;
    expect(containers).toMatchObject([{ image: "web:1", args: ["b"] }]);
    expect(containers[0].env.map(({ name }: { name: string }) => name).toSorted()).toEqual(["A", "B"]);
    const kept = await patch(path, {
      spec: {
        template: {
          spec: { volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/x" } }] },
        },
      },
    });
    expect(kept.body.spec.template.spec.volumes).toEqual([{ name: "v", hostPath: { path: "/x", type: "" } }]);
  });
});

describe("OpenAPI", () => {
  test("version 3 has every model that a group refers to", async () => {
    const { body } = await cluster.call("/openapi/v3/apis/apps/v1");
    const { schemas } = body.components;
    const pod = schemas["io.k8s.api.core.v1.PodSpec"];
    expect(pod.properties.containers).toMatchObject({
      items: { $ref: "#/components/schemas/io.k8s.api.core.v1.Container" },
      "x-kubernetes-list-map-keys": ["name"],
      "x-kubernetes-patch-merge-key": "name",
    });
    const missing = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g)]
      .map(([, name = ""]) => name)
      .filter((name) => schemas[name] === undefined);
    expect(missing).toEqual([]);
    expect(JSON.stringify(body)).not.toContain('"go":');
  });

  test("version 2 has all of them, and the groups of custom kinds the models of metadata", async () => {
    const { body } = await cluster.call("/openapi/v2");
    const missing = [...JSON.stringify(body).matchAll(/"#\/definitions\/([^"]+)"/g)]
      .map(([, name = ""]) => name)
      .filter((name) => body.definitions[name] === undefined);
    expect(missing).toEqual([]);
    expect(body.definitions["io.k8s.api.apps.v1.Deployment"]).toMatchObject({
      properties: { spec: { $ref: "#/definitions/io.k8s.api.apps.v1.DeploymentSpec" } },
      "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Deployment" }],
    });
    const custom = await cluster.call("/openapi/v3/apis/kubevirt.io/v1");
    expect(
      custom.body.components.schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"].properties.labels,
    ).toMatchObject({ type: "object" });
  });
});

test("everything that the demo stores has a place in its type", async () => {
  const groups = await cluster.call("/apis");
  const paths = ["/api/v1"];
  for (const { name, preferredVersion } of groups.body.groups) {
    if (!name.includes("kubevirt") && name !== "kubeovn.io" && name !== "metrics.k8s.io")
      paths.push(`/apis/${preferredVersion.groupVersion}`);
  }
  const faults: string[] = [];
  let checked = 0;
  for (const path of paths) {
    const { body: group } = await cluster.call(path);
    for (const resource of group.resources) {
      if (resource.name.includes("/") || !resource.verbs?.includes("update")) continue;
      const list = await cluster.call(`${path}/${resource.name}`);
      for (const object of list.body.items ?? []) {
        const { namespace, name } = object.metadata;
        const at = `${path}/${namespace === undefined ? "" : `namespaces/${namespace}/`}${resource.name}/${name}`;
        const answer = await cluster.call(`${at}?fieldValidation=Strict&dryRun=All`, {
          method: "PUT",
          body: { apiVersion: path.replace(/^\/apis?\//, ""), kind: resource.kind, ...object },
        });
        checked += 1;
        // an object that has moved or gone meanwhile was read all the same
        if (![200, 404, 409].includes(answer.code)) faults.push(`${at}: ${answer.body.message}`);
      }
    }
  }
  expect(faults).toEqual([]);
  expect(checked).toBeGreaterThan(100);
});

test("bytes that are not base64 are refused as Go refuses them", async () => {
  const answer = await cluster.call("/api/v1/namespaces/fields/secrets", {
    body: { metadata: { name: "bad" }, data: { key: "a b" } },
  });
  expect(answer.body.message).toBe(
    'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 1',
  );
  const fine = await cluster.call(CONFIG_MAPS, { body: { metadata: { name: "fine" }, data: { key: null } } });
  expect(fine.body.data).toEqual({ key: "" });
});
